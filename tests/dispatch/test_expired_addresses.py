"""Expired download URLs are renewed by fetching the record again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.jobs.status import Status
from tests.dispatch.fake_api import FakeApi, Made
from tests.dispatch.live_dispatcher import dispatching
from tests.dispatch.world import SOUND

XML = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


class Signed(FakeApi):
    """Signs new URLs for each record; those of a song's first record have already expired."""

    gone: tuple[int, bytes, str] = (403, XML, "application/xml")
    signs = True
    signatures = 0
    requested: list[str]

    def song(self, one: Made, base: str) -> dict[str, Any]:
        found = super().song(one, base)
        if self.signs and found["download_url"]:
            self.signatures += 1
            found["download_url"] += f"?sig={self.signatures}"
        return found

    def file(self, path: str) -> tuple[int, bytes, str]:
        self.requested = [*getattr(self, "requested", []), path.partition("?")[2]]
        return self.gone if len(self.requested) == 1 else (200, SOUND, "audio/wav")


@pytest.mark.parametrize(
    "gone",
    [
        (403, XML, "application/xml"),
        (404, b'{"error": "not found"}', "application/json"),
        (410, b"", "text/plain"),
        (200, b"<html>This link has expired</html>", "text/html"),
    ],
)
def test_an_expired_url_is_renewed_at_once(tmp_path: Path, gone: tuple[int, bytes, str]) -> None:
    async def main() -> None:
        state = Signed({"acc-a": 1}, seconds=0.1)
        state.gone = gone
        async with dispatching(tmp_path, state, "one") as live_dispatcher:
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE}, 5)
            first, second = state.requested
            assert first != second

    asyncio.run(main())


def test_a_file_that_appears_after_its_record_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "faulty", lambda tries, rng: 0.4)

    async def main() -> None:
        state = Signed({"acc-a": 1}, seconds=0.1)
        state.gone, state.signs = (404, b'{"error": "not found"}', "application/json"), False
        async with dispatching(tmp_path, state, "one") as live_dispatcher:
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE}, 5)
            assert len(state.requested) == 2

    asyncio.run(main())


class Unreachable(FakeApi):
    """Its first songs are on a host that can't be reached."""

    unreachable = 3

    def song(self, one: Made, base: str) -> dict[str, Any]:
        found = super().song(one, base)
        if found["download_url"] and self.unreachable:
            self.unreachable -= 1
            found["download_url"] = "http://127.0.0.1:9/song.wav"
        return found


def test_a_url_on_an_unreachable_host_does_not_make_the_service_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "faulty", lambda tries, rng: 0.4)

    async def main() -> None:
        causes: set[WaitCause] = set()
        async with dispatching(tmp_path, Unreachable({"acc-a": 1}, seconds=0.1), "one") as live_dispatcher:
            store = live_dispatcher.store
            store.subscribe(lambda: causes.update(gate.cause for gate in store.gates("riffusion")))
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE}, 10)
            events = [event.detail for event in store.timeline(1) if event.what == "download failed"]
        assert WaitCause.OFFLINE not in causes
        assert events
        assert all("No connection to 127.0.0.1:9" in detail for detail in events)

    asyncio.run(main())
