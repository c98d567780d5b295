"""The reading of a prompt: all that it mentions, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TypeVar, cast

from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.song_plan import RecognizedTerm
from riffusion_tui.studio.engine.understand.figures.stated import NOTE, SWING, Stated
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import places_of
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import WRITTEN
from riffusion_tui.studio.engine.understand.words.lexicon import SOUNDING
from riffusion_tui.studio.engine.understand.words.mention import Mention, positions, positive
from riffusion_tui.studio.engine.understand.words.tokens import Token

__all__ = ["Mention", "Reading"]

SUBJECT_GENRE = "subject genre"
"""Kind of a genre that the song is about, which may have another: `song about jazz`, `punk about a lullaby`."""
_SHOWN_KINDS = {
    "flavour": "genre", SUBJECT_GENRE: "genre", "gender": "vocal", "new key": "key", "new mode": "mode",
    "tuning": "key", "bars": "structure", "bars of the form": "structure", "bars of each section": "structure",
    SWING: "production", "section bars": "structure", "interval": "structure", "form": "structure",
}  # fmt: skip
_AROUND = " \t\n,;:"
"""Signs around a word that are no part of it."""


@dataclass(slots=True)
class Reading:
    """Everything that a prompt mentions, in order."""

    text: str
    tokens: tuple[Token, ...]
    stated: tuple[Stated, ...]
    mentions: list[Mention] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    names: tuple[range, ...] = ()
    """Positions of names of people and animals; those that `and` joins are one range."""
    placed: tuple[Mention, ...] = ()
    """What the prompt excludes in some sections of the song, or wants only there."""
    language: str = WRITTEN
    """In which the prompt itself is written: an ISO 639-1 code."""
    models: tuple[range, ...] = ()
    """Positions of names of artists and works that the prompt takes as models: `in the style of Taylor Swift`."""
    refused: tuple[Stated, ...] = ()
    """What the prompt states that it doesn't want: `not in C major`."""
    subject_places: frozenset[int] = frozenset()
    """Positions of the words that only say what the song is about."""

    derived: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What functions that are `derived_once` returned."""

    @property
    def norms(self) -> list[str]:
        """The prompt's words, normalized."""
        return [token.norm for token in self.tokens]

    def after(self, mention: Mention, count: int = 1) -> tuple[Token, ...]:
        """Return the tokens after a mention, at most `count`."""
        return self.tokens[mention.last + 1 : mention.last + 1 + count]

    def first(self, kind: str) -> str | None:
        """Return the first stated value of a kind of `Stated`."""
        return next((stated.value for stated in self.stated if stated.kind == kind), None)

    def refused_values(self, kind: str) -> frozenset[str]:
        """Return the values of a kind of `Stated` that the prompt refuses."""
        return frozenset(one.value for one in self.refused if one.kind == kind)

    def positive(self, *kinds: str) -> list[Mention]:
        """Return the mentions of some kinds that are not negated."""
        return positive(self.mentions, *kinds)

    def choirs(self) -> list[Mention]:
        """Return the mentions of choirs that are not negated."""
        return [mention for mention in self.positive("instrument") if mention.meaning in CHOIRS]

    def negated_places(self) -> set[int]:
        """Return the positions of the words that are negated."""
        return positions(mention for mention in self.mentions if mention.negated)

    def stated_characters(self, *kinds: str) -> set[int]:
        """Return the characters of what is stated, of some kinds or of all."""
        found = (one for one in self.stated if not kinds or one.kind in kinds)
        return {at for one in found for at in range(one.start, one.end)}

    def voices(self) -> list[Mention]:
        """Return the mentions of voices that are not negated; `instrumental` is none."""
        return [mention for mention in self.positive("vocal") if mention.meaning != "none"]

    def meanings(self, *kinds: str) -> tuple[str, ...]:
        """Return the meanings of the mentions of some kinds that are not negated, each once."""
        return tuple(dict.fromkeys(mention.meaning for mention in self.positive(*kinds)))

    def felt(self, *kinds: str) -> list[Mention]:
        """Return the mentions of some kinds that say how the song feels.

        What it is about says so only if nothing else does: `upbeat song about sad people` is not sad.
        """
        found = [one for one in self.mentions if not one.negated]
        first = min(self.subject_places, default=0)
        moods = any(one.kind == "mood" and one.at not in self.subject_places for one in found)
        stated = moods or any(
            one.kind == "energy" and one.at < first for one in found
        )  # later `light drums` may follow
        return [one for one in found if one.kind in kinds and not (stated and one.at in self.subject_places)]

    def negative(self, *kinds: str) -> list[Mention]:
        """Return the negated mentions of some kinds."""
        return [mention for mention in self.mentions if mention.kind in kinds and mention.negated]

    def recognized(self) -> tuple[RecognizedTerm, ...]:
        """Return the understood words, one entry per meaning, in the prompt's order."""
        found: dict[tuple[int, RecognizedTerm], None] = {}
        for stated in (one for one in self.stated if one.kind != NOTE):
            word = self.text[stated.start : stated.end].strip(_AROUND)
            term = RecognizedTerm(word, _SHOWN_KINDS.get(stated.kind, stated.kind), stated.meaning)
            found[(stated.start, term)] = None
        for stated in self.refused:
            word = self.text[stated.start : stated.end].strip(_AROUND)
            shown = f"{_SHOWN_KINDS.get(stated.kind, stated.kind)} {stated.meaning}"
            found[(stated.start, RecognizedTerm(word, "avoid", shown))] = None
        levels = {mention.at for mention in (*self.mentions, *self.placed) if mention.kind in (SOFTER, LOUDER)}
        places = places_of(self.placed)
        wanted = {(mention.kind, mention.meaning) for mention in self.mentions if not mention.negated}
        sung = any(mention.kind == "vocal" and mention.at in self.subject_places for mention in self.mentions)
        for mention in self.mentions:
            if mention.negated and mention.kind not in SOUNDING and (mention.kind, mention.meaning) in wanted:
                continue  # `chill but not too sleepy`
            if mention.kind == "structure" and mention.at in places:
                continue  # `no drums in verse` has it already
            if mention.kind == "gender" and mention.at in self.subject_places and not sung:
                continue  # `about my late father`
            if mention.at in levels and (mention.kind == "instrument" or mention.meaning == "voice"):
                continue  # `softer` already says that it plays
            kind = "avoid" if mention.negated else _SHOWN_KINDS.get(mention.kind, mention.kind)
            term = RecognizedTerm(mention.word, kind, _shown_meaning(mention))
            found[(self.tokens[mention.at].start, term)] = None
        for mention in self.placed:
            kind = mention.kind if mention.kind in (SOFTER, LOUDER) else "structure"
            kind = "avoid" if mention.negated or mention.kind == "avoid" else kind
            term = RecognizedTerm(mention.word, kind, f"{_shown_meaning(mention)} {mention.place}")
            found[(self.tokens[mention.at].start, term)] = None
        return tuple(dict.fromkeys(term for _, term in sorted(found, key=lambda pair: pair[0])))


_T = TypeVar("_T")


def derived_once(function: Callable[[Reading], _T]) -> Callable[[Reading], _T]:
    """Derive something from a reading only once: its subject is needed sixty times a plan. Do not change the result."""

    @wraps(function)
    def derived(reading: Reading) -> _T:
        if function not in reading.derived:
            reading.derived[function] = function(reading)
        return cast("_T", reading.derived[function])

    return derived


def _shown_meaning(mention: Mention) -> str:
    """Return its meaning: of a manner of singing a `gritty voice`, of an excluded section its kind.

    Of an excluded sound it is the prompt's word: `no autotune`.
    """
    if mention.kind == "production" and mention.negated:
        return mention.word.lower()
    if mention.kind == "structure" and mention.negated:
        return tables.sections().get(mention.word.lower(), mention.meaning)
    if mention.kind != "vocal" or mention.meaning != "voice":
        return mention.meaning
    named = (tables.manners().get(word, "") for word in mention.word.lower().split())
    return f"{next(filter(None, named), '')} voice".strip()
