"""Reads how many bars a form and its sections have: `16 bar verses`, `8 bars each`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.figures.stated import BARS, EACH, FORM_BARS, SECTION_BARS
from riffusion_tui.studio.engine.understand.form.section_order import section_order
from riffusion_tui.studio.engine.understand.reading.mentions import Reading

_FEWEST_BARS = 2
_MAIN = ("verse", "chorus")
"""What has the bars that each section is to have, if the prompt doesn't list them."""


def section_bars(reading: Reading) -> dict[str, str]:
    """Return the bars that the prompt gives kinds of sections; of several numbers for a kind the first."""
    found: dict[str, str] = {}
    for stated in reading.stated:
        if stated.kind == SECTION_BARS:
            kind, bars = stated.value.split()
            found.setdefault(kind, bars)
    each = None if section_order(reading)[0] else reading.first(EACH)
    return found if each is None else dict.fromkeys(_MAIN, each) | found


def bars_each(reading: Reading) -> int:
    """Return the bars of each section of a form, as stated or its share of the form's; 0 if the prompt doesn't say."""
    sections = len(section_order(reading)[0])
    whole = int(reading.first(FORM_BARS) or reading.first(BARS) or 0)
    shares = whole // sections if sections and whole % sections == 0 else 0
    each = int(reading.first(EACH) or shares) if sections else 0
    return each if each >= _FEWEST_BARS else 0


def form_bars(reading: Reading) -> int:
    """Return the bars of a form, as stated or of all its sections; 0 if the prompt doesn't say."""
    return int(reading.first(FORM_BARS) or bars_each(reading) * len(section_order(reading)[0]))
