"""Whether a kind of voice is a singer, or only the size of an instrument; and whether a word groups players."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes, numbers
from riffusion_tui.studio.engine.understand.words.tables import genres, instruments
from riffusion_tui.studio.engine.understand.words.tokens import stem

_SAXES = {"soprano": "soprano sax", "alto": "sax", "tenor": "tenor sax", "baritone": "baritone sax"}
_HORNS = frozenset({"alto", "tenor"})
"""Kinds of which jazz musicians mean the saxophone."""
_LISTED_HORNS = frozenset({"trumpet", "trombone"})
"""Right beside these, one is in any popular music."""
_BESIDE_A_SAX = frozenset({"drums", "trumpet", "trombone"})
"""In a list with these, they do, too."""
_SECTIONS = ("strings", "brass")
"""Whole sections: `strings choir` lists two."""


def is_a_size(context: PromptContext, match: Match) -> bool:
    """Whether an instrument follows, of which it is the size: `tenor banjo`, `alto and tenor recorders`."""
    return _kind(context, match) in context_words("voice types") and _sized(context, match) is not None


def saxophone(context: PromptContext, match: Match) -> str | None:
    """Return the saxophone that a kind of voice means: in `alto and tenor sax`, `jazz with tenor, bass and drums`."""
    kind = _kind(context, match)
    if kind not in _SAXES:
        return None
    sized = _sized(context, match)
    if sized is not None:
        return _SAXES[kind] if sized.endswith("sax") else None
    if kind == "baritone" and _is_among_brass(context, match):
        return "trombone"
    if _is_a_group_of_saxes(context):
        return _SAXES[kind]
    after, before = context.after(match), context.before(match)
    if before is not None and before.has("vocal") and context.tokens[match.first].bracket:
        return None  # `a singer (alto)`
    sings = after is not None and after.has("vocal")
    if kind not in _HORNS or (sings and _kind(context, after or match) not in context_words("voice types")):
        return None
    named = [meaning for one in context.starts.values() if (meaning := one.meaning("genre")) is not None]
    played = {one.meaning("instrument") for one in context.starts.values()}
    jazz = any(genres()[name].family == "jazz" for name in named)
    horns = _is_among_horns(context, match) and not any(genres()[name].family == "classical" for name in named)
    return _SAXES[kind] if jazz or horns or (not named and _BESIDE_A_SAX & played) else None


def _is_among_brass(context: PromptContext, match: Match) -> bool:
    """Whether brass instruments are listed right before and after it: `2 trumpets, horn, baritone, tuba`."""
    beside = (_listed_before(context, match), _listed_after(context, match))
    played = [one.meaning("instrument") if one is not None else None for one in beside]
    return all(name is not None and instruments()[name].family == "brass" for name in played)


def _is_among_horns(context: PromptContext, match: Match) -> bool:
    """Whether a trumpet or a trombone is listed right before or after it: `horns: trumpet, tenor, trombone`."""
    beside = (_listed_before(context, match), _listed_after(context, match))
    joined = context.joins(match.first, match.last + 1)
    return joined and any(one is not None and one.meaning("instrument") in _LISTED_HORNS for one in beside)


def _is_a_group_of_saxes(context: PromptContext) -> bool:
    """Whether the prompt is about saxophones: `saxophone quartet with four altos`."""
    saxes = [one.last for one in context.starts.values() if (one.meaning("instrument") or "").endswith("sax")]
    after = [token for last in saxes for token in context.tokens[last + 1 : last + 2]]
    sizes = ensemble_sizes()
    return any(not token.gap and (token.norm in sizes or is_a_group_of(token.norm, "sax")) for token in after)


def is_a_bass_singer(context: PromptContext, match: Match) -> bool:
    """Whether `bass` is a voice: in a list with others (`soprano and bass`), or in an opera or a mass."""
    if _kind(context, match) not in ("bass", "basso"):
        return False
    beside = (_listed_before(context, match), _listed_after(context, match))
    if any(one is not None and _is_a_voice(context, one) for one in beside):
        return True
    named = [genres()[name] for one in context.starts.values() if (name := one.meaning("genre")) is not None]
    return any(one.family == "classical" and "sung" in one.traits for one in named)


def _kind(context: PromptContext, match: Match) -> str:
    return stem(context.tokens[match.first].norm) if match.first == match.last else ""


def _is_a_voice(context: PromptContext, match: Match) -> bool:
    named = _kind(context, match) in context_words("voice types") and match.has("vocal")
    return named and not is_a_size(context, match) and saxophone(context, match) is None


def _sized(context: PromptContext, match: Match) -> str | None:
    """Return the instrument whose size the word is, at the end of a list of sizes."""
    tokens, at = context.tokens, match.last + 1
    while at < len(tokens) and tokens[at].gap != "hard":
        there = context.starts.get(at)
        played = there.meaning("instrument") if there is not None else None
        kind = stem(tokens[at].norm)
        if there is not None and played is not None and kind != "bass":
            directly = stem(tokens[at - 1].norm) in context_words("voice types") and not tokens[at].gap
            phrased = kind in _SAXES and there.last > there.first
            return played if (directly or phrased) and instruments()[played].family != "voice" else None
        if kind not in context_words("voice types") and tokens[at].norm not in ("and", "or"):
            return None
        at += 1
    return None


def _listed_before(context: PromptContext, match: Match) -> Match | None:
    at = match.first - 1
    at -= at > 0 and context.tokens[at].norm in numbers()
    at -= at > 0 and context.tokens[at].norm in ("and", "or")
    return context.ends.get(at) if match.first else None


def _listed_after(context: PromptContext, match: Match) -> Match | None:
    at = match.last + 1
    at += at < len(context.tokens) and context.tokens[at].norm in ("and", "or")
    at += at < len(context.tokens) and context.tokens[at].norm in numbers()
    return context.starts.get(at)


def groups_an_instrument(context: PromptContext, match: Match) -> bool:
    """Whether the word follows an instrument of which several play: `trombone choir`, `mandolin orchestra`."""
    before = context.before(match)
    if match.first < match.last or before is None or context.tokens[match.first].gap:
        return False
    return is_a_group_of(context.tokens[match.first].norm, before.meaning("instrument") or "")


def is_a_group_of(word: str, instrument: str) -> bool:
    """Whether a word after an instrument means several of it; `word` is normalized."""
    if instrument in ("", *_SECTIONS) or word not in _families():
        return False
    return instruments()[instrument].family in _families()[word]


@cache
def _families() -> dict[str, frozenset[str]]:
    """Return the families of instruments that each word groups."""
    rows = read_data("lexicon/ensembles.toml")["several"]
    return {word: frozenset(split_words(families)) for word, families in rows.items()}
