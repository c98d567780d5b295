"""replyUrl: callbacks on progress and at the end, never to private addresses."""

from __future__ import annotations

import asyncio
import http.server
import ipaddress
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.queue import callbacks
from riffusion_tui.studio.queue.callback_client import CallbackClient, CallbackError, is_public
from tests.studio.conftest import Opening, RunningStudio
from tests.waiting import until


class Receiver:
    """A real HTTP server that records requests; `statuses` are its next responses, then 200."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.statuses: list[int] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    async def wait(self, count: int) -> list[Any]:
        await until(lambda: len(self.got) >= count)
        return [body for _, _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "INTERVAL_S", 0.15)
    monkeypatch.setattr(callbacks, "RETRY_DELAYS_S", (0.05, 0.05))


@pytest.mark.usefixtures("quick")
async def test_callbacks_report_progress_and_the_end(opening: Opening, receiver: Receiver) -> None:
    async with opening(allow_private_callbacks=True) as running:
        record = await running.made("slow=0.8 a", replyUrl=receiver.url, replyRef="mine")
        bodies = await receiver.wait(3)
        for _ in range(200):
            if bodies[-1]["status"] == "completed":
                break
            await asyncio.sleep(0.02)
            bodies = await receiver.wait(0)
        assert bodies[-1] == record
        assert bodies[0]["status"] == "generating_audio"
        assert 0 < bodies[1]["progress"] <= 1
        assert {body["replyRef"] for body in bodies} == {"mine"}
        path, headers, _ = receiver.got[0]
        assert path == "/hook?a=1"
        assert headers["Content-Type"] == "application/json"
        assert running.studio.token.reveal() not in str(receiver.got)


@pytest.mark.usefixtures("quick")
async def test_the_final_callback_is_retried_but_not_forever(opening: Opening, receiver: Receiver) -> None:
    async with opening(allow_private_callbacks=True) as running:
        receiver.statuses = [500, 302]
        await running.made("an error", replyUrl=receiver.url)
        bodies = await receiver.wait(3)
        assert [body["status"] for body in bodies] == ["failed"] * 3
        receiver.statuses = [500] * 10
        await running.made("b", replyUrl=receiver.url)
        await receiver.wait(6)
        await asyncio.sleep(0.3)
        assert len(receiver.got) == 6


async def test_an_unsent_final_callback_is_sent_after_the_next_start(
    opening: Opening, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.statuses = [500]
    monkeypatch.setattr(callbacks, "RETRY_DELAYS_S", (60.0,))
    async with opening(allow_private_callbacks=True) as running:
        await running.made("a", replyUrl=receiver.url)
        await receiver.wait(1)
    async with opening(allow_private_callbacks=True):
        assert len(await receiver.wait(2)) == 2


@pytest.mark.usefixtures("quick")
async def test_a_cancelled_job_sends_at_most_one_more_callback(opening: Opening, receiver: Receiver) -> None:
    async with opening(allow_private_callbacks=True) as running:
        job = (await running.create("slow=9", replyUrl=receiver.url)).json()
        await running.client.delete(f"/v1/riffusion/scheduler/{job['job_id']}")
        count = len(receiver.got)
        await running.ended(**job)
        await asyncio.sleep(0.3)
        assert len(receiver.got) - count <= 1


async def test_every_spelling_of_a_private_address_is_refused_at_once(
    running: RunningStudio, receiver: Receiver
) -> None:
    port = receiver.server.server_port
    for host in ("2130706433", "0x7f.1", "127.1", "017700000001", "127.0.0.1.", "[fec0::1]", "168.63.129.16"):
        assert (await running.create("a", replyUrl=f"http://{host}:{port}/")).status_code == 400, host
    assert receiver.got == []


@pytest.mark.usefixtures("quick")
async def test_a_name_that_resolves_to_a_private_address_is_not_called(
    running: RunningStudio, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *requested, **more: there)
    record = await running.made("a", replyUrl=f"http://inside.example:{receiver.server.server_port}/")
    assert record["status"] == "completed"
    await asyncio.sleep(0.4)
    assert receiver.got == []


@pytest.mark.usefixtures("quick")
async def test_hanging_receivers_delay_neither_others_nor_shutdown(opening: Opening, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as deaf:  # accepts connections, and never answers
        async with opening(allow_private_callbacks=True) as running:
            client = running.studio._callbacks._client
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            hanging = [asyncio.create_task(client.post(url, b"{}")) for _ in range(24)]
            await running.made("a", replyUrl=url)
            await asyncio.sleep(0.1)
            began = time.monotonic()
            await client.post(receiver.url, b"{}")
            assert time.monotonic() - began < 3
            began = time.monotonic()
        assert time.monotonic() - began < 3
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_an_unknown_host_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*requested: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CallbackError, match=r"^Name or service not known$"):
        await CallbackClient(allow_private=True).post("http://nowhere.example/", b"{}")


async def test_a_hanging_resolver_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *requested, **more: held.wait(5) and [])
    with pytest.raises(CallbackError, match=r"^no response in time$"):
        await CallbackClient(allow_private=True, connect_s=0.1).post("http://slow.example/", b"{}")
    held.set()
    await asyncio.sleep(0.05)


INSIDE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1"),
    *("fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1", "2001:0:7f00:1::", "::127.0.0.1"),
    *("fec0::1", "feff::1", "168.63.129.16", "192.0.0.192", "::ffff:168.63.129.16", "64:ff9b:1::a00:1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


async def test_every_address_of_a_name_is_checked_and_the_checked_one_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested: list[str] = []
    answers = [["93.184.215.14", "127.0.0.1"], ["127.0.0.1"]]

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host != "rebinding.example":
            return real(host, port, *args, **kwargs)
        requested.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    client = CallbackClient(allow_private=False)
    with pytest.raises(CallbackError, match="not public"):
        await client.post(f"http://rebinding.example:{receiver.server.server_port}/", b"{}")
    assert receiver.got == []
    free = CallbackClient(allow_private=True)
    await free.post(f"http://rebinding.example:{receiver.server.server_port}/", b"{}")
    # One lookup per call: no second lookup could return another address.
    assert len(requested) == 2
    assert receiver.got[0][1]["Host"].startswith("rebinding.example:")


@pytest.mark.parametrize("answer", [b"", b"hello\r\n\r\n", b"HTTP/1.1 \r\n", b"x" * 5000, b"HTTP/1.1 500 No\r\n\r\n"])
async def test_an_invalid_response_is_an_error(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = CallbackClient(allow_private=True)
    async with server:
        with pytest.raises(CallbackError):
            await client.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", b"{}")


async def test_a_receiver_that_does_not_answer_times_out() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with_pause = b"HTTP/1.1 2"
        try:
            for byte in with_pause * 100:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = CallbackClient(allow_private=True, whole_s=0.4)
    async with server:
        began = time.monotonic()
        with pytest.raises(CallbackError):
            await client.post(f"http://127.0.0.1:{port}/", b"{}")
        assert time.monotonic() - began < 1.5
        with pytest.raises(CallbackError):
            await client.post(f"https://127.0.0.1:{port}/", b"{}")
    with pytest.raises(CallbackError):
        await client.post(f"http://127.0.0.1:{port}/", b"{}")
    with pytest.raises(CallbackError, match="http or https"):
        await client.post("ftp://example.com/", b"{}")


def test_the_moderation_list_is_created_and_edits_are_reloaded(tmp_path: Path) -> None:
    from riffusion_tui.studio.queue.moderation import Moderation

    file = tmp_path / "moderation.txt"
    moderation = Moderation(file)
    assert moderation.flagged("Studio-Test-Flagged!")
    assert not moderation.flagged("a song that kills all pain, for children")
    assert file.read_text().startswith("# Words that this studio refuses")
    file.write_text("# mine\n\nbad  word\nsnow*\n*\n(x\n")
    assert moderation.flagged("a BAD\nword")
    assert moderation.flagged("it is Snowing")
    assert moderation.flagged("(x")
    assert not moderation.flagged("badword, studio-test-flagged")
    file.unlink()
    file.mkdir()
    assert moderation.flagged("bad word")
    file.rmdir()
    os.mkfifo(file)
    assert moderation.flagged("bad word")
    file.unlink()
    file.write_text("#\n")
    assert not moderation.flagged("bad word")
