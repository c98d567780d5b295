"""The `.lrc` file beside a sung song: never replaces a file, and never blocks the song."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from riffusion_tui.dispatch.fetching import fetcher
from riffusion_tui.dispatch.fetching.lyrics_file import lrc_text
from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.jobs.status import Status
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

LINES = ((8.0, "Neon on the river"), (61.256, "Half a world of weather"))


def world(*, sings: bool = True) -> World:
    return World({"a": Slot(4)}, lambda: 2.0, sings=LINES if sings else ())


def songs(b: Bench) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (b.folder / "songs").iterdir() if path.suffix == ".lrc"}


async def made(b: Bench) -> None:
    b.job_commands.submit(["one"], Options())
    async with b.dispatching():
        await b.until(lambda: b.all(Status.DONE))


def test_a_sung_song_gets_an_lrc_file(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, world()) as b:
            await made(b)
            text = songs(b)["Song of one.lrc"]
            assert text.startswith("[ti:Song of one]\n[length:00:00.05]\n")
            assert text.endswith("[00:08.00]Neon on the river\n[01:01.26]Half a world of weather\n")

    run(main())


@pytest.mark.parametrize(("sings", "wanted"), [(False, True), (True, False)], ids=["instrumental", "switched off"])
def test_no_lrc_file_is_written_for_instrumentals_or_if_switched_off(tmp_path: Path, sings: bool, wanted: bool) -> None:
    async def main() -> None:
        async with bench(tmp_path, world(sings=sings)) as b:
            b.lyrics = wanted
            await made(b)
            assert songs(b) == {}

    run(main())


def test_an_existing_lrc_file_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "Song of one.lrc").write_text("mine")

    async def main() -> None:
        async with bench(tmp_path, world()) as b:
            await made(b)
            assert songs(b) == {"Song of one.lrc": "mine"}

    run(main())


def test_a_song_is_done_even_if_its_lrc_file_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(text: str, beside: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(beside))

    monkeypatch.setattr(fetcher, "write_lyrics", full)

    async def main() -> None:
        async with bench(tmp_path, world()) as b:
            await made(b)
            reported = [event for event in b.store.timeline(1) if event.what == "lyrics file not written"]
            assert [event.detail for event in reported] == ["No space left on device"]

    run(main())


def test_an_lrc_file_without_title_and_length_has_no_header() -> None:
    assert lrc_text(Song(1, timed_lyrics=LINES[:1]), "", None) == "[00:08.00]Neon on the river\n"
