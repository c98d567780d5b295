"""Which matches are negated: how far "no" and "without" reach forward, "absent" and "free" backward."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.negations.silenced import Silenced
from riffusion_tui.studio.engine.understand.words.lexicon import ABSENT, SOUNDING, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, meaning_of, within
from riffusion_tui.studio.engine.understand.words.neighbors import after_all, before_all, precedes
from riffusion_tui.studio.engine.understand.words.places import IN, JOINERS, Place, place_at, section_before
from riffusion_tui.studio.engine.understand.words.tokens import Token

_NOUNS = (
    "instrument",
    "vocal",
    "genre",
    "flavour",
    "production",
    "mood",
    "energy",
    "tempo",
    "structure",
    "soft tempo",
    "era",
    "gender",
    f"{ABSENT}avoid",
    f"{ABSENT}structure",
)
_OF_THE_SONG = ("genre", "flavour", "mood", "energy", "tempo", "soft tempo", "era")
"""Right after a sound, these describe the song: `no vocals jazz` is jazz."""
_QUALITIES = ("mood", "energy", "tempo", "genre", "flavour", "production")
_JOINERS = JOINERS | {"ne", "noch"}
_REACH = 8
"""Words between a negation and the first phrase it negates, at most."""
_MAX_WORDS = 30
"""Words that one negation covers, at most."""
_OF_A_SOUND = frozenset({"mood", "energy", "tempo", "soft tempo"})


class NegationScope:
    """The negated matches of one prompt, by their index in the list of matches."""

    def __init__(
        self, tokens: tuple[Token, ...], matches: tuple[Match, ...], others: frozenset[int] = frozenset()
    ) -> None:
        """Find them; the tokens `others` are no negations."""
        self._tokens = tokens
        self._matches = matches
        self._at = {match.first: position for position, match in enumerate(matches)}
        self._lasts = {match.last: position for position, match in enumerate(matches)}
        self._closed = -1
        silenced = Silenced(tokens, matches)
        self.negated = silenced.throughout
        self.places = silenced.places
        """Negated in some sections of the song only: `no drums in the intro`."""
        for position, match in enumerate(matches):
            minus = self._tokens[match.first].minus and match.has(*SOUNDING, f"{ABSENT}avoid")
            if minus or self._follows_nothing(match):
                self.negated.add(position)
            if not match.has("shadow") and match.first not in others | silenced.cues:
                self._apply(position)
        self.named = silenced.named - self.negated
        """Those of `places` that play elsewhere since the prompt names them: `piano, but not in the chorus`."""

    def _apply(self, position: int) -> None:
        """Negate what a match is about, if it is a negation."""
        match = self._matches[position]
        leads = match.has("negation")
        cue = leads or match.has("postfix")
        if cue and self._heads_a_list(match):
            self._list(match)
        elif self._says_something_else(match):
            return
        elif leads and not self._ends_a_thought(match):
            self._forward(position)
        elif cue:
            self._backward(position)
        elif self._goes_on(match):
            self._forward(position)

    def _ends_a_thought(self, cue: Match) -> bool:
        """Whether it negates the noun before it, since nothing follows: `percussion: no`, `drums - none`."""
        after = self._tokens[cue.last + 1].gap if cue.last + 1 < len(self._tokens) else "hard"
        before = self._lasts.get(cue.first - 1)
        return after != "" and before is not None and self._is_noun(before)

    def _says_something_else(self, cue: Match) -> bool:
        """Whether it negates nothing: `drums: off` and `negative: guitar` exclude, but not `missing mama`."""
        word = self._tokens[cue.last].norm
        if word == "missing":
            after = self._tokens[cue.last + 1 : cue.last + 2]
            return any(not token.gap and token.norm not in context_words("after missing") for token in after)
        return (word == "negative" and cue.first == cue.last) or (word == "off" and not self._ends_a_thought(cue))

    def _goes_on(self, match: Match) -> bool:
        """Whether a phrase that contains its "no" continues: `no other instruments or voices`."""
        after = [token.norm for token in self._tokens[match.last + 1 : match.last + 2]]
        return self._tokens[match.first].norm in ("no", "without", "nobody", "noone") and after in (["or"], ["nor"])

    def _forward(self, position: int) -> None:
        """Negate the noun group after a negation, and what "or", "nor" or "and" joins to it."""
        cue = self._matches[position]
        if cue.first <= self._closed:
            return
        reached: list[int] = []
        at = cue.last + 1
        while at < len(self._tokens) and not self._ends(at, cue.last, bool(reached)):
            there = self._at.get(at)
            if there is None or not self._is_noun(there):
                at += 1 if there is None else self._matches[there].last - at + 1
                continue
            if reached and self._begins_a_list(reached[-1], there):
                break
            reached.append(there)
            at = self._matches[there].last + 1
            if self._tokens[cue.first].norm in context_words("negating one phrase"):
                break
        self._closed = at if at < len(self._tokens) and self._tokens[at].norm in context_words("except") else cue.last
        reached = [there for there in reached if not _has_a_quality(self._tokens, self._matches, there, cue.last)]
        place = self._place(cue, at)
        if place is None:
            self.negated.update(reached)
        else:
            self.places.update(dict.fromkeys(reached, place))

    def _follows_nothing(self, match: Match) -> bool:
        """Whether it is a quality that nothing is to have: `nothing urgent`, `nothing too loud`."""
        at = before_all(self._tokens, match.first, context_words("nothing too"))
        return precedes(self._tokens, at, ("nothing",)) and match.has(*_QUALITIES)

    def _heads_a_list(self, cue: Match) -> bool:
        """Whether a colon follows: `exclude: drums, vocals`."""
        return any(token.colon for token in self._tokens[cue.last + 1 : cue.last + 2])

    def _list(self, cue: Match) -> None:
        """Negate every noun to the end of the sentence, or to the next heading: `exclude: drums, vocals, mood: sad`."""
        at = cue.last + 1
        while at < len(self._tokens) and (at == cue.last + 1 or self._tokens[at].gap != "hard"):
            if any(token.colon for token in self._tokens[at + 1 : at + 2]):
                return
            there = self._at.get(at)
            if there is not None and self._is_noun(there):
                self.negated.add(there)
            at = at + 1 if there is None else self._matches[there].last + 1

    def _begins_a_list(self, last: int, there: int) -> bool:
        """Whether a word after a sound is the next in a list of tags: `no drums male voice`, `no vocals jazz`."""
        before, after = self._matches[last], self._matches[there]
        compound = self._tokens[before.last].norm in context_words("compounds")  # `not synth-driven indie rock`
        if self._tokens[after.first - 1].norm in ("style", "styled") and not before.has("genre", *SOUNDING):
            return after.has("genre")  # `no woman no cry style reggae`
        begins = (compound or before.has(*SOUNDING)) and after.has(*SOUNDING, *_OF_THE_SONG)
        return begins and after.first == before.last + 1 and not self._tokens[after.first].gap

    def _ends(self, at: int, cue: int, something: bool) -> bool:
        token = self._tokens[at]
        if token.gap == "hard" or (token.gap == "soft" and not self._list_goes_on(at, something)):
            return True
        word = token.norm
        if at - cue > _MAX_WORDS or self._is_cue(at) or self._has_its_own_no(at):
            return True
        if not something:
            reach = 1 if self._tokens[cue].norm == "non" else _REACH
            return at - cue > reach or word in ("but", "just", "only")
        if word in ("plays", "play") and self._tokens[at - 1].norm in ("or", "nor"):
            return False  # `nobody sings or plays drums`
        if word in context_words("end") or word in context_words("except"):
            return True
        if word in _JOINERS:
            return not self._joins(at, cue)
        return (
            at not in self._at
            and word not in context_words("negated fillers")
            and word not in context_words("music nouns")
        )

    def _is_cue(self, at: int) -> bool:
        there = self._at.get(at)
        return there is not None and self._matches[there].meaning("negation") is not None

    def _has_its_own_no(self, at: int) -> bool:
        """Whether a phrase with a negation of its own begins: `no caller, no words`, `no drums no words`."""
        there = self._at.get(at)
        return there is not None and self._tokens[at].norm in ("no", "without") and self._is_noun(there)

    def _joins(self, at: int, cue: int) -> bool:
        """Whether the joined noun is negated too: in `no drums and bass`, `no jazz or rock`, not in `and a piano`.

        Args:
            at: the token that joins it.
            cue: the negation's last token; a verb excludes everything joined, `avoid drums and jazz`.
        """
        following = after_all(self._tokens, at + 1, ("any", "no", "the", "without"))
        there = self._at.get(following)
        if there is None:
            return self._tokens[at].norm != "and"
        verb = self._tokens[self._matches[self._lasts[cue]].first].norm in context_words("negating verbs")
        more = ("genre", f"{ABSENT}avoid") if verb or self._tokens[at].norm != "and" else ()
        more = (*more, "production") if more or self._tokens[following].norm in context_words("effects") else more
        return self._matches[there].has("negation", "instrument", "vocal", *more)

    def _list_goes_on(self, at: int, something: bool) -> bool:
        """Whether a negated list continues after a comma: in `no drums, bass or vocals`, not in `no drums, piano`."""
        if self._tokens[at].norm in ("or", "nor"):
            return something
        for token in self._tokens[at + 1 : at + (8 if something else 4)]:
            if token.gap == "hard" or token.norm in context_words("end"):
                return False
            if token.norm in ("or", "nor"):
                return True
        return False

    def _is_noun(self, position: int) -> bool:
        match = self._matches[position]
        return match.has(*_NOUNS) and not match.meaning("negation")

    def _place(self, cue: Match, at: int) -> Place | None:
        """Return the sections that the words from token `at` on name, or the one before `without`; None if none."""
        there = place_at(self._tokens, at)
        section = section_before(self._tokens, cue.first) if there is None else None
        return Place(IN, (section,), cue.first) if section else there

    def _backward(self, position: int) -> None:
        """Negate the nouns before `absent` or `none`; `not sung` is about singers only."""
        if self._matches[position].meaning("vocal") is not None and not self._follows_a_singer(position):
            return
        at = self._matches[position].first - 1
        steps = 0
        while at >= 0 and steps < 4 and self._tokens[at + 1].gap != "hard":
            there = self._lasts.get(at)
            if there is not None and self._is_noun(there):
                self.negated.add(there)
                at = self._matches[there].first - 1
                steps = 0
                if at < 0 or self._tokens[at].norm not in _JOINERS:
                    return
            at -= 1
            steps += 1

    def _follows_a_singer(self, position: int) -> bool:
        before = self._lasts.get(self._matches[position].first - 1)
        return before is not None and self._matches[before].has("vocal", "gender")


def _has_a_quality(tokens: tuple[Token, ...], matches: tuple[Match, ...], position: int, cue: int) -> bool:
    """Whether a match is a sound that stays, since an adjective of quality stands between it and the negation.

    Args:
        tokens: the prompt's.
        matches: its phrases.
        position: the match's.
        cue: the negation's last token.
    """
    sound = matches[position]
    before = sound.first - 1
    if before <= cue or tokens[sound.first].gap or not sound.has(*SOUNDING):
        return False
    last = next((one for one in matches if one.last == before), None)
    if last is None:
        return tokens[before].norm in context_words("qualities")
    return all(kind in _OF_A_SOUND for kind, _ in last.senses)


def negated_qualities_apart(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return the matches, with `loud drums` after a negation as two: its first word is negated, the sound is not."""
    found: list[Match] = []
    for one in matches:
        apart = _is_negated(tokens, found, one.first) and _is_a_quality_of_a_sound(tokens, one)
        found.extend(within(tokens, one) if apart else (one,))
    return tuple(found)


def _is_negated(tokens: tuple[Token, ...], before: list[Match], at: int) -> bool:
    """Whether a negation precedes token `at`, with no more than articles between them."""
    at = before_all(tokens, at, context_words("before a quality"))
    return (
        bool(before) and not tokens[at].gap and before[-1].last == at - 1 and before[-1].meaning("negation") is not None
    )


def _is_a_quality_of_a_sound(tokens: tuple[Token, ...], one: Match) -> bool:
    """Whether it means no more than its words after the first; `heavy guitars` are a kind of their own."""
    words = tuple(token.norm for token in tokens[one.first : one.last + 1])
    if len(words) == 1 or not _is_a_quality(words[0]):
        return False
    sound = meaning_of(words[1:], "instrument")
    return sound is not None and (one.meaning("instrument") == sound or one.has("production"))


def _is_a_quality(word: str) -> bool:
    return word in context_words("qualities") or any(meaning_of((word,), kind) for kind in _OF_A_SOUND)


def negated_qualities(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> frozenset[int]:
    """Return the positions of words of quality right after a negation, `cheesy` in `no cheesy 80s synths`."""
    ends = {one.last for one in matches if one.has("negation")}
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if not token.gap and at - 1 in ends | found and token.norm in context_words("qualities"):
            found.add(at)
    return frozenset(found)
