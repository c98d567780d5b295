"""In which language the lyrics are sung, and how that is pronounced."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from riffusion_tui.studio.engine import sung_language
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.engine_errors import EspeakError
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.singing.pronounce import Known, is_listed, plain_word
from riffusion_tui.studio.engine.song_request import BUILT_IN, ESPEAK
from riffusion_tui.studio.engine.types import Note, Score
from riffusion_tui.studio.engine.understand.languages import name_of


def language_of(score: Score) -> str:
    """Return the language of a song's lyrics: an ISO 639-1 code of `letters.toml`."""
    return sung_language.language_of(score.lyrics, score.plan.language)


def language_code(score: Score) -> str:
    """Return the ISO 639-2 code of the lyrics' language, for tags; `XXX`, as in ID3, if it has no rules."""
    known = _is_spelled(score) and not _is_foreign(score)
    return str(read_data("delivery.toml")["codes"][language_of(score)]) if known else "XXX"


def _is_spelled(score: Score) -> bool:
    """Whether the lyrics have letters that the rules of `letters.toml` read."""
    return re.search("[a-zà-ſ]", _without_headings(score)) is not None


def words_of(notes: Sequence[Note]) -> Iterator[tuple[str, int]]:
    """Yield each word that is sung, and on how many notes; a note without a syllable is an empty word."""
    word, number = "", 0
    for place, note in enumerate(notes):
        word, number = word + note.syllable.removesuffix("-"), number + 1
        if not note.syllable.endswith("-") or place == len(notes) - 1:
            yield word, number
            word, number = "", 0


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How a song's words are pronounced."""

    description: str = ""
    """For the song's details: `English, dictionary, growled`; empty if nothing is sung."""
    known: Known = field(default_factory=dict)
    """Sounds of the words that an external program pronounced."""


def pronunciation_of(score: Score, by: str = BUILT_IN) -> Pronunciation:
    """Return how the lyrics are pronounced `by` one of `PRONOUNCERS`. If espeak-ng fails, the description says so."""
    notes = [note for track in score.tracks if track.role == "vocal" for note in track.notes]
    if not any(note.syllable for note in notes):
        return Pronunciation()
    found = Pronunciation(_built_in(score)) if by != ESPEAK else _by_program(score, notes)
    manner = manner_of(score.plan)
    return replace(found, description=f"{found.description}, {manner.name}") if manner else found


def _by_program(score: Score, notes: Sequence[Note]) -> Pronunciation:

    try:
        return _by_espeak(score, {plain_word(word) for word, _ in words_of(notes)} - {""})
    except EspeakError as error:
        return Pronunciation(f"{_built_in(score)} ({ESPEAK} {error})")


def _built_in(score: Score) -> str:
    if not _is_spelled(score):
        return "open vowels: the letters are unknown"
    return f"{_language(score)}, {'dictionary' if language_of(score) == 'en' else 'by its spelling'}"


def _language(score: Score) -> str:
    """Return the name of the lyrics' language, and of the one that it is read as if its letters have no rules."""
    read_as = name_of(language_of(score))
    return f"{name_of(score.plan.language)} read as {read_as}" if _is_foreign(score) else read_as


def _is_foreign(score: Score) -> bool:
    """Whether the lyrics are in a language without rules: as the prompt states, and no word of another is known."""
    return score.plan.language not in read_data("letters.toml") and not sung_language.detected(score.lyrics)


def _by_espeak(score: Score, words: set[str]) -> Pronunciation:
    from riffusion_tui.studio.engine.singing import espeak

    table = read_data("espeak.toml")
    text = _without_headings(score)
    scripts = Counter(unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
    code = (
        language_of(score)
        if scripts["LATIN"]
        else next((s for s, _ in scripts.most_common() if s in table["voices"]), "")
    )
    if not code:
        return Pronunciation(_built_in(score))
    voice = table["voices"][code]
    unknown = sorted(word for word in words if code != "en" or not is_listed(word))
    known = espeak.sounds_by_word(unknown, voice)
    if not known:
        return Pronunciation(_built_in(score))
    name = _language(score) if scripts["LATIN"] else table["names"][voice]
    return Pronunciation(f"{name}, {'dictionary and ' * (code == 'en')}{ESPEAK} {espeak.version()}", known)


def _without_headings(score: Score) -> str:
    return re.sub(r"\[.*?\]", "", score.lyrics.lower())
