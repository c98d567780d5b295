"""File names, placement, the lock, waits and polls."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.dispatch.fetching import file_names, placement
from riffusion_tui.dispatch.fetching.audio_check import InvalidAudio, check
from riffusion_tui.dispatch.polling import poll_schedule
from riffusion_tui.file_lock import FileLock, holder
from riffusion_tui.store import UsualDuration
from tests.dispatch.world import SOUND

# -- names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Rainy Night", "Rainy Night"),
        ("../../etc/passwd", "etc passwd"),
        ("/absolute", "absolute"),
        ("nul\0byte", "nul byte"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("con", "con song"),
        ("COM1.txt", "COM1.txt song"),
        ("Come home, now x & 'y'", "Come home, now x & 'y'"),
        ("'Round Midnight", "'Round Midnight"),
        ("trailing dots...", "trailing dots"),
        ("a:b*c?d\"e<f>g|h\\i", "a b c d e f g h i"),
        ("\u202egnp.exe", "gnp.exe"),
        ("東京の夜", "東京の夜"),
        ("tab\tand\nline", "tab and line"),
        ("", "the prompt"),
        ("///", "the prompt"),
    ],
)  # fmt: skip
def test_a_title_becomes_a_safe_name(title: str, name: str) -> None:
    assert file_names.stem(title, "the prompt", 7) == name


def test_a_file_without_a_usable_title_is_named_by_number() -> None:
    assert file_names.stem("", "🎵", 7) == "song 7"


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_any_title_gives_a_safe_file_name(title: str, prompt: str) -> None:
    for name in islice(file_names.candidates(file_names.stem(title, prompt, 1), "flac"), 3):
        assert len(name.encode()) <= file_names.MAX_BYTES
        assert Path(name).name == name
        assert name[0] not in ".-"
        assert not set(name) & set('\0/\\:*?"<>|\n')


@pytest.mark.parametrize(
    ("title", "edit", "name"),
    [
        ("Closed Bakery", "mute Flute", "Closed Bakery (mute Flute)"),
        ("Rain", "transpose F# minor", "Rain (transpose F sharp minor)"),
        ("", "resize", "the prompt (resize)"),
        ("a/b", "replace Verse/2", "a b (replace Verse 2)"),
        ("x" * 300, "mute " + "y" * 100, "x" * 62 + " (mute " + "y" * 30 + ")"),
    ],
)
def test_the_name_of_an_edit_says_what_is_edited(title: str, edit: str, name: str) -> None:
    assert file_names.stem(title, "the prompt", 7, edit) == name


def test_a_long_name_is_cut_at_a_word_or_character() -> None:
    assert file_names.stem("word " * 100, "", 1).endswith("word")
    assert len(file_names.stem("x" * 300, "", 1)) == 100
    assert len(file_names.stem("夜" * 300, "", 1).encode()) <= 100


# -- placement


def part(folder: Path) -> Path:
    path = folder / ".x.part"
    placement.ready(path)
    path.write_bytes(SOUND)
    return path


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "songs").touch()
    with pytest.raises(NotADirectoryError, match=f"Not a folder: '{tmp_path / 'songs'}'"):
        placement.ready(tmp_path / "songs" / ".x.part")


def test_placing_never_overwrites(tmp_path: Path) -> None:
    new = part(tmp_path)
    target = tmp_path / "song.wav"
    target.write_bytes(b"old")
    assert not placement.place(new, target, check(new))
    assert target.read_bytes() == b"old"
    assert placement.place(new, tmp_path / "song 2.wav", check(new))
    assert not new.exists()


@pytest.mark.parametrize("by_rename", [False, True])
def test_a_partial_file_replaced_after_the_check_is_not_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_rename: bool
) -> None:
    if by_rename:
        monkeypatch.setattr(os, "link", no_links)
    new = part(tmp_path)
    checked = check(new)
    (tmp_path / "secret").write_text("not a song")
    new.unlink()
    new.symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidAudio):
        placement.place(new, tmp_path / "song.wav", checked)
    assert not (tmp_path / "song.wav").exists()


def no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "no hard links here")


def test_files_are_placed_on_a_disk_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    new = part(tmp_path)
    assert placement.place(new, tmp_path / "song.wav", check(new))
    assert (tmp_path / "song.wav").read_bytes() == SOUND
    new = part(tmp_path)
    assert not placement.place(new, tmp_path / "song.wav", check(new))


def test_a_disk_error_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    new = part(tmp_path)
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="full"):
        placement.place(new, tmp_path / "song.wav", check(new))


def test_a_symlink_in_place_of_the_partial_file_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "folder" / ".x.part"
    placement.ready(path)
    (tmp_path / "secret").write_text("keep")
    path.symlink_to(tmp_path / "secret")
    path.with_name(".x.part.tag").write_text("a tag")
    placement.ready(path)
    assert not os.path.lexists(path)
    assert path.with_name(".x.part.tag").read_text() == "a tag"
    placement.discard(path)
    assert list(path.parent.iterdir()) == []


# -- the lock


def test_the_lock_is_exclusive_and_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert holder(path) is None
    script = (
        "import sys, time; from pathlib import Path; from riffusion_tui.file_lock import FileLock;"
        "lock = FileLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        mine = FileLock(path)
        assert not mine.acquire()
        assert not mine.held
        assert holder(path) == other.pid
        other.kill()
        other.wait()
    assert holder(path) is None
    assert mine.acquire()
    assert mine.acquire()
    assert holder(path) == os.getpid()
    mine.release()
    mine.release()
    assert holder(path) is None
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_lock_file_without_a_valid_holder_has_none(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = FileLock(path)
    lock.acquire()
    path.write_text("rubbish")
    assert holder(path) is None
    lock.release()


# -- waits


@given(st.integers(1, 50), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_wait_after_a_429_is_bounded(tries: int, rng: random.Random) -> None:
    assert 10 <= backoff.rate_limited(tries, None, rng) <= 300
    if tries == 1:
        assert backoff.rate_limited(tries, None, rng) <= 30


@pytest.mark.parametrize(
    ("expected", "least", "most"),
    [
        (45, 45, 50),
        (12, 12, 14),
        (0, 10, 30),
        (-5, 10, 30),
        (1e9, 600, 660),
        (float("inf"), 10, 30),
        (float("nan"), 10, 30),
    ],
)
def test_retry_after_is_honoured_and_clamped(expected: float, least: float, most: float) -> None:
    for seed in range(100):
        assert least <= backoff.rate_limited(1, expected, random.Random(seed)) <= most


@pytest.mark.parametrize("asked_s", [0.0, 1.0, 10.0, 45.0])
def test_waits_grow_although_the_service_asks_for_short_ones(asked_s: float) -> None:
    for seed in range(100):
        rng = random.Random(seed)
        waits = [backoff.rate_limited(tries, asked_s, rng) for tries in range(1, 12)]
        assert min(waits) >= max(10.0, asked_s)
        assert min(waits[6:]) >= 100, "an hour of 429s costs about two dozen requests"
        assert max(waits) <= 300


@pytest.mark.parametrize("tries", [1, 5, 20])
def test_a_long_wait_that_the_service_asks_for_is_kept(tries: int) -> None:
    for seed in range(100):
        assert 500 <= backoff.rate_limited(tries, 500.0, random.Random(seed)) <= 550


def test_backoff_grows_up_to_a_limit() -> None:
    rng = random.Random(1)
    assert 1 <= backoff.unreachable(1, rng) <= 2
    assert 30 <= backoff.unreachable(100, rng) <= 60
    assert 10 <= backoff.faulty(1, rng) <= 15
    assert 600 <= backoff.faulty(100, rng) <= 900


# -- polls


def test_the_first_poll_is_immediate() -> None:
    assert poll_schedule.next_poll([100.0], None, None, 130.0) == 130.0


def test_without_history_polls_become_rarer_with_age() -> None:
    assert poll_schedule.next_poll([100.0], None, 101.0, 101.0) == 101.5
    assert poll_schedule.next_poll([100.0], None, 140.0, 140.0) == 150.0
    assert poll_schedule.next_poll([100.0], None, 900.0, 900.0) == 930.0


def test_short_songs_are_polled_at_most_four_times_a_second() -> None:
    usual = UsualDuration(0.8, 0.8, 0.9, 40)
    assert poll_schedule.next_poll([0.0, 0.0, 0.0], usual, 1.0, 1.0) == 1.25


def test_no_poll_happens_before_a_song_can_be_finished() -> None:
    usual = UsualDuration(100, 90, 110, 20)
    assert poll_schedule.next_poll([0.0, 10.0], usual, 5.0, 6.0) == 81.0
    assert poll_schedule.next_poll([0.0], usual, 81.0, 81.0) == 86.0, "uniform durations allow closer polls"


def test_polls_are_shared_by_all_running_jobs() -> None:
    usual = UsualDuration(110, 25, 195, 50)
    one = poll_schedule.next_poll([0.0], usual, 100.0, 100.0) - 100
    six = poll_schedule.next_poll([0.0] * 6, usual, 100.0, 100.0) - 100
    assert 25 <= one <= 30
    many = poll_schedule.next_poll([0.0] * 24, usual, 100.0, 100.0) - 100
    assert 5 <= six <= 8
    assert six / 3 < many < six / 1.7, "four times as many jobs double the rate"


def test_an_overdue_song_is_polled_less_often() -> None:
    assert poll_schedule.next_poll([0.0], UsualDuration(5, 4, 6, 20), 206.0, 206.0) == 226.0
