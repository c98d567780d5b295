"""Reads who sings: male, female, child, choir, children, any or none."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import GROUP
from riffusion_tui.studio.engine.understand.reading.corrections.sampled_voices import is_a_sample
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.backing_choir import is_behind_a_singer
from riffusion_tui.studio.engine.understand.singers.gender import persons, styled_persons
from riffusion_tui.studio.engine.understand.singers.singing_players import gender_of_a_player
from riffusion_tui.studio.engine.understand.singers.stated_instrumental import is_stated_instrumental
from riffusion_tui.studio.engine.understand.singers.unsung_music import is_a_cover, is_a_dance_tune
from riffusion_tui.studio.engine.understand.singers.voice_mentions import (
    genders_of,
    has_a_manner,
    has_a_word_of,
    voices_in,
)
from riffusion_tui.studio.engine.understand.singers.young_singer import young_singer
from riffusion_tui.studio.engine.understand.stated_subject import subject
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, start_of_clause


def vocals(reading: Reading) -> str | None:
    """Return none, male, female, child, choir, children or any; None if the prompt does not say."""
    voices = voices_in(reading)
    genders = genders_of(reading, voices) or styled_persons(reading) or _of_choirs_in_parts(reading)
    if is_stated_instrumental(reading):
        return "none"
    young = young_singer(reading, voices)
    if young and len(genders) < 2:
        return young
    if len(genders) == 1:
        return next(iter(genders))
    if not genders and _only_a_choir(reading, voices):
        return "choir"
    if genders or any(mention.meaning == "voice" for mention in voices):
        return _other_than_excluded(reading) or "any"
    if any(mention.meaning == "none" for mention in reading.negative("vocal")) or voices or sings_elsewhere(reading):
        return "any"
    found = _other_than_excluded(reading) or gender_of_a_player(reading) or _gender_by_manner(reading)
    return found or ("none" if is_a_dance_tune(reading) or is_a_cover(reading) else None)


def sings_elsewhere(reading: Reading) -> bool:
    """Whether nobody sings in a part of the song, so that somebody sings in the others: `no vocals in the verses`."""
    return any(one.kind == "vocal" and one.meaning == "voice" and one.place is not None for one in reading.placed)


def asks_for_vocals(reading: Reading) -> bool:
    """Whether the prompt asks for vocals in so many words, perhaps besides excluding them: `with vocals`."""
    asking = context_words("singing nouns asked for")
    return any(voice.word.lower().split()[-1] in asking for voice in voices_in(reading))


def likely_gender(reading: Reading) -> str | None:
    """Return the gender of somebody whom the prompt mentions and who probably sings: `some man crying in his whiskey`.

    A person in the song's story does not count, nor one whom it is for: `for my wife`.
    """
    about, found = subject(reading), set[str]()
    for mention in persons(reading):
        first = start_of_clause(reading.tokens, mention.at, most=NEAR)
        before = {token.norm for token in reading.tokens[first : mention.at]}
        if (
            mention.word not in about
            and reading.tokens[mention.at].norm not in context_words("pronouns of a singer")
            and before.isdisjoint(context_words("no singer after"))
        ):
            found.add(mention.meaning)
    found = found or _sampled(reading)
    return next(iter(found)) if len(found) == 1 else None


def _sampled(reading: Reading) -> set[str]:
    """Return the genders of sampled voices: who sings beside a sampled diva is a woman."""
    return _genders_in_words([one for one in reading.positive("instrument") if one.meaning == "vocal chops"], reading)


def _of_choirs_in_parts(reading: Reading) -> set[str]:
    """Return the genders of choirs that have the words of a section: `a female choir singing the refrain`."""
    sung: list[Mention] = []
    for one in reading.placed:
        words = reading.tokens[one.at : one.place.last] if one.place is not None else ()
        if one.meaning == GROUP and not one.negated and any(token.norm in context_words("sings") for token in words):
            sung.append(one)
    return _genders_in_words(sung, reading)


def _genders_in_words(mentions: list[Mention], reading: Reading) -> set[str]:
    words = [reading.tokens[at].norm for one in mentions for at in one.span]
    senses = (meaning_of((word,), kind) for word in words for kind in ("vocal", "gender"))
    return {meaning for meaning in senses if meaning in ("male", "female")}


def is_wordless(reading: Reading) -> bool:
    """Whether the prompt asks for singing without words: `soft humming`, `wordless vocals`."""
    return any(has_a_word_of(mention, "wordless") for mention in reading.positive("vocal"))


def is_voiced_without_lyrics(reading: Reading) -> bool:
    """Whether the prompt asks for a voice, but for no lyrics: `female vocals, no lyrics`."""
    unsung = any(has_a_word_of(mention, "singing words") for mention in reading.negative("vocal"))
    return unsung and any(mention.meaning in ("male", "female", "choir") for mention in reading.positive("vocal"))


def is_duet(reading: Reading) -> bool:
    """Whether a man and a woman sing, or the prompt asks for a duet of voices."""
    voices = reading.voices()
    # `soprano and piano duet` has one singer, `dhol, duet` has two
    played = {one.last + 1 for one in reading.positive("instrument") if not _is_apart(reading, one.last + 1)}
    sung = (mention.word.lower() for mention in voices if mention.at not in played)
    named = any(word in ("duet", "duets", "duet singing", "duo of singers") for word in sung)
    return named or len(genders_of(reading, voices)) == 2


def _is_apart(reading: Reading, at: int) -> bool:
    """Whether a comma or the like stands before a token."""
    return bool(reading.tokens[at : at + 1]) and reading.tokens[at].gap != ""


def _gender_by_manner(reading: Reading) -> str | None:
    """Return the gender beside a manner of singing: `a breathy woman`, `female rasp`."""
    found = {mention.meaning for mention in reading.positive("gender") if has_a_manner(reading, mention)}
    return next(iter(found)) if len(found) == 1 else "any" if found else None


def _only_a_choir(reading: Reading, voices: list[Mention]) -> bool:
    """Whether only a choir sings: other sentences mention no voice, and nobody sings in front of it."""
    if any(_leads(reading, mention) for mention in voices) or is_behind_a_singer(reading):
        return False
    named = reading.choirs()
    choirs = {mention.sentence for mention in named if not is_a_sample(reading.tokens, mention)}
    choirs |= {mention.sentence for mention in voices if mention.meaning == "choir"}
    return bool(choirs) and all(mention.sentence in choirs for mention in voices if mention.meaning == "voice")


def _leads(reading: Reading, voice: Mention) -> bool:
    """Whether a voice is a lead or of one person: `singer with a choir`; not `choir singer`."""
    if "lead" in voice.word.lower().split():
        return True
    before = reading.tokens[voice.at - 1].norm if voice.at and not reading.tokens[voice.at].gap else ""
    return has_a_word_of(voice, "one singer") and before not in context_words("choirs")


def _other_than_excluded(reading: Reading) -> str | None:
    excluded = {
        mention.meaning for mention in reading.negative("vocal", "gender") if mention.meaning in ("male", "female")
    }
    if len(excluded) == 1:
        return "female" if "male" in excluded else "male"
    return None
