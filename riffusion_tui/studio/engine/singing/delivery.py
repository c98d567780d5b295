"""In which language the lyrics are sung, and how that is pronounced."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.engine_errors import EspeakError
from riffusion_tui.studio.engine.pronunciation import sung_language
from riffusion_tui.studio.engine.pronunciation.numerals import spoken
from riffusion_tui.studio.engine.pronunciation.pronounce import Known, is_listed, is_read, plain_word
from riffusion_tui.studio.engine.score import CONTINUED, Note, Score
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.song_request import BUILT_IN, ESPEAK
from riffusion_tui.studio.engine.understand.words.languages import name_of


def language_of(score: Score) -> str:
    """Return the language of a song's lyrics: an ISO 639-1 code of `letters.toml`."""
    return sung_language.language_of(score.lyrics, score.plan.language)


def language_code(score: Score) -> str:
    """Return the ISO 639-2 code of the lyrics' language, for tags; `XXX`, as in ID3, if it has no rules."""
    known = _is_spelled(score) and not _is_foreign(score)
    return str(read_data("delivery.toml")["codes"][language_of(score)]) if known else "XXX"


def _is_spelled(score: Score) -> bool:
    """Whether the lyrics have letters that the rules of `letters.toml` read."""
    return re.search(r"[a-zà-ſ\d]", _without_headings(score)) is not None


def words_of(notes: Sequence[Note]) -> Iterator[tuple[str, int]]:
    """Yield each word that is sung, and on how many notes; a note without a syllable is an empty word."""
    word, number = "", 0
    for place, note in enumerate(notes):
        word, number = word + note.syllable.removesuffix("-").removeprefix(CONTINUED), number + 1
        following = notes[place + 1].syllable if place + 1 < len(notes) else ""
        if place == len(notes) - 1 or not (note.syllable.endswith("-") or following == CONTINUED):
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
    """Return how the lyrics are pronounced `by` `BUILT_IN` or `ESPEAK`. If espeak-ng fails, the description says so."""
    notes = [note for track in score.tracks if track.role == "vocal" for note in track.notes]
    if not any(note.syllable for note in notes):
        return Pronunciation()
    found = Pronunciation(_built_in(score)) if by != ESPEAK else _by_program(score, notes)
    manner = manner_of(score.plan)
    shown = f"{found.description}, {manner.name}" if manner else found.description
    unread = _unread(notes, language_of(score), found.known) if _is_spelled(score) else ()
    if unread:
        shown += f"; open vowels for {len(unread)} word{'s' * (len(unread) != 1)} with unknown letters"
    return replace(found, description=shown)


def _unread(notes: Sequence[Note], language: str, known: Known) -> set[str]:
    """Return the words that nothing pronounces, since their letters are unknown."""
    words = {plain_word(word) for word, _ in words_of(notes)} - {"", "'"}
    return {word for word in words if not is_read(word, language, known)}


def _by_program(score: Score, notes: Sequence[Note]) -> Pronunciation:

    try:
        language = language_of(score)
        words = (part for word, _ in words_of(notes) for part in spoken(word, language) or (word,))
        return _by_espeak(score, {plain_word(word) for word in words} - {""})
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
    from riffusion_tui.studio.engine.pronunciation import espeak

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
