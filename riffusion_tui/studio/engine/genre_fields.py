"""The fields of a genre file, and what each may hold. A check returns what is wrong with a value, or an empty text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riffusion_tui.studio.engine.structure_hints import SECTION_KINDS

Check = Callable[[Any], str]

_TRAITS = ("purpose", "sung", "gentle")
_VOCALS = ("none", "male", "female", "choir", "any")
ENTRIES = (
    "palette",
    "groove",
    "fill",
    "percussion",
    "bass",
    "comp",
    "riff",
    "pad",
    "arp",
    "progression",
    "habit",
    "solo",
    "form",
    "gesture",
)
"""Kinds of entries that a genre names in [uses], or defines itself as [[kind]]."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def text(value: object) -> str:
    """A text that is not empty."""
    return "" if isinstance(value, str) and value.strip() else 'must be a text, such as "fado"'


def texts(value: object) -> str:
    """A list of texts."""
    good = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return "" if good else 'must be a list of texts, such as ["minor", "dorian"]'


def some_texts(value: object) -> str:
    """A list of at least one text."""
    return texts(value) or ("" if value else "must not be empty")


def number(value: object) -> str:
    """A number."""
    return "" if _is_number(value) else "must be a number"


def share(value: object) -> str:
    """A number from 0 to 1."""
    return "" if isinstance(value, int | float) and 0 <= value <= 1 else "must be a number from 0 to 1"


def flag(value: object) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def span(value: Any) -> str:
    """Two positive numbers, the lower first."""
    good = isinstance(value, list) and len(value) == 2 and all(_is_number(one) for one in value)
    return "" if good and 0 < value[0] <= value[1] else "must be two numbers, the lower first, such as [60, 92]"


def spans(value: object) -> str:
    """A table of pairs of positive numbers by name."""
    good = isinstance(value, dict) and not any(span(one) for one in value.values())
    return "" if good else 'must be a table of ranges, such as { "new jack swing" = [98, 116] }'


def numbers(count: int) -> Check:
    """A list of `count` numbers."""

    def check(value: object) -> str:
        good = isinstance(value, list) and len(value) == count and all(_is_number(one) for one in value)
        return "" if good else f"must be a list of {count} numbers"

    return check


def some_numbers(value: object) -> str:
    """A list of at least one number."""
    good = isinstance(value, list) and value and all(_is_number(one) for one in value)
    return "" if good else "must be a list of numbers, such as [0.0, 1.0]"


def table(value: object) -> str:
    """A table of numbers by name."""
    good = isinstance(value, dict) and all(_is_number(one) for one in value.values())
    return "" if good else "must be a table of numbers, such as { drums = 0.4 }"


def shares(value: object) -> str:
    """A table of numbers from 0 to 1 by name."""
    good = isinstance(value, dict) and not any(share(one) for one in value.values())
    return "" if good else "must be a table of numbers from 0 to 1, such as { intro = 1.0 }"


def texts_by_name(value: object) -> str:
    """A table of texts by name."""
    good = isinstance(value, dict) and not any(text(one) for one in value.values())
    return "" if good else 'must be a table of texts, such as { drums = "drum machine" }'


def lists(value: object) -> str:
    """A table of lists of texts by name."""
    good = isinstance(value, dict) and not any(some_texts(one) for one in value.values())
    return "" if good else 'must be a table of lists, such as { "synth bass" = ["reese bass"] }'


def pair_of_lists(value: object) -> str:
    """Two lists of texts."""
    good = isinstance(value, list) and len(value) == 2 and not any(some_texts(one) for one in value)
    return "" if good else 'must be two lists, such as [["rock"], ["blues"]]'


def one_of(*allowed: str | int) -> Check:
    """One of some texts or numbers."""
    return lambda value: "" if value in allowed else f"must be one of {', '.join(map(str, allowed))}"


def some_of(*allowed: str) -> Check:
    """A list of some texts."""
    return lambda value: texts(value) or ("" if set(value) <= set(allowed) else f"may hold {', '.join(allowed)}")


def meters(value: object) -> str:
    """A list of meters such as 4/4."""
    good = isinstance(value, list) and value and all(_is_meter(one) for one in value)
    return "" if good else 'must be a list of meters, such as ["4/4", "6/8"]'


def _is_meter(value: object) -> bool:
    upper, slash, lower = value.partition("/") if isinstance(value, str) else ("", "", "")
    return bool(slash) and upper.isdecimal() and int(upper) > 0 and lower in ("2", "4", "8", "16")


GENRE: dict[str, Check] = {
    "name": text, "bpm": span, "meters": meters, "swing": share, "modes": some_texts, "instruments": some_texts,
    "vocals": one_of(*_VOCALS), "feel": numbers(3), "length": span, "traits": some_of(*_TRAITS), "covers": some_texts,
    "themes": some_texts, "unites": pair_of_lists, "language": text, "tempos": spans,
    "played": lists, "stands_in": some_texts,
}  # fmt: skip
FAMILY: dict[str, Check] = {"name": text, "themes": some_texts, "heads": some_texts}
REQUIRED = {
    "genre": ("name", "bpm", "meters", "swing", "modes", "instruments", "vocals", "feel", "length"),
    "family": ("name", "themes"),
}
SECTIONS: dict[str, dict[str, Check]] = {
    "words": {"names": text, "adjectives": text, "weak": text, "lone": text},
    "hints": dict.fromkeys(("words", "instruments", "together", "voices", "singers", "languages", "modes"), some_texts),
    "ensemble": dict.fromkeys(("rhythm", "group", "alone", "keyboard", "orchestra", "percussion"), some_texts),
    "uses": dict.fromkeys(ENTRIES, some_texts),
    "arrangement": {
        "swing_unit": number, "loose": number, "colors": some_texts, "rest": one_of("triad", "sixth"),
        "enters": table, "registers": table,
        "intros": some_texts, "breaks": some_numbers, "counter": some_texts, "backing": flag,
        "choir_parts": one_of(0, 3, 4), "chanted": flag, "builds": number, "tuning": number, "lifts": share,
        "line_s": number, "answered": flag, "riffs": shares, "turns": share,
        "high_chords": flag,
    },
    "mix": {
        "kit": text, "machine": text, "sampled": flag, "room": number, "bright": share, "wet": number, "echo": number,
        "echo_beats": number, "duck": number, "lofi": share, "range": number, "glue": number, "sweep": share,
        "forward": number, "pocket": share, "dip": number, "ridden": number,
        "pull": share, "loudness": number, "width": share,
        "tone": numbers(5), "curve": numbers(5), "levels": table, "wet_by": table, "voices": lists,
    },
    "energy": dict.fromkeys(SECTION_KINDS, share),
    "decades": dict.fromkeys(("1950s", "1960s", "1970s", "1980s", "1990s"), texts_by_name),
}  # fmt: skip
