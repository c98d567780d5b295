"""Plans of older versions, with numbers of any size, are shown without a crash."""

from __future__ import annotations

from riffusion_tui.jobs.model import Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui import glyphs
from riffusion_tui.tui.state import song_lines
from riffusion_tui.tui.state.song_facts import Facts
from tests.tui.stage import NOON
from tests.tui.test_pieces import KEYS
from tests.tui.test_state import job

DIGITS = 400 * "9"


def test_numbers_of_any_size_are_shown() -> None:
    plan = {"loudness_lufs": 10**400, "understood": [["length", "x", DIGITS], ["tempo", "x", DIGITS]]}
    facts = Facts(job(1, Status.DONE, title="T"), Song(1, plan=plan), None, None, 0, NOON)
    assert song_lines.head(facts, 40, 1, glyphs.UNICODE)
    assert song_lines.body(facts, KEYS.__getitem__, 80)
