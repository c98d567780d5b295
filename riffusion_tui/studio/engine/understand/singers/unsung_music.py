"""Music that is usually played, not sung: beats, dance tunes, covers on an instrument."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import UNTUNED
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.stated_subject import subject
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import follows, phrases_in
from riffusion_tui.studio.engine.understand.words.tables import genre_families

_NEAR = 5
"""Words before pictures that are searched for a `for`."""


def asks_for_a_beat(reading: Reading) -> bool:
    """Whether the prompt asks for a beat, on which others rap: `dark trap beat`; not a song `over a drill beat`.

    A beat of no genre is what the prompt begins with: `beat, 140 bpm`, `hard beat`; not `flute, steady beat`.
    """
    named = positions(reading.positive("genre"))
    for one in reading.positive("instrument"):
        beat = reading.tokens[one.last].norm in ("beat", "beats")
        of_a_genre = not named.isdisjoint((one.at - 1, one.last - 1, one.last))
        if beat and (of_a_genre or _is_requested(reading, one) or (not named and _is_called_for(reading, one))):
            before = {token.norm for token in reading.tokens[: one.last]}
            return not subject(reading) and before.isdisjoint(context_words("over a beat"))
    return False


def _is_requested(reading: Reading, beat: Mention) -> bool:
    """Whether the prompt begins with a verb such as `make` and the beat: `make a beat like old school rap`."""
    before = {token.norm for token in reading.tokens[: beat.at]}
    others = before - context_words("requests") - context_words("determiners")
    return not context_words("requests").isdisjoint(before) and others <= {"me", "i"}


def _is_called_for(reading: Reading, beat: Mention) -> bool:
    """Whether a beat is what the prompt wants, not how something is played: it is in its first words, at their end."""
    words = reading.tokens[: beat.last + 2]
    if beat.last and words[beat.last - 1].norm == "type":
        return True
    drummed = {token.norm for token in words[beat.at : beat.last]} & context_words("drummed")
    after = words[beat.last + 1 :]
    ends = not after or after[0].gap != "" or after[0].norm in context_words("after a beat")
    ends = ends or after[0].norm.isdecimal()
    return ends and not drummed and not any(token.gap for token in words[1 : beat.last + 1])


def is_a_dance_tune(reading: Reading) -> bool:
    """Whether the prompt asks for a tune that is played, not sung: `Irish reel`, `hornpipe`.

    A song is sung, and what tells about something, as a `polka about beer` does.
    """
    words = set(reading.norms)
    return names_a_dance_tune(reading) and not reading.subject_places and words.isdisjoint({"song", "songs"})


def names_a_dance_tune(reading: Reading) -> bool:
    """Whether the prompt names a dance whose tune is usually played: a reel, a waltz of folk or classical music."""
    genres = reading.positive("genre")
    words = tuple(token.norm for token in reading.tokens)
    families = {tables.genres()[one.meaning].family for one in genres}
    phrases = [one for one in context("dance tunes") if len(one) > 1]
    phrases += context("folk dances") if genres and families <= genre_families("of played dances") else ()
    named = any(mention.word.lower().split()[-1] in context_words("dance tunes") for mention in genres)
    return named or any(phrases_in(words, phrases))


def is_behind_pictures(reading: Reading) -> bool:
    """Whether the music plays behind something: `music for my cooking video`; not a song for it."""
    words = reading.norms
    if not (context_words("songs") | context_words("sung pieces")).isdisjoint(words):
        return False
    shown = [at for at, word in enumerate(words) if word in context_words("pictures")]
    before = ({*words[max(0, at - _NEAR) : at]} for at in shown)
    after = any(not context_words("before pictures").isdisjoint(each) for each in before)
    return after or any(phrases_in(words, context("behind pictures")))


def plays_over_a_beat(reading: Reading) -> bool:
    """Whether an instrument has the tune over a beat: `flute over a hip hop beat`, `a violin plays over house`."""
    beats = {one.last for one in reading.positive("instrument") if one.word.lower().endswith(("beat", "beats"))}
    beats |= {one.last for one in reading.positive("genre")}
    tokens = reading.tokens
    for one in reading.positive("instrument"):
        at = one.last + 1
        at += follows(tokens, at, context_words("performing"))
        over = follows(tokens, at, ("over",))
        if over and tables.instruments()[one.meaning].family not in UNTUNED and beats & {*range(at, at + _NEAR)}:
            return True
    return False


def is_a_cover(reading: Reading) -> bool:
    """Whether an instrument plays the tune of a song: `piano cover`."""
    return any(follows(reading.tokens, one.last + 1, ("cover", "covers")) for one in reading.positive("instrument"))
