"""Word-sense disambiguation: `a house by the lake` is no genre, `a house track` is one."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.languages import is_sung_latin
from riffusion_tui.studio.engine.understand.lexicon import Sense, context_words, lone_names, weak_words
from riffusion_tui.studio.engine.understand.matching import Match, within
from riffusion_tui.studio.engine.understand.tables import CHOIRS, instruments
from riffusion_tui.studio.engine.understand.tokens import Token

_AHEAD = 4
_WHOLE = frozenset({"instrument", "avoid", "negation", "postfix"})
"""Kinds of phrases whose words have no senses of their own."""
_SPEEDS = ("tempo", "pace", "speed", "rhythm")
_TEMPO_TAGS = ("medium", "moderate", "average", "mid", "moderately", "walking", "middle", "upbeat", "lively", "brisk")
"""Words that mean the tempo if they stand alone between commas: `..., medium, ...`."""
_GENRE_TEMPOS = ("medium", "moderate", "mid", "brisk")
"""Words that mean the tempo before a genre: `medium swing`."""
_MANNERS = ("style", "kind", "type", "sort", "genre", "form", "variety", "blend", "mix", "fusion")

_ONLY = frozenset({"only", "just", "solely", "purely"})
_BEFORE_GENRE = frozenset({"of", "in"})
_BEFORE_FIGURE = frozenset({"at", "in", "around", "about", "for"})
_AFTER_DISTANCE = frozenset({"from", "away", "ago", "old", "before", "after", "by", "outside"})
"""After a figure, these make it a distance in space or time, not the song's length."""


class Disambiguator:
    """Decides which senses of each match apply in one prompt."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        matches: tuple[Match, ...],
        figures: frozenset[int],
        languages: frozenset[int],
    ) -> None:
        """Take the prompt's tokens and matches, and the positions of stated figures (`90 bpm`) and languages."""
        self._tokens = tokens
        self._figures = figures
        self._languages = languages
        self._starts = {match.first: match for match in matches}
        self._ends = {match.last: match for match in matches}

    def of(self, match: Match) -> Iterator[Sense]:
        """Yield the senses of `match` that apply in its context."""
        shadowed = match.meaning("shadow") is not None
        for kind, meaning in match.senses:
            if kind in ("shadow", "negation", "postfix", "use"):
                continue
            if shadowed and kind in (
                "genre",
                "instrument",
                "tempo",
                "soft tempo",
                "vocal",
                "structure",
                "production",
                "energy",
                "flavour",
            ):
                continue
            if self._holds(match, kind, meaning):
                if meaning == "a cappella" and self._sings_with_an_instrument(match):
                    meaning = "voice"
                yield ("tempo" if kind == "soft tempo" else kind), meaning
        kinds = {kind for kind, _ in match.senses}
        off_beat = match.meaning("production") == "syncopated"
        if match.last > match.first and not shadowed and not off_beat and not kinds & _WHOLE:
            yield from self._inside(match)

    def _inside(self, match: Match) -> Iterator[Sense]:
        """Yield the instruments and voices inside a longer phrase: `minimalist piano`, `pitched vocals`."""
        for inner in within(self._tokens, match):
            sung = inner.meaning("vocal")
            if sung not in (None, "none") and match.meaning("vocal") is None and match.meaning("structure") is None:
                yield "vocal", sung or ""
            meaning = inner.meaning("instrument")
            a_beat = self._tokens[inner.first].norm in ("beat", "beats")
            named = match.meaning("genre") is not None and meaning in ("bass", "drums") and not a_beat
            if meaning is not None and not named:
                yield "instrument", meaning

    def _holds(self, match: Match, kind: str, meaning: str) -> bool:
        if kind == "genre":
            return not self._yields(match) and (not self._is_weak(match) or self._means_music(match))
        if kind == "soft tempo":
            return self._beside_tempo(match)
        if kind == "vocal" and self._describes_an_instrument(match):
            return False
        if kind == "vocal" and meaning == "none":
            following = self._next(match.last)
            return following is None or following.norm not in context_words("parts")
        return True

    def _yields(self, match: Match) -> bool:
        """Whether it names no genre beside others: `italian` in `italian disco`, `latin` that a choir sings."""
        if match.first in self._languages and self._is_weak(match):
            return True
        if match.first == match.last and is_sung_latin(self._tokens, match.first) and self._has_a_choir():
            return True
        return self._is_lone(match) and any(self._is_a_genre(one) for one in self._starts.values())

    def _is_lone(self, match: Match) -> bool:
        return tuple(token.norm for token in self._tokens[match.first : match.last + 1]) in lone_names()

    def _is_a_genre(self, match: Match) -> bool:
        named = match.meaning("genre") is not None and not self._is_lone(match)
        return named and match.meaning("shadow") is None and (not self._is_weak(match) or self._means_music(match))

    def _has_a_choir(self) -> bool:
        return any(meaning in CHOIRS for one in self._starts.values() for _, meaning in one.senses)

    def _sings_with_an_instrument(self, match: Match) -> bool:
        """Whether `only` covers an instrument too: `piano and voice only`, `just vocals and guitar`."""
        if not any(token.norm in _ONLY for token in self._tokens[match.first : match.last + 1]):
            return False
        following = self._next(match.last)
        if following is not None and following.norm == "and":
            beside = self._starts.get(match.last + 2)
        else:
            before = match.first > 0 and self._tokens[match.first - 1].norm == "and"
            beside = self._ends.get(match.first - 2) if before else None
        return beside is not None and beside.meaning("instrument") is not None

    def _describes_an_instrument(self, match: Match) -> bool:
        """Whether the word describes an instrument, not a voice: `the didgeridoo hums`, `a wailing guitar`."""
        after = self._starts.get(match.last + 1)
        if self._tokens[match.last].norm in context_words("sounding adjectives") and after is not None:
            return after.meaning("instrument") is not None and not self._tokens[after.first].gap
        before = self._ends.get(match.first - 1)
        played = before.meaning("instrument") if before is not None else None
        verb = self._tokens[match.first]
        return (
            played is not None
            and not verb.gap
            and verb.norm in context_words("sounding verbs")
            and instruments()[played].family != "voice"
        )

    def _is_weak(self, match: Match) -> bool:
        return match.first == match.last and self._tokens[match.first].norm in weak_words()

    def _means_music(self, match: Match) -> bool:
        """Whether a weak genre word is a genre: before a music noun, or without an article or preposition."""
        if self._means_little(match):
            return False
        if self._music_follows(match.last) or self._is_a_manner_of(match) or self._is_beside_a_figure(match):
            return True
        if match.first == 0 or self._tokens[match.first].gap in ("hard", "soft"):
            return self._next(match.last) is None or not self._is_plain(match.last + 1)
        it_is = "'" in self._tokens[match.first - 1].typed.replace("’", "'")
        before = self._tokens[match.first - 1].norm if not it_is else "is"
        if before in context_words("determiners") and match.first > 1 and self._is_played(match.first - 2):
            return True
        return (
            before not in context_words("determiners")
            and before not in context_words("place prepositions")
            and not self._verb_before(match)
        )

    def _is_beside_a_figure(self, match: Match) -> bool:
        """Whether a figure stands beside it: `rock 15 seconds`; not `a house 2 minutes from here`."""
        before, after = match.first - 1, match.last + 1
        before -= before > 0 and self._tokens[before].norm in _BEFORE_GENRE
        after += after < len(self._tokens) and self._tokens[after].norm in _BEFORE_FIGURE
        if before in self._figures and not self._splits(before + 1, match.first):
            return True
        if after not in self._figures or self._splits(match.last + 1, after):
            return False
        while after in self._figures:
            after += 1
        return after == len(self._tokens) or self._tokens[after].norm not in _AFTER_DISTANCE

    def _splits(self, first: int, last: int) -> bool:
        """Whether a sentence ends before one of the tokens `first` to `last`."""
        return any(token.gap == "hard" for token in self._tokens[first : last + 1])

    def _means_little(self, match: Match) -> bool:
        """Whether it only means little of something: `minimal percussion`, `a minimal beat`."""
        word = self._tokens[match.last].norm
        following = self._starts.get(match.last + 1)
        return word == "minimal" and following is not None and following.meaning("genre") is None

    def _is_a_manner_of(self, match: Match) -> bool:
        """Whether a phrase before it announces a genre: `in the style of arabic pop`, `a kind of rock`."""
        before = [token.norm for token in self._tokens[max(0, match.first - 3) : match.first]]
        like = before[-2:] in (["like", "a"], ["like", "an"]) and before[:1] in (["sounds"], ["sound"], ["sounding"])
        return like or (len(before) > 1 and before[-2] in _MANNERS and before[-1] in ("of", "is"))

    def _music_follows(self, last: int) -> bool:
        for offset in range(1, _AHEAD + 1):
            at = last + offset
            if at >= len(self._tokens) or self._tokens[at].gap in ("hard", "soft"):
                return False
            word = self._tokens[at].norm
            if word in context_words("music nouns"):
                return True
            if word in ("and", "or"):
                continue
            if at not in self._starts or self._starts[at].meaning("genre") is not None:
                return at in self._starts and at == last + 1
        return False

    def _is_plain(self, at: int) -> bool:
        """Whether a word unknown to the lexicon continues the phrase at `at`, numbers skipped: `house 2 minutes`."""
        while at < len(self._tokens) and self._tokens[at].gap == "" and self._tokens[at].norm.isdecimal():
            at += 1
        if at == len(self._tokens) or self._tokens[at].gap != "":
            return False
        return at not in self._starts and self._tokens[at].norm not in context_words("stop")

    def _is_played(self, at: int) -> bool:
        """Whether the word at `at` is a verb of playing: `plays a march`."""
        return self._tokens[at].norm in context_words("playing") and self._tokens[at + 1].gap == ""

    def _verb_before(self, match: Match) -> bool:
        return self._tokens[match.first - 1].norm in ("to", "will", "can", "i", "we", "you", "they", "dont", "lets")

    def _beside_tempo(self, match: Match) -> bool:
        if match.meaning("energy") is None and self._before_a_song(match.last + 1):
            return True
        if self._tokens[match.first].norm in _GENRE_TEMPOS and self._before_a_lone_genre(match.last + 1):
            return True
        for offset, token in enumerate(self._tokens[match.last + 1 : match.last + 3]):
            if token.gap not in ("", "slash"):
                break
            beside_a_song = (
                offset == 0 and match.meaning("energy") is None and token.norm in context_words("song nouns")
            )
            if beside_a_song or token.norm in context_words("tempo nouns"):
                return True
            if token.norm not in ("and", "to", "fast", "slow", "medium", "moderate", "up", "steady"):
                break
        return self._tempo_is(match.first) or (
            self._tokens[match.first].norm in _TEMPO_TAGS and self._stands_alone(match)
        )

    def _before_a_lone_genre(self, at: int) -> bool:
        """Whether a genre follows, and then nothing: `medium swing, no vocals`."""
        there = self._starts.get(at)
        genre = there is not None and there.meaning("genre") is not None and not self._tokens[at].gap
        return genre and there is not None and self._next(there.last) is None

    def _before_a_song(self, at: int) -> bool:
        """Whether a song noun follows, at most with genres between: `an upbeat bluegrass number`."""
        there = self._starts.get(at)
        while there is not None and there.meaning("genre") is not None and not self._tokens[at].gap:
            at = there.last + 1
            there = self._starts.get(at)
        following = self._tokens[at : at + 1]
        return bool(following) and not following[0].gap and following[0].norm in context_words("song nouns")

    def _stands_alone(self, match: Match) -> bool:
        """Whether the word stands alone between commas: `..., medium, ...`."""
        return (match.first == 0 or self._tokens[match.first].gap != "") and self._next(match.last) is None

    def _tempo_is(self, first: int) -> bool:
        before = [token.norm for token in self._tokens[max(0, first - 6) : first]]
        start = next((at for at, word in enumerate(before) if word in _SPEEDS), len(before))
        return start < len(before) and all(
            word in context_words("tempo is") or word in context_words("song nouns") for word in before[start:]
        )

    def _next(self, at: int) -> Token | None:
        if at + 1 >= len(self._tokens) or self._tokens[at + 1].gap in ("hard", "soft"):
            return None
        return self._tokens[at + 1]
