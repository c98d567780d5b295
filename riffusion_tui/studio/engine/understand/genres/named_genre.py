"""The genre that a prompt names, and the one blended into it."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from riffusion_tui.studio.engine.datafiles import split_words
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words, usual_players
from riffusion_tui.studio.engine.understand.genres.genres_of_players import TOGETHER, hints, of_these_together, vote
from riffusion_tui.studio.engine.understand.instruments.named_instruments import named_in
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import codes
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words, lone_names, weak_words
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

_TURNED = (["make", "it"], ["making", "it"], ["turned", "into"], ["but", "as"])
"""Right before the genre that another one is turned into: `jazz but make it country`; so does `but`."""
_NATIONALITY = 0.35
"""Weight of a nationality before a genre: it is blended into that, never the other way round."""


def named(reading: Reading) -> tuple[str | None, str | None]:
    """Return the genre that the prompt names and the one blended into it, or None."""
    weights = _without_excluded(reading, _without_singers(reading, _weights(reading)))
    if not weights:
        return None, None
    ranked = sorted(weights, key=lambda name: -weights[name])
    best = _of_the_works_players(reading, _best(reading, ranked, weights))
    family = tables.genres()[best].family
    works = {one.meaning for one in reading.positive("genre") if phrase(one.word) in lone_names()}
    works = {name for name in works if tables.genres()[name].family == family}
    others = [name for name in ranked if name not in {best, *works} and not _within(best, name)]
    others.sort(key=lambda name: tables.genres()[name].family == family)
    second = others[0] if others else None
    union = _union(best, second)
    return (union, None) if union else (best, second)


def is_only_colored(reading: Reading) -> bool:
    """Whether the prompt has only adjectives of genres: `a jazzy piano`."""
    return not reading.positive("genre")


def _union(first: str, second: str | None) -> str | None:
    """Return the genre that two others make, named together: blues and rock make blues rock."""
    pairs = ((name, genre.unites) for name, genre in tables.genres().items() if genre.unites)
    return next((name for name, (a, b) in pairs if (first in a and second in b) or (first in b and second in a)), None)


def _without_excluded(reading: Reading, weights: dict[str, float]) -> dict[str, float]:
    """Return the weights without excluded genres; `no rap, hip hop` excludes a singer, not the genre that it names."""
    stated = {mention.meaning for mention in reading.positive("genre")}
    excluded = {
        mention.meaning
        for mention in reading.negative("genre", "flavour")
        if mention.meaning not in stated
        or (mention.kind == "genre" and phrase(mention.word) == phrase(mention.meaning))
    }
    return {name: weight for name, weight in weights.items() if name not in excluded}


def _best(reading: Reading, ranked: list[str], weights: dict[str, float]) -> str:
    """Return the genre with the most weight, or a narrower one; beside one that is only a purpose, the next."""
    best = ranked[0]
    narrower = [name for name in ranked[1:] if weights[name] > weights[best] - 0.4 and _within(name, best)]
    if narrower:
        return narrower[0]
    is_purpose = "purpose" in tables.genres()[best].traits
    is_purpose |= len(ranked) > 1 and _is_scored_for(reading, best, ranked[1])
    return ranked[1] if is_purpose and len(ranked) > 1 and weights[ranked[1]] > 0.4 else best


def _is_scored_for(reading: Reading, scene: str, other: str) -> bool:
    """Whether players of another genre play what only a scene names: `final boss, heavy metal guitars`."""
    scenes = [one for one in reading.positive("genre") if one.meaning == scene]
    genre = tables.genres()[scene]
    of_a_film = genre.family != "cinematic" or genre.family in genre.covers
    if of_a_film or any(phrase(one.word) not in lone_names() for one in scenes):
        return False
    players = {one.at for one in reading.positive("instrument")}
    return any(one.at in players for one in reading.positive("flavour") if one.meaning == other)


def _of_the_works_players(reading: Reading, name: str) -> str:
    """Return the genre of a kind of work if others play it than usual: a prelude for harpsichord is baroque."""
    works = {one.meaning for one in reading.positive("genre") if phrase(one.word) in lone_names()}
    family = tables.genres()[name].family
    players = [player for player, _ in named_in(reading, tables.genres()[name])]
    played = family == "classical" and tables.genres()[name].vocals == "none"
    if name in works and played and not any(token.norm in ensemble_words("concertos") for token in reading.tokens):
        fits = of_these_together(reading)
        if fits and (tables.genres()[fits[0]].family == family or "drums" in players):
            return fits[0]
    if name not in works or not _is_of_a_soloist(name) or set(players) <= {*_soloist(name)}:
        return name
    alike = [one for one, genre in tables.genres().items() if genre.family == family and genre.vocals == "none"]
    soloists = (one for one in alike if _is_of_a_soloist(one) and set(players) <= {*_soloist(one)})
    others = [one for one in alike if one != name]
    return next(soloists, None) or _most_played_by(reading, players, others) or name


def _most_played_by(reading: Reading, players: list[str], genres: list[str]) -> str | None:
    """Return the genre, of some, that the players suggest most; None if they suggest none of these."""
    votes: dict[str, float] = {}
    for player in players:
        vote(votes, split_words(hints()["instruments"].get(player, "")), 1.0)
    vote(votes, of_these_together(reading), TOGETHER)
    return max((one for one in genres if one in votes), key=lambda one: votes[one], default=None)


def _soloist(name: str) -> tuple[str, ...]:
    """Return who alone plays a genre's works; empty if several do."""
    return usual_players("alone", tables.genres()[name])


def _is_of_a_soloist(name: str) -> bool:
    return bool(_soloist(name))


def _without_singers(reading: Reading, weights: dict[str, float]) -> dict[str, float]:
    """Leave out genres of another family that only say how somebody sings: a trap beat with a gospel choir is trap."""
    voices = reading.voices()
    bands = context_words("singers as a band")
    sung = {(one.at, one.last) for one in voices if stem(reading.tokens[one.last].norm) not in bands}
    starts = {at for at, _ in sung}
    singers, others = set[str](), set[str]()
    for mention in reading.positive("genre", "flavour"):
        after = reading.after(mention)
        before_singer = mention.last + 1 in starts and bool(after) and after[0].gap == ""
        alone = (mention.at, mention.last) in sung or before_singer
        (singers if alone else others).add(mention.meaning)
    families = {tables.genres()[name].family for name in others}
    left_out = {name for name in singers - others if families and tables.genres()[name].family not in families}
    return {name: weight for name, weight in weights.items() if name not in left_out}


def _weights(reading: Reading) -> dict[str, float]:
    weights: dict[str, float] = {}
    order = 0
    before: Mention | None = None
    starts = {mention.at: mention for mention in reading.positive("genre")}
    for mention in reading.positive("genre", "flavour"):
        if _is_a_work_of_a_composer(reading, mention) or _is_said_again(reading, mention, before):
            continue
        weight = (1.0 if mention.kind == "genre" else 0.45) * (0.3 if mention.use else 1.0) - 0.03 * min(order, 8)
        weight -= 0.3 * _is_weak(reading, mention)
        weight -= 0.4 * _is_of_a_show(reading, mention)
        weight += 0.12 * _is_specific(reading, mention) + _beside(reading, mention)
        if before is not None and before.last + 1 == mention.at and reading.tokens[mention.at].gap == "":
            weight += 0.15
        if _is_a_nationality(reading, mention, starts.get(mention.last + 1)):
            weight = _NATIONALITY
        weights[mention.meaning] = max(weights.get(mention.meaning, 0.0), weight) + (
            0.2 if mention.meaning in weights else 0.0
        )
        before, order = mention, order + 1
    return weights


def _is_said_again(reading: Reading, mention: Mention, before: Mention | None) -> bool:
    """Whether it repeats the genre right before it, for emphasis: `jazz jazz jazz`."""
    if before is None or reading.tokens[mention.at].gap:
        return False
    return (before.word.lower(), before.last + 1) == (mention.word.lower(), mention.at)


def _is_specific(reading: Reading, mention: Mention) -> bool:
    """Whether it is a genre's name of several words; not if that can also describe the music, as `big beat` can."""
    typed = _typed(reading, mention)
    return mention.kind == "genre" and len(typed) > 1 and typed not in context("described")


def _is_of_a_show(reading: Reading, mention: Mention) -> bool:
    """Whether it says what a song opens or ends: `an anime opening`."""
    return _typed(reading, mention) in context("songs of shows")


def _typed(reading: Reading, mention: Mention) -> tuple[str, ...]:
    return tuple(token.norm for token in reading.tokens[mention.at : mention.last + 1])


def _is_a_work_of_a_composer(reading: Reading, mention: Mention) -> bool:
    """Whether it is a kind of work, beside a composer whose style the music has: `bach prelude`."""
    if mention.kind != "genre" or phrase(mention.word) not in lone_names():
        return False
    family = tables.genres()[mention.meaning].family
    others = [one for one in reading.positive("flavour") if not mention.at <= one.at <= mention.last]
    return any(tables.genres()[one.meaning].family == family for one in others)


def _is_a_nationality(reading: Reading, mention: Mention, after: Mention | None) -> bool:
    """Whether it is the nationality of a genre that says what a song is for: `a korean ballad`.

    With players of its own music, it is a genre: `persian love song, setar, daf`.
    """
    if after is None or mention.at < mention.last or reading.tokens[after.at].gap:
        return False
    own = tables.genres()[mention.meaning].instruments
    if any(one.meaning in own for one in reading.positive("instrument")):
        return False
    return reading.tokens[mention.at].norm in codes() and "purpose" in tables.genres()[after.meaning].traits


def _beside(reading: Reading, mention: Mention) -> float:
    """Return a weight by the words beside it: `rock song` names a genre, `rock-tinged` is an adjective."""
    following = [token for token in reading.after(mention, 2) if not token.begins_phrase]
    if following and following[0].norm in _related("color"):
        return -0.5 if mention.kind == "genre" else 0.0
    if following and following[0].norm in _related("head") and mention.kind == "genre":
        return 0.2
    before = reading.tokens[mention.at - 1].norm if mention.at else ""
    turned = [token.norm for token in reading.tokens[max(0, mention.at - 2) : mention.at] if not token.gap]
    if (
        turned in _TURNED or (turned[-1:] == ["but"] and not reading.tokens[mention.at].gap)
    ) and mention.kind == "genre":
        return 0.5
    if before in ("genre", "style") or (mention.at > 1 and reading.tokens[mention.at - 2].norm == "genre"):
        return 0.3
    if _is_covered(reading, mention):
        return -0.5
    return -0.1 if before in context_words("place prepositions") else 0.0


def _is_covered(reading: Reading, mention: Mention) -> bool:
    """Whether it is the genre of a song that another genre covers: `a bluegrass cover of a metal song`."""
    before = reading.tokens[max(0, mention.at - NEAR) : mention.at]
    words = [token.norm for token in before]
    covers = any(pair in context("covers") for pair in pairwise(words))
    return covers and not any(token.gap == "hard" for token in before[1:])


def _is_weak(reading: Reading, mention: Mention) -> bool:
    """Whether it is an ordinary word before something else than a song: `acid synth bass` is not acid house."""
    if mention.last > mention.at or reading.tokens[mention.at].norm not in weak_words():
        return False
    following = reading.after(mention)
    kinds = {one.last for one in reading.positive("genre")}
    if mention.at - 1 in kinds and not reading.tokens[mention.at].gap:
        return False  # `celtic metal with bagpipes`
    return bool(following) and following[0].gap == "" and following[0].norm not in _related("head")


def _within(narrow: str, broad: str) -> bool:
    return narrow != broad and tables.genres()[narrow].family in tables.genres()[broad].covers


@cache
def _related(name: str) -> frozenset[str]:
    return frozenset(tables.word_lists("relations").get(name, ()))
