"""The studio on a real port: its address, its guards, its shutdown. One server process for all tests."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio import serve
from tests.studio.conftest import BASE, TONE

HERE = Path(__file__).parents[2]
TOKEN = "user:1234-canary-token"
_CODE = f"""
import sys
from pathlib import Path
from riffusion_tui.studio import serve
from riffusion_tui.studio.http import bounded_protocol
from riffusion_tui.studio.studio_settings import StudioSettings
bounded_protocol.HEADERS_S = 1.0
bounded_protocol.WRITE_S = 1.0
bounded_protocol.DISCARDS_S = 5.0
bounded_protocol.CONNECTIONS = 40
from riffusion_tui.studio.http import asgi
asgi.BODY_S = 1.0
serve.serve(StudioSettings(Path(sys.argv[1]), engine={TONE!r}), allowed_hosts=("studio.example",))
"""


@dataclass
class Server:
    port: int
    process: subprocess.Popen[str]
    folder: Path

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, data, {"Content-Type": "application/json", **sent})
        answer = connection.getresponse()
        found = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)


def start(folder: Path, **environment: str) -> Server:
    with (folder.parent / "stderr").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", _CODE, str(folder)],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **environment},
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)\n", line)
    assert match is not None, (folder.parent / "stderr").read_text()
    return Server(int(match[1]), process, folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start(tmp_path_factory.mktemp("serve") / "studio", RIFFUSION_TUI_STUDIO_TOKEN=TOKEN)
    yield server
    server.process.terminate()
    rest, _ = server.process.communicate(timeout=60)
    assert server.process.returncode == 0
    assert rest == ""
    log = (server.folder.parent / "stderr").read_text()
    assert "Traceback" not in log
    assert "canary" not in log
    assert "sig=" not in log


def test_the_documented_curl_command_works(server: Server) -> None:
    command = [
        *("curl", "-s", "-H", "Accept: application/json", "-H", "Content-Type: application/json"),
        *("-H", f"Authorization: Bearer {TOKEN}", "-X", "POST"),
        *(f"http://127.0.0.1:{server.port}/v1/riffusion/create-prompt", "-d", '{"prompt": "…"}'),
    ]
    try:
        answer = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    except FileNotFoundError:
        status, _, body = server.call("POST", "/v1/riffusion/create-prompt", {"prompt": "…"})
        answer = json.loads(body)
        assert status == 200
    assert set(answer) == {"job_id", "user_id"}


def test_a_song_from_prompt_to_bytes(server: Server) -> None:
    status, _, body = server.call("POST", f"{BASE}/music/create-prompt", {"prompt": "a tone"})
    assert status == 200
    job = json.loads(body)
    record: dict[str, Any] = {"status": ""}
    for _ in range(250):
        record = json.loads(server.call("GET", f"{BASE}/music/?id={job['job_id']}")[2])[0]
        if record["status"] == "completed":
            break
        time.sleep(0.04)
    assert record["download_url"].startswith(f"http://127.0.0.1:{server.port}/")
    path = record["download_url"].removeprefix(f"http://127.0.0.1:{server.port}")
    status, headers, sound = server.call("GET", path, token=None)
    assert (status, headers["content-type"], sound[:4]) == (200, "audio/mpeg", b"RIFF")
    assert "server" not in headers


def test_the_token_is_always_required(server: Server) -> None:
    for token in (None, "", "wrong", TOKEN[:-1], TOKEN + "x", "é"):
        status, _, body = server.call("GET", f"{BASE}/scheduler", token=token)
        assert (status, json.loads(body)) == (401, {"error": "Unauthorized", "code": 401})
    assert server.call("GET", f"{BASE}/scheduler")[0] == 200
    assert not (server.folder / "token").exists()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "169.254.169.254", "localhost@evil"])
def test_an_unknown_host_header_is_refused(server: Server, host: str) -> None:
    status, _, body = server.call("GET", f"{BASE}/scheduler", Host=host)
    assert (status, json.loads(body)["code"]) == (403, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "[::1]:8123", "studio.example", "127.0.0.1"])
def test_known_host_headers_are_accepted(server: Server, host: str) -> None:
    assert server.call("GET", f"{BASE}/scheduler", Host=host)[0] == 200


def test_requests_from_other_origins_are_refused(server: Server) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:1", "file://"):
        status, headers, _ = server.call("GET", f"{BASE}/scheduler", Origin=origin)
        assert status == 403
        assert not any(name.startswith("access-control") for name in headers)
    assert server.call("OPTIONS", f"{BASE}/scheduler", Origin="https://evil.example")[0] == 403
    assert server.call("GET", f"{BASE}/scheduler", Origin=f"http://127.0.0.1:{server.port}")[0] == 200


def test_too_long_a_body_is_cut_off(server: Server) -> None:
    status, _, body = server.call("POST", f"{BASE}/music/create-prompt", {"prompt": "x" * 300_000})
    assert (status, json.loads(body)["code"]) == (413, 413)
    with server.raw() as endless:
        endless.sendall(_head("POST", f"{BASE}/create-prompt", "Transfer-Encoding: chunked"))
        for _ in range(400):
            endless.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        assert endless.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("more", [(), ("Connection: close",)])
def test_a_client_that_sends_a_far_too_long_body_reads_the_answer(server: Server, more: tuple[str, ...]) -> None:
    body = b'{"prompt": "' + b"x" * 30_000_000 + b'"}'
    with server.raw() as sending:
        sending.sendall(_head("POST", f"{BASE}/music/create-prompt", f"Content-Length: {len(body)}", *more) + body)
        received = sending.recv(65536)
        assert received.startswith(b"HTTP/1.1 413")
        if not more:  # the connection goes on
            sending.sendall(_head("GET", f"{BASE}/scheduler"))
            assert sending.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_announced_as_too_long_is_not_asked_for(server: Server) -> None:
    with server.raw() as asking:
        head = _head("POST", f"{BASE}/music/create-prompt", "Content-Length: 30000000", "Expect: 100-continue")
        asking.sendall(head)
        assert asking.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("size", [17_000, 70_000, 300_000])
@pytest.mark.parametrize("piece", [1000, 500_000])
def test_too_long_headers_are_refused(server: Server, size: int, piece: int) -> None:
    head = _head("GET", f"{BASE}/scheduler", f"X-Long: {'a' * size}")
    with server.raw() as sending:
        for start in range(0, len(head), piece):
            sending.sendall(head[start : start + piece])
        answer = http.client.HTTPResponse(sending)
        answer.begin()
        assert answer.status == 431
        assert json.loads(answer.read()) == {"error": "The headers are longer than 16,384 bytes", "code": 431}
    assert server.call("GET", f"{BASE}/scheduler", X_Long="a" * 15_000)[0] == 200


def test_a_client_that_goes_on_after_too_long_headers_is_disconnected(server: Server) -> None:
    with server.raw() as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 20_000)
        received = endless.recv(65536)
        assert received.startswith(b"HTTP/1.1 431")
        began = time.monotonic()

        def send() -> None:
            while time.monotonic() - began < 20:
                endless.sendall(b"a")
                time.sleep(0.05)

        with pytest.raises(ConnectionError):
            send()


def _head(method: str, path: str, *more: str) -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {TOKEN}", *more)
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _closed_within(connection: socket.socket, seconds: float) -> bytes:
    """Read until the other side closes; it must do so in time."""
    began, received = time.monotonic(), b""
    connection.settimeout(seconds)
    while True:
        try:
            more = connection.recv(65536)
        except ConnectionError:
            more = b""
        received += more
        if not more:
            assert time.monotonic() - began < seconds
            return received


def test_slow_and_half_open_clients_are_disconnected(server: Server) -> None:
    silent, partial, body, idle = [server.raw() for _ in range(4)]
    partial.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    body.sendall(_head("POST", f"{BASE}/create-prompt", "Content-Length: 100") + b'{"prompt"')
    idle.sendall(_head("GET", f"{BASE}/scheduler"))
    assert _closed_within(silent, 4) == b""
    assert _closed_within(partial, 4) == b""
    answered = _closed_within(body, 4)
    assert answered.startswith(b"HTTP/1.1 408 ")
    assert _closed_within(idle, 4).startswith(b"HTTP/1.1 200 ")
    for connection in (silent, partial, body, idle):
        connection.close()
    with server.raw() as heard:  # it sends no more, as `nc -N`, but reads
        heard.sendall(_head("GET", f"{BASE}/scheduler"))
        heard.shutdown(socket.SHUT_WR)
        assert _closed_within(heard, 1).startswith(b"HTTP/1.1 200 ")
    # A second, endless request on a connection whose first was fine.
    with server.raw() as later:
        later.sendall(_head("GET", f"{BASE}/scheduler") + b"GET /")
        for _ in range(6):
            time.sleep(0.3)
            try:
                later.sendall(b"x")
            except ConnectionError:
                break
        assert _closed_within(later, 3).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_does_not_read_is_disconnected(server: Server) -> None:
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", server.port))
        deaf.settimeout(5)
        try:
            for _ in range(300):
                deaf.sendall(_head("GET", "/openapi.json"))
        except (ConnectionError, TimeoutError):
            pass
        time.sleep(2.5)
        received = _closed_within(deaf, 5)
        assert received.count(b"HTTP/1.1 200 ") < 300


def test_idle_connections_do_not_block_others(server: Server) -> None:
    many = [server.raw() for _ in range(60)]
    assert server.call("GET", f"{BASE}/scheduler")[0] == 200
    assert _closed_within(many[0], 4) == b""
    for connection in many:
        connection.close()


def test_too_many_connections_are_refused_and_the_server_recovers(server: Server) -> None:
    many = [server.raw() for _ in range(40)]
    for connection in many:
        connection.sendall(_head("GET", f"{BASE}/scheduler"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    refused = [server.raw() for _ in range(5)]
    assert all(_closed_within(one, 4).startswith(b"HTTP/1.1 503 ") for one in refused)
    for connection in (*many, *refused):
        connection.close()
    for _ in range(50):
        try:
            if server.call("GET", f"{BASE}/scheduler")[0] == 200:
                return
        except ConnectionError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server did not recover")


def test_a_pipelined_request_gets_its_full_time(server: Server) -> None:
    body = json.dumps({"prompt": "slow=2 lyrics"}).encode()
    slow = _head("POST", f"{BASE}/music/generate-lyrics", f"Content-Length: {len(body)}") + body
    with server.raw() as connection:
        connection.sendall(_head("GET", f"{BASE}/scheduler") + slow + b"")
        answers = _closed_within(connection, 6)
    assert answers.count(b"HTTP/1.1 200 ") == 2


def test_connections_have_tcp_nodelay() -> None:
    async def main() -> int:
        with serve._listen("127.0.0.1", 0) as listening:
            set_to: asyncio.Future[int] = asyncio.get_running_loop().create_future()

            def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                there = writer.get_extra_info("socket")
                set_to.set_result(there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            async with await asyncio.start_server(connected, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                writer.close()
                return await set_to

    assert asyncio.run(main()) == 1


def test_too_long_numbers_and_forms_are_400s(server: Server) -> None:
    for digits in (20, 309, 400):
        status, _, answer = server.call("POST", f"{BASE}/create-prompt", {"prompt": "a", "maxJobs": int("9" * digits)})
        assert (status, b"maxJobs must be" in answer) == (400, True)
    with server.raw() as connection:
        form = b"&" * 250_000
        kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 250000"
        connection.sendall(_head("POST", f"{BASE}/create-prompt", kind) + form)
        assert b"more than 100 fields" in _closed_within(connection, 4)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"GET " + b"x" * 100_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 20_000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_invalid_http_is_answered_or_dropped(server: Server, request_bytes: bytes) -> None:
    with server.raw() as connection:
        try:
            connection.sendall(request_bytes)
        except ConnectionError:
            return
        answer = _closed_within(connection, 5)
        status = b"431" if len(request_bytes) > 16_384 else b"40"
        assert answer == b"" or answer.startswith(b"HTTP/1.1 " + status)
    assert server.call("GET", f"{BASE}/scheduler")[0] == 200


def test_duplicate_tokens_and_missing_hosts_are_refused(server: Server) -> None:
    for head in (
        _head("GET", f"{BASE}/scheduler", f"Authorization: Bearer {TOKEN}", "Connection: close"),
        f"GET / HTTP/1.0\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode(),
    ):
        with server.raw() as connection:
            connection.sendall(head)
            assert _closed_within(connection, 4).startswith((b"HTTP/1.1 401", b"HTTP/1.1 403", b"HTTP/1.1 400"))


def test_websockets_are_refused(server: Server) -> None:
    status = server.call("GET", "/v1", Connection="Upgrade", Upgrade="websocket")[0]
    assert status in (400, 404)


def test_a_token_file_is_created_and_a_port_in_use_is_an_error(tmp_path: Path, server: Server) -> None:
    first = start(tmp_path / "studio", RIFFUSION_TUI_STUDIO_TOKEN="")
    try:
        token = tmp_path / "studio" / "token"
        assert token.stat().st_mode & 0o777 == 0o600
        assert first.call("GET", f"{BASE}/scheduler", token=token.read_text().strip())[0] == 200
        assert "the token is in" in (tmp_path / "stderr").read_text()
        from riffusion_tui.studio.serve import serve
        from riffusion_tui.studio.studio_settings import StudioSettings

        with pytest.raises(OSError, match="in use"):
            serve(StudioSettings(tmp_path / "other"), port=server.port)
    finally:
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(10) == 0
        assert first.process.stdout is not None
        first.process.stdout.close()
