"""Soloists who are everyone: `flute solo`, `a lone trumpet`, `trumpet solo with drums`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words, played_in
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import FAR, follows, precedes, start_of_clause
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import sentence_of

_MAX_PLAYERS = 3
_SOLO = ("solo", "solos")


def plays_alone(reading: Reading, requested: tuple[str, ...]) -> bool:
    """Whether one instrument plays alone: `flute solo`, `a lone trumpet`; in `metal, guitar solo` it is a section."""
    if len(requested) != 1 or reading.voices():
        return False
    words = reading.tokens
    larger = {at for at, token in enumerate(words) if token.norm in ensemble_words("larger")}
    # A piano ballad is a kind of piano music, not a band.
    if larger - positions(played_in(reading)):
        return False
    if _is_set_apart(reading):
        return True
    styles = {one.at: one.last for one in reading.positive("genre", "flavour")}
    for mention in reading.positive("instrument"):
        last = styles.get(mention.last + 1, mention.last)  # `guitarra flamenca sola`
        last += follows(words, last + 1, ("all",))  # `a ney all alone`
        inside = not ensemble_words("solo").isdisjoint((words[mention.at].norm, words[mention.last].norm))
        solo = inside or follows(words, last + 1, ensemble_words("solo"))
        if (solo or precedes(words, mention.at, ensemble_words("lone"))) and not _follows_something(reading, mention):
            return True
    return False


def _is_set_apart(reading: Reading) -> bool:
    """Whether `solo` stands between commas, and genres only describe the instrument: `flamenco guitar, solo`."""
    words = reading.tokens
    ends = [one.gap != "" for one in words[1:]] + [True]
    apart = any(one.norm == "solo" and one.gap and end for one, end in zip(words, ends, strict=True))
    kinds = [(_start_of_description(reading, one), one.last) for one in played_in(reading)]
    return apart and all(any(at <= one.at <= last for at, last in kinds) for one in reading.positive("genre"))


def _start_of_description(reading: Reading, soloist: Mention) -> int:
    """Return where the words begin that describe an instrument which is also a genre, or what is played on it.

    Examples: `spanish classical guitar`, `nostalgic waltz on a felt piano`.
    """
    first = soloist.at
    start = start_of_clause(reading.tokens, first, most=FAR)
    described = any(one.at == first for one in reading.positive("genre"))
    played_on = any(token.norm in context_words("solo for") for token in reading.tokens[start:first])
    return start if described or played_on else first


def _goes_on(reading: Reading, at: int, name: str) -> bool:
    """Whether something else than `name` sounds after a token: not in `guitar solo with lots of distortion`."""
    sentence = sentence_of(reading.tokens, at)
    kinds = ("instrument", "genre", "vocal", "structure", "flavour", "avoid")
    later = [one for one in reading.mentions if one.at > at and one.sentence == sentence]
    return any(one.kind in kinds and one.meaning != name for one in later) or not later


def _follows_something(reading: Reading, mention: Mention) -> bool:
    """Whether the soloist is part of something: after `with`, in a list with a genre, or in a part of the song.

    `sitar solo, raga` is for one player.
    """
    words = reading.tokens
    first = mention.at
    while first > 0 and words[first].gap == "":
        first -= 1
        if words[first].norm in ensemble_words("beside"):
            return True
    last = mention.last
    while last + 1 < len(words) and words[last + 1].gap == "":
        last += 1
        if words[last].norm in context_words("places of a solo") | tables.sections().keys() - {"solo"}:
            return True
        if words[last].norm in ("over", "with", "and", "then", "into") and _goes_on(reading, last, mention.meaning):
            return True
    others = [genre for genre in reading.positive("genre") if not first <= genre.at <= last]
    return any(first or tables.genres()[genre.meaning].family not in genre_families("of a soloist") for genre in others)


def accompanied_soloist(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return who plays if the prompt begins with a solo and names who accompanies it; empty if a genre has a band."""
    if not 1 < len(requested) <= _MAX_PLAYERS or not _begins_with(reading, reading.positive("instrument")[0]):
        return ()
    own = positions(reading.positive("instrument"))  # `jazzy piano`
    styled = any(one.at not in own for one in reading.positive("genre", "flavour"))
    return () if styled or not ensemble_words("larger").isdisjoint(reading.norms) else requested


def _begins_with(reading: Reading, soloist: Mention) -> bool:
    """Whether a solo comes first, and a word such as `with` joins the others to it."""
    words = reading.tokens
    last = soloist.last
    if not is_a_solo(soloist):
        if not follows(words, last + 1, _SOLO):
            return False
        last += 1
    before = {token.norm for token in words[: soloist.at]}
    return before <= {"a", "an", "the", "long"} and follows(words, last + 1, context_words("accompanied by"))
