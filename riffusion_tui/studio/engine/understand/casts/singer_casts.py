"""The cast of a singer's solo, and of a song for a voice and one instrument: `a lone voice`, `piano and voice`."""

from __future__ import annotations

from functools import partial
from itertools import takewhile

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import with_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import persons
from riffusion_tui.studio.engine.understand.singers.unaccompanied_singers import lone_words, said
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import start_of_clause

_words = partial(tables.word_set, "ensembles", "accompanied")
NOT_ALONE = frozenset({"drums", "percussion", "fx", "synth"})
"""Families of instruments that accompany nobody by themselves."""
_ONE_VOICE = ("male", "female", "voice")
"""Meanings of words for a singer, of whom there may be one."""


def accompanying_cast(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the instrument that alone accompanies a singer, a plain guitar as an acoustic one; empty without one."""
    hands = read_data("lexicon/ensembles.toml")["accompanied_choir"]["hands"]
    if len(requested) != 1:
        return ()
    if tables.instruments()[requested[0]].family in NOT_ALONE and requested[0] not in split_words(hands):
        return ()
    excluded = reading.negated_places()
    if any(token.norm in _words("larger") for at, token in enumerate(reading.tokens) if at not in excluded):
        return ()
    genres = [tables.genres()[one.meaning] for one in reading.positive("genre")]
    if any(_words("genres").isdisjoint((one.family, one.name)) for one in genres):
        return ()
    intimate = all(not _words("intimate").isdisjoint((one.family, one.name)) for one in genres)
    named = [one for one in reading.positive("instrument") if not _is_of_a_section(reading, one)]
    played = next((one for one in named if _is_with_a_singer(reading, one)), None)
    played = played or next((one for one in named if intimate and _is_sung_to(reading, one)), None)
    if played is None:
        own = tables.instruments()[requested[0]]
        able = bool(named) and own.family in _words("alone") and "chords" in own.roles
        return requested if able and _is_one_singer(reading) else ()
    return with_plain_guitar(reading, requested)


def _is_of_a_section(reading: Reading, played: Mention) -> bool:
    """Whether an instrument only begins or ends the song: `wind chimes intro`."""
    following = [token for token in reading.after(played) if not token.gap]
    return any(tables.sections().get(token.norm, "solo") != "solo" for token in following)


def _is_one_singer(reading: Reading) -> bool:
    """Whether the prompt counts its singers, and there is one: `one guy singing softly`."""
    words = reading.tokens
    singers = [one.at for one in reading.positive("vocal") if one.meaning in ("male", "female", "voice")]
    counted = {words[at].norm for at in singers} | {words[at - 1].norm for at in singers if at and not words[at].gap}
    return not counted.isdisjoint(_words("one"))


def _is_with_a_singer(reading: Reading, played: Mention) -> bool:
    """Whether a voice and the instrument are joined, but not part of a band: `song with guitar and vocals`.

    So are persons and what they have: `a man and his guitar`.
    """
    words = reading.norms
    people = {one.last for one in persons(reading)}
    for at in (at for at, word in enumerate(words) if at in people or word in _words("voices")):
        first, last = (played.last, at) if at > played.last else (at, played.at)
        between = words[first + 1 : last]
        if reading.tokens[last].begins_phrase:
            continue  # `him and her, wind chimes`
        counted = between == ["one"]  # `an old man's voice, one guitar`
        if (_words("joined") & set(between) and set(between) <= _words("between")) or counted:
            if words[max(at, played.last) + 1 :][:1] == ["only"]:
                return True
            start = min(at, played.at)
            while start > 0 and words[start - 1] in _words("between") - _words("beside"):
                start -= 1
            return start == 0 or reading.tokens[start].gap != "" or words[start - 1] not in _words("beside")
    return False


def _is_sung_to(reading: Reading, played: Mention) -> bool:
    """Whether somebody sings to the instrument, which ends the phrase: `mum sings very quietly with a guitar`."""
    tokens = reading.tokens
    if any(not token.gap for token in tokens[played.last + 1 : played.last + 2]):
        return False
    how = {at for one in reading.positive("energy", "mood") for at in range(one.at, one.last + 1)}
    for voice in reading.positive("vocal"):
        between = range(voice.last + 1, played.at)
        words = {tokens[at].norm for at in between if at not in how}
        joined = not _words("sung_to").isdisjoint(words) and words <= _words("sung_to") | _words("how")
        if tokens[voice.last].norm in _words("sings") and joined and not any(tokens[at].gap for at in between):
            return True
    return False


def accompaniment_of(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the only instrument of a singer's solo, a plain guitar as an acoustic one; empty if there are several."""
    if len(requested) != 1 or tables.instruments()[requested[0]].family in NOT_ALONE:
        return ()
    return with_plain_guitar(reading, requested)


def sings_solo(reading: Reading) -> bool:
    """Whether the prompt is about a singer's solo: `soprano solo`, `a lone voice`; not `pop, solo female vocals`."""
    words = reading.tokens
    if said(reading) & (lone_words("several") | ensemble_words("larger")):
        return False
    voices = [one for one in reading.positive("vocal") if one.meaning in _ONE_VOICE]
    inside = positions(voices)
    if any(one.at not in inside for one in reading.positive("genre")):
        return False
    longest = max(len(phrase.split()) for phrase in lone_words("after"))
    for voice in voices:
        before = [words[voice.at - 1].norm] if voice.at and not words[voice.at].gap else []
        before += [words[at].norm for at in range(voice.at, voice.last)]
        following = takewhile(lambda token: not token.gap, words[voice.last + 1 : voice.last + 1 + longest])
        after = " ".join(token.norm for token in following) + " "
        if set(before) & lone_words("before") or any(after.startswith(f"{word} ") for word in lone_words("after")):
            return not _is_part_of_something(reading, voice)
    return False


def _is_part_of_something(reading: Reading, voice: Mention) -> bool:
    """Whether the solo is part of something larger: `with soprano solo`."""
    first = start_of_clause(reading.tokens, voice.at)
    return any(token.norm in ensemble_words("beside") for token in reading.tokens[first : voice.at])
