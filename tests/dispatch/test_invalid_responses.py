"""Invalid responses affect one song at most; the others are made. A real server, a real socket."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from riffusion_tui.dispatch.accounts import account_pool
from riffusion_tui.dispatch.fetching import fetcher
from riffusion_tui.dispatch.polling import poller
from riffusion_tui.dispatch.polling.song_details import song_details
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store
from tests.dispatch.fake_api import FakeApi, Made
from tests.dispatch.live_dispatcher import dispatching
from tests.dispatch.test_audio_check import archive

DIGITS = 400 * "9"


class OddRecord(FakeApi):
    """Changes the record of the prompt `odd`."""

    fields: Mapping[str, Any] = MappingProxyType({})

    def song(self, one: Made, base: str) -> dict[str, Any]:
        found = super().song(one, base)
        return {**found, **self.fields} if one.prompt == "odd" else found


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "fields",
    [
        {"conditions": f'{{"bpm": {DIGITS}}}'},
        {"conditions": f'{{"plan": {{"bpm": {DIGITS}, "key": 7, "genre": []}}}}'},
        {"conditions": '{"loudness_lufs": 1e308, "understood": [["length", "x", "' + DIGITS + '"]]}'},
        {"duration_s": float("nan")},
        {"duration_s": int(DIGITS)},
        {"created_at": int(DIGITS), "progress": int(DIGITS)},
    ],
)
def test_an_out_of_range_number_drops_only_its_field(tmp_path: Path, fields: dict[str, Any]) -> None:
    async def main() -> None:
        state = OddRecord(seconds=0.1)
        state.fields = fields
        async with dispatching(tmp_path, state, "odd", "plain") as live_dispatcher:
            await live_dispatcher.until(lambda: bool(live_dispatcher.ended()))
            assert live_dispatcher.ended() == {"odd": Status.DONE, "plain": Status.DONE}
            song = next(job for job in live_dispatcher.store.jobs() if job.prompt == "odd")
            assert song.bpm is None
            kept = live_dispatcher.store.song(song.id)
            assert kept is not None
            assert "loudness_lufs" not in kept.plan

    asyncio.run(main())


def test_a_record_that_triggers_a_bug_fails_only_its_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(song: Any, takes: int) -> Any:
        if "odd" in song.title:
            raise OverflowError("int too large to convert to float")
        return song_details(song, takes)

    monkeypatch.setattr("riffusion_tui.dispatch.polling.song_records.song_details", broken)

    async def main() -> None:
        async with dispatching(tmp_path, FakeApi(seconds=0.1), "odd", "plain") as live_dispatcher:
            await live_dispatcher.until(lambda: bool(live_dispatcher.ended()))
            assert live_dispatcher.ended() == {"odd": Status.FAILED, "plain": Status.DONE}
            assert "OverflowError" in live_dispatcher.error("odd")

    asyncio.run(main())


def test_an_oversized_record_fails_only_its_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "LOST_S", 0.2)
    monkeypatch.setattr(poller, "next_poll", lambda *_: 0.0)

    async def main() -> None:
        state = OddRecord(seconds=0.1)
        state.fields = {"lyrics": "la " * 3_000_000}
        async with dispatching(tmp_path, state, "odd", "plain") as live_dispatcher:
            await live_dispatcher.until(lambda: bool(live_dispatcher.ended()))
            assert live_dispatcher.ended() == {"odd": Status.FAILED, "plain": Status.DONE}
            assert "larger than 8192 KiB" in live_dispatcher.error("odd")
            assert not live_dispatcher.store.gates("riffusion")

    asyncio.run(main())


class IgnoresIds(FakeApi):
    """Answers each query for a song with the same ten others."""

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        status, answer = super().get(path, query, base)
        if path.rstrip("/").endswith("/music"):
            return 200, [{"id": f"old{n}", "title": "Old", "status": "complete"} for n in range(10)]
        return status, answer


def test_a_server_that_ignores_ids_is_noted_on_the_job_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "next_poll", lambda *_: 0.0)

    async def main() -> None:
        async with dispatching(tmp_path, IgnoresIds(seconds=0.1), "rain") as live_dispatcher:
            await live_dispatcher.until(lambda: "answered with others" in live_dispatcher.error("rain"))
            assert not live_dispatcher.ended(), "it may still be made, and paid for"
            assert not live_dispatcher.store.gates("riffusion")

    asyncio.run(main())


class Wrapped(FakeApi):
    """Wraps the list of GET music in an object; its first `strange` responses are something else."""

    strange = 0

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        status, answer = super().get(path, query, base)
        if not path.rstrip("/").endswith("/music"):
            return status, answer
        self.strange -= 1
        return status, {"surprise": {}, "more": "…"} if self.strange >= 0 else {"songs": answer}


def test_a_list_wrapped_in_an_object_is_read(tmp_path: Path) -> None:
    async def main() -> None:
        async with dispatching(tmp_path, Wrapped(seconds=0.1), "one") as live_dispatcher:
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE})

    asyncio.run(main())


def test_an_unreadable_list_is_reported_as_such_and_not_as_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        state = Wrapped(seconds=0.1)
        state.strange = 2
        monkeypatch.setattr(poller, "UNREADABLE_S", 0.2)
        async with dispatching(tmp_path, state, "one") as live_dispatcher:
            await live_dispatcher.until(lambda: bool(live_dispatcher.store.gates("riffusion")))
            (gate,) = live_dispatcher.store.gates("riffusion")
            assert gate.cause == WaitCause.UNREADABLE
            assert "surprise, more" in gate.detail
            (banner,) = summarize(live_dispatcher.store, "riffusion", 0.0).banners
            assert banner.detail == gate.detail
            assert live_dispatcher.error("one") == gate.detail
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE})
            assert not live_dispatcher.store.gates("riffusion")
            assert live_dispatcher.error("one") == ""

    asyncio.run(main())
    assert "surprise, more" in caplog.text


class Many(FakeApi):
    """Returns far more songs than requested, and accounts with far more slots than any has."""

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answer = super().create(body)
        return status, {"jobs": [{"id": answer["job_id"]}, *({"id": f"more-{n}"} for n in range(10_000))]}

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        status, answer = super().get(path, query, base)
        for one in answer["available"] if path.endswith("/available") else ():
            one["maxJobs"] = 10**7
        return status, answer


def test_numbers_of_songs_and_slots_are_limited(tmp_path: Path) -> None:
    async def main() -> None:
        async with dispatching(tmp_path, Many(seconds=0.1), "one") as live_dispatcher:
            await live_dispatcher.until(lambda: len(live_dispatcher.store.jobs()) > 1)
            assert len(live_dispatcher.store.jobs()) == 16
            assert {one.max_jobs for one in live_dispatcher.store.accounts("riffusion")} == {100}

    asyncio.run(main())


def test_choosing_among_many_free_accounts_takes_linear_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts, calls, next_for = 60, 0, Store.next_for

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        return next_for(*given, **more)

    monkeypatch.setattr(Store, "next_for", counted)

    async def main() -> None:
        state = FakeApi({f"account-{number}": 1 for number in range(accounts)}, seconds=0.1)
        async with dispatching(tmp_path, state, "one") as live_dispatcher:
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE})

    asyncio.run(main())
    assert calls < 10 * accounts


class Archive(FakeApi):
    """Serves an archive instead of the first song."""

    def file(self, path: str) -> tuple[int, bytes, str]:
        if self.made[0].job_id in path:
            return 200, archive("drums.wav", method=zipfile.ZIP_BZIP2), "audio/wav"
        return super().file(path)


def test_an_archive_instead_of_a_song_fails_only_that_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "INVALID_AUDIO_ATTEMPTS", 1)

    async def main() -> None:
        async with dispatching(tmp_path, Archive({"acc-a": 1}, seconds=0.1), "one", "two") as live_dispatcher:
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.FAILED, "two": Status.DONE})
            assert "stems were not requested" in live_dispatcher.error("one")

    asyncio.run(main())


class Elsewhere(FakeApi):
    """Doesn't implement the API at first."""

    strange = 6

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        self.strange -= 1
        return (200, "Please sign in") if self.strange >= 0 else super().get(path, query, base)


def test_nothing_is_sent_to_a_server_without_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_pool, "PROBE_S", 0.2)

    async def main() -> None:
        state = Elsewhere(seconds=0.1)
        async with dispatching(tmp_path, state, "one") as live_dispatcher:
            await live_dispatcher.until(lambda: bool(live_dispatcher.store.gates("riffusion")))
            assert [gate.cause for gate in live_dispatcher.store.gates("riffusion")] == [WaitCause.UNREADABLE]
            assert state.calls["create"] == 0
            await live_dispatcher.until(lambda: live_dispatcher.ended() == {"one": Status.DONE})

    asyncio.run(main())
