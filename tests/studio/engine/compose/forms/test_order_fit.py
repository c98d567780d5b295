"""Songs of a stated length whose prompt gives the order of the sections: equal parts have equal, usual lengths."""

from __future__ import annotations

from collections import defaultdict

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.form import SectionTemplate
from riffusion_tui.studio.engine.compose.forms.order_fit import fit_order
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_PROMPTS = (
    "jazz AABA", "swing in AABA form", "waltz ABACA", "folk ABAB, instrumental",
    "pop, verse chorus verse chorus bridge chorus", "rock, intro verse chorus verse chorus solo chorus outro",
)  # fmt: skip
_LENGTHS = (30, 45, 60, 75, 90, 120, 150, 180, 240)


@pytest.mark.parametrize("prompt", _PROMPTS)
def test_sections_of_a_kind_are_equally_long_and_the_ending_is_short(prompt: str) -> None:
    for length in _LENGTHS:
        sections = compose(plan(Request(prompt, seed=length, length_s=float(length)))).sections
        sizes = defaultdict(set)
        for section in sections[1:-1]:
            sizes[section.kind].add(section.bars)
        assert all(len(found) == 1 for found in sizes.values()), (length, [(s.name, s.bars) for s in sections])
        assert sections[-1].bars <= 8


def _sizes(kinds: str, bars: int) -> list[int]:
    parts = tuple(SectionTemplate(kind, kind, 2 if kind in ("verse", "chorus") else 1) for kind in kinds.split())
    return [part.size for part in fit_order(parts, bars)[1]]


@pytest.mark.parametrize(
    ("kinds", "bars", "expected"),
    [
        ("intro verse verse bridge verse ending", 40, [4, 8, 8, 8, 8, 4]),
        ("intro verse chorus verse chorus bridge chorus ending", 52, [4, 8, 8, 8, 8, 4, 8, 4]),
        ("verse chorus ending", 18, [8, 8, 2]),
        ("intro ending", 6, [4, 2]),
        ("intro verse bridge chorus ending", 3, [1, 1, 1]),
        ("ending", 3, [3]),
        ("intro verse ending", 3, [1, 1, 1]),
    ],
)
def test_the_sections_have_usual_numbers_of_bars(kinds: str, bars: int, expected: list[int]) -> None:
    assert _sizes(kinds, bars) == expected


def test_a_very_long_song_has_no_very_long_ending() -> None:
    intro, verse, ending = _sizes("intro verse ending", 600)
    assert intro + verse + ending == 600
    assert ending < 100
