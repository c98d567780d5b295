"""What the engine made of a prompt, as lines of (text, shade)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.shaded_lines import Lines, label
from riffusion_tui.tui.state.song.song_chart import list_of
from riffusion_tui.tui.state.times import span

_VOICES = ("any", "none", "male", "female", "child", "choir", "children")
"""Who sings, in the studio's words."""
_PLAIN = frozenset({"", "genre", "tempo", "key", "mode", "meter", "length"})
"""Choices that need no name beside their value."""
_MAX_DIGITS = 12
"""Maximum digits of a number formatted as a tempo or a length; longer ones are shown unchanged."""


def plan_lines(song: Song | None, length_s: float | None = None) -> Lines:
    """Return what a song's plan says: limits, what was understood, ignored and chosen, who plays, how it was made.

    `length_s` is the song's length, which takes the place of the one that was chosen: it may end a little earlier.
    """
    if song is None or not song.plan:
        return []
    lists = {
        name: list_of(song.plan.get(name)) for name in ("limits", "understood", "ignored", "chosen", "instruments")
    }
    rows = (
        (message("plan.understood"), meanings(map(_kind_and_meaning, lists["understood"])), "making"),
        (message("plan.ignored"), list(dict.fromkeys(map(str, lists["ignored"]))), "dim"),
        (message("plan.chosen"), _choices(lists["chosen"], length_s), "dim"),
        (message("plan.band"), band_of(song), "dim"),
        (message("plan.instruments"), [] if band_of(song) else list(map(str, lists["instruments"])), "dim"),
        (message("plan.pronunciation"), _text(song.plan.get("pronunciation")), "dim"),
        (message("plan.sounds"), _text(song.plan.get("sounds")), "dim"),
        (message("plan.engine"), _engine(song), "dim"),
    )
    lines: Lines = [[(str(limit), "attention")] for limit in lists["limits"]]
    lines += [[label(name), ("  ".join(words), shade)] for name, words, shade in rows if words]
    return [*lines, []] if lines else []


def band_of(song: Song) -> list[str]:
    """Return who plays and sings, if the service says so."""
    return [str(one) for one in list_of(song.plan.get("stems"))]


def _engine(song: Song) -> list[str]:
    """Return the engine and its version, if the service states both: other versions make other songs."""
    name, version = song.plan.get("engine"), song.plan.get("engine_version")
    return [message("song.engine", name=name, version=version)] if _text(name) and isinstance(version, int) else []


def _text(value: object) -> list[str]:
    return [value] if isinstance(value, str) and value else []


def _kind_and_meaning(term: object) -> tuple[str, str]:
    if isinstance(term, Mapping):
        return str(term.get("kind", "")), str(term.get("meaning") or term.get("word") or "")
    if isinstance(term, list | tuple) and term:
        return str(term[1]) if len(term) == 3 else "", str(term[-1])
    return "", str(term)


def meanings(words: Iterable[tuple[str, str]]) -> list[str]:
    """Format the (kind, meaning) of detected words, each once, a key with its mode: `C major`."""
    found: list[str] = []
    before = ""
    for kind, meaning in words:
        if kind == "mode" and before == "key":
            found[-1] += f" {meaning}"
        else:
            found.append(meaning_text(kind, meaning))
        before = kind
    return list(dict.fromkeys(found))


def meaning_text(kind: str, meaning: str) -> str:
    """Format the meaning of a detected word: `120 bpm`, `0:30`, `no drums`."""
    if kind == "avoid":
        return message("song.without", what=meaning)
    if kind in ("softer", "louder"):
        return message(f"song.{kind}", what=meaning)
    if (kind, meaning) == ("vocal", "none"):
        return message("options.instrumental")
    plain = len(meaning) <= _MAX_DIGITS and meaning.replace(".", "", 1).isdecimal()
    if kind == "tempo" and plain:
        return message("song.bpm", bpm=float(meaning))
    return span(float(meaning)) if kind == "length" and plain else meaning


def _choices(chosen: Iterable[object], length_s: float | None) -> list[str]:
    """Format what the engine chose as a musician says it: `149 bpm`, `B minor`, `with vocals`."""
    pairs = [one if isinstance(one, list | tuple) and len(one) == 2 else ("", one) for one in chosen]
    kinds = {"bpm": "tempo", "length_s": "length"}
    known = [(kinds.get(str(name), str(name)), str(value)) for name, value in pairs]
    if length_s is not None:
        known = [(kind, f"{length_s:.3f}" if kind == "length" else value) for kind, value in known]
    plain = _PLAIN if any(kind == "mode" for kind, _ in known) else _PLAIN - {"key"}
    return meanings((kind, _choice(kind, value, plain)) for kind, value in known)


def _choice(kind: str, value: str, plain: frozenset[str]) -> str:
    if kind == "vocals" and value in _VOICES:
        return message(f"voice.{value}")
    return value if kind in plain else f"{kind} {value}"
