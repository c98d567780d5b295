"""Who sings a cappella: one singer, or several."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.singers.singer import is_duet, vocals
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words


def sings_with_others(reading: Reading, genre: tables.Genre | None) -> bool:
    """Whether several sing a cappella: a choir, harmonies, or what groups usually sing; not `a man sings a cappella`.

    Args:
        reading: of a prompt with unaccompanied vocals.
        genre: the plan's, None if that is not known.
    """
    words = said(reading)
    if words & lone_words("several") or vocals(reading) in CHOIR_VOICES or is_duet(reading) or _has_parts(reading):
        return True
    if genre is None:
        return True
    spoken = read_data("delivery.toml")["spoken"]
    spoken_words = split_words(f"{spoken['rapped']}, {spoken['recited']}")
    speaks = words & set(spoken_words) or genre.name in spoken["genres"]
    if words & lone_words("one") or _only_vocals(reading) or speaks:
        return False
    return not reading.positive("genre") or genre.vocals in CHOIR_VOICES or "sung" in genre.traits


def _has_parts(reading: Reading) -> bool:
    """Whether others answer, or sing beside a kind of voice: `call and response`, `doo-wop with a bass singer`."""
    for one in reading.positive("vocal"):
        at = one.at - 1
        at -= at > 0 and reading.tokens[at].norm in context_words("determiners")
        kinds = {reading.tokens[place].norm for place in one.span} & lone_words("parts")
        if kinds and at >= 0 and reading.tokens[at].norm in ("with", "plus"):
            return True
    return any(one.meaning == "call and response" for one in reading.positive("structure"))


def _only_vocals(reading: Reading) -> bool:
    """Whether the prompt wants just the vocals of a song: `vocals only`."""
    mentions = [one for one in reading.positive("vocal") if one.meaning == "a cappella"]
    return any(not lone_words("only").isdisjoint(one.word.lower().split()) for one in mentions)


def said(reading: Reading) -> set[str]:
    """Return the words of the prompt that it does not exclude."""
    excluded = reading.negated_places()
    return {
        token.norm
        for at, token in enumerate(reading.tokens)
        if at not in excluded and not (at and reading.tokens[at - 1].norm in ("no", "without"))
    }


def lone_words(name: str) -> frozenset[str]:
    """Return a list of words of `ensembles.toml` that say whether a singer is alone."""
    return tables.word_set("ensembles", "lone_singer", name)
