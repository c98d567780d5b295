"""Numbers in plans: of any size in those of older versions, and the length."""

from __future__ import annotations

from riffusion_tui.jobs.model import Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.appearance import glyphs
from riffusion_tui.tui.state.song import song_lines
from riffusion_tui.tui.state.song.song_facts import Facts
from tests.tui.stage import NOON
from tests.tui.test_pieces import KEYS, plain
from tests.tui.test_state import job

DIGITS = 400 * "9"


def test_numbers_of_any_size_are_shown() -> None:
    plan = {"loudness_lufs": 10**400, "understood": [["length", "x", DIGITS], ["tempo", "x", DIGITS]]}
    facts = Facts(job(1, Status.DONE, title="T"), Song(1, plan=plan), None, None, 0, NOON)
    assert song_lines.head(facts, 40, 1, glyphs.UNICODE)
    assert song_lines.body(facts, KEYS.__getitem__, 80)


def test_the_length_that_was_chosen_is_the_songs_own() -> None:
    song = Song(1, plan={"chosen": [["bpm", "113"], ["length_s", "160"]]})
    facts = Facts(job(1, Status.DONE, duration_s=154.2), song, None, None, 0, NOON)
    shown = plain(song_lines.body(facts, KEYS.__getitem__, 80)).splitlines()
    assert shown[0].split() == ["chosen", "113", "bpm", "2:34"]
