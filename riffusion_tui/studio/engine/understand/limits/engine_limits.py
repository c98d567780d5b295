"""What a prompt asks for that the engine can't do, in sentences for the user; and genres that stand in for others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_sheets.lyric_files import chords_in
from riffusion_tui.lyric_sheets.pasted_lyrics import singers_in
from riffusion_tui.lyric_sheets.unsung_text import has_address
from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S
from riffusion_tui.studio.engine.understand.casts.stand_ins import stand_ins
from riffusion_tui.studio.engine.understand.figures.stated_chords import read_chords, simplified
from riffusion_tui.studio.engine.understand.limits.artists_as_models import names_a_model
from riffusion_tui.studio.engine.understand.limits.likely_lyrics import looks_like_lyrics
from riffusion_tui.studio.engine.understand.limits.successions import ONE_TEMPO, successions
from riffusion_tui.studio.engine.understand.limits.wording import article
from riffusion_tui.studio.engine.understand.lyrics_language import lyrics_language
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.singer import (
    asks_for_vocals,
    is_duet,
    is_voiced_without_lyrics,
    is_wordless,
)
from riffusion_tui.studio.engine.understand.singers.stated_instrumental import is_stated_instrumental
from riffusion_tui.studio.engine.understand.stated_subject import states_a_subject
from riffusion_tui.studio.engine.understand.timing.tempo import is_of_a_section
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import LATIN, WRITTEN, name_of
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tokens import phrase

UNSUNG = "The song is instrumental, so the lyrics aren't sung."
DUETS = "The studio has one singer or a choir; it can't sing duets."
ONE_MANNER = "The singer keeps one manner of singing throughout a song."
_TWO = 2
_SHOWN_CHORDS = 4
_BEGINS = frozenset({"starts", "begins"})


def limits(reading: Reading, voices: Reading, genre: tables.Genre, *, sung: bool, writes: bool) -> tuple[str, ...]:
    """Return the limits that a prompt meets.

    Args:
        reading: the prompt's.
        voices: the same without the words that name an ensemble of players.
        genre: the plan's.
        sung: the song has vocals.
        writes: the engine writes the lyrics.
    """
    found = [*_of_the_words(reading, genre, sung=sung, writes=writes)]
    if sung and (is_duet(voices) or _sings_in_turn(voices)):
        found.append(DUETS)
    if names_a_model(reading):
        found.append("The studio knows no artists or songs by name; describe the sound instead.")
    if any(_is_plain_noise(mention) for mention in reading.positive("instrument")):
        found.append("The studio has no plain noise; rain, a stream or wind takes its place.")
    others = genre_stand_ins(reading, genre.name)
    found += [f"The studio has no {other}; {genre.name} takes its place." for other in others]
    for named, instead in stand_ins(reading, genre):
        found.append(f"The studio has no {named}; {_in_its_place(instead)}.")
    found += _unknown_chords(reading)
    if _changes_tempo(reading):
        found.append(ONE_TEMPO)
    found += successions(reading)
    if float(reading.first("length") or 0) > MAX_LENGTH_S:
        found.append(f"A song lasts at most {MAX_LENGTH_S / 60:.0f} minutes.")
    return tuple(found)


def _unknown_chords(reading: Reading) -> Iterator[str]:
    """Yield each chord that the engine doesn't know, and the one that it plays instead."""
    progressions = (reading.text[one.start : one.end] for one in reading.stated if one.kind == "chords")
    for chord, known in dict.fromkeys(pair for text in progressions for pair in simplified(text)):
        yield f"The studio doesn't know the chord {chord}; it plays {known} instead."


def _sings_in_turn(reading: Reading) -> bool:
    """Whether several singers have parts of their own: `two rappers`, `call and response singers`."""
    words = reading.norms
    voiced = positions(reading.positive("vocal"))
    several = [at for at in voiced if words[at] in context_words("several singers")]
    if several and any(one.meaning == "call and response" for one in reading.positive("structure")):
        return not bool(reading.choirs())
    for at in several:
        number = numbers().get(words[at - 1] if at - 1 not in voiced else words[max(0, at - 2)], 1) if at else 1
        if number == _TWO or (number > _TWO and words[at] in context_words("other than singing")):
            return True
    return False


def of_given_lyrics(lyrics: str, *, states_chords: bool) -> Iterator[str]:
    """Yield the limits that the user's lyrics meet; their chords aren't missed if the prompt states some."""
    if has_address(lyrics):
        yield "Web and mail addresses in the lyrics aren't sung."
    if len(singers_in(lyrics.split("\n"))) > 1:
        yield DUETS
    if not states_chords and (chords := chords_in(clean_text(lyrics))):
        # only what is read as a progression is worth putting there
        advice = f"chords: {' '.join(chords[:_SHOWN_CHORDS])}"
        way = f'; put them in the prompt: "{advice}"' if any(read_chords(advice)) else ""
        yield f"The chords in the lyrics aren't played{way}."


def written_only(code: str) -> str:
    """Return the limit that lyrics in another language, an ISO 639-1 code, meet."""
    return f"The studio writes lyrics in {name_of(WRITTEN)} only; give {name_of(code)} lyrics to have them sung."


def _of_the_words(reading: Reading, genre: tables.Genre, *, sung: bool, writes: bool) -> Iterator[str]:
    """Yield the limits that the lyrics meet."""
    code = lyrics_language(reading, genre)
    if sung and writes and code != WRITTEN and not (code == LATIN and not states_a_subject(reading)):
        yield written_only(code)
    elif sung and writes and WRITTEN in reading.refused_values("language"):
        yield f"The studio writes lyrics in {name_of(WRITTEN)} only; give other lyrics to have them sung."
    if (
        sung
        and not writes
        and code not in {*read_data("letters.toml"), *read_data("delivery.toml")["scripts"]["other"]}
    ):
        yield f"The studio has no spelling rules for {name_of(code)}, which is read as {name_of(WRITTEN)}."
    if writes and looks_like_lyrics(reading):
        yield "What looks like lyrics is read as a description; put [Verse] above it to have it sung."
    if sung and writes and is_wordless(reading):
        yield "The studio sings words only; it can't hum, scat or yodel."
    if not sung and not writes:
        yield UNSUNG
    if not sung and is_voiced_without_lyrics(reading):
        yield "The studio sings words only; without lyrics, the song is instrumental."
    elif is_stated_instrumental(reading) and asks_for_vocals(reading):
        yield "The prompt asks for vocals and for no vocals; the song is instrumental."


def _in_its_place(instead: str) -> str:
    """Return `an oboe takes its place`, or `bagpipes take their place`."""
    if instead.endswith("s"):
        return f"{instead} take their place"
    return f"{article(instead)} {instead} takes its place"


def _changes_tempo(reading: Reading) -> bool:
    """Whether the tempo is to change: `gets faster`, `a slow bridge`, `90 bpm, then 140`; not `no tempo changes`.

    `The tempo starts slowly` says no more than that it is slow.
    """
    norms = reading.norms
    if len({one.value for one in reading.stated if one.kind == "tempo"}) > 1:
        return True
    if any(is_of_a_section(reading, mention) for mention in reading.positive("tempo")):
        return True
    return any(
        norms[at - 1 : at] not in (["no"], ["without"])
        and not (norms[at - 1 : at] == ["tempo"] and norms[at] in _BEGINS and at + len(words) == len(norms))
        for at, words in phrases_in(norms, context("tempo changes"))
    )


def _is_plain_noise(mention: Mention) -> bool:
    """Whether it is a noise by color: `white noise`."""
    return mention.meaning == "nature sounds" and mention.word.lower().endswith("noise")


def genre_stand_ins(reading: Reading, genre: str) -> Iterator[str]:
    """Yield the names of other genres for which the prompt's genre stands in, each once."""
    named = [one for one in reading.positive("genre") if one.meaning == genre]
    words = dict.fromkeys(tuple(token.norm for token in reading.tokens[one.at : one.last + 1]) for one in named)
    missing = _missing(genre)
    yield from (missing[one] for one in words if one in missing)


@cache
def _missing(genre: str) -> dict[tuple[str, ...], str]:
    return {phrase(name): name for name in genre_files.genres()[genre]["genre"].get("stands_in", ())}
