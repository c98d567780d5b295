"""Which voices a prompt mentions, and whose they are: `a man who sings`, `rap, male`."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import (
    is_duo_of_both,
    persons,
    relatives,
    singing_persons,
    stated_gender,
    with_joined,
)
from riffusion_tui.studio.engine.understand.stated_subject import subject
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import FAR, start_of_clause

_GENDERS = ("male", "female")


def voices_in(reading: Reading) -> list[Mention]:
    """Return the voices that the prompt mentions and doesn't exclude."""
    voices = reading.voices()
    return [mention for mention in voices if not _is_of_an_excluded_manner(reading, mention)]


def has_a_manner(reading: Reading, mention: Mention) -> bool:
    """Whether a manner of singing stands beside a person: `a breathy woman`, `female rasp`."""
    before = reading.tokens[mention.at - 1].norm if mention.at and not reading.tokens[mention.at].gap else ""
    after = reading.after(mention)
    noun = after[0].norm if after and not after[0].gap else ""
    return before in context_words("singing persons") or noun in context_words("singing nouns")


def _is_of_an_excluded_manner(reading: Reading, voice: Mention) -> bool:
    """Whether only its manner is refused, so that the usual singer sings: `no growled vocals`."""
    before = [one for one in reading.negative("vocal") if one.last == voice.at - 1]
    return voice.meaning == "voice" and any(has_a_word_of(one, "ways of singing") for one in before)


def has_a_word_of(mention: Mention, words: str) -> bool:
    """Whether a mention has one of the lexicon's words of that name."""
    return not context_words(words).isdisjoint(mention.word.lower().split())


def genders_of(reading: Reading, voices: list[Mention]) -> set[str]:
    """Return the genders of those who sing, by their voices and by the persons near them."""
    if _is_a_duet_of_both(reading, voices):
        return {"male", "female"}
    usual = _usual_of_the_genre(reading, voices)
    voices = [mention for mention in voices if mention.at not in {one.at for one in usual}]
    leads = [one for one in voices if one.meaning in _GENDERS and not has_a_word_of(one, "harmonies")]
    voices = [one for one in voices if not (leads and has_a_word_of(one, "harmonies"))]
    found = {stated_gender(reading, mention) for mention in voices if mention.meaning in _GENDERS}
    sung = [mention for mention in voices if mention.meaning in ("voice", "male", "female", "choir", "a cappella")]
    found |= relatives(reading, sung) | singing_persons(reading, sung)
    found |= {mention.meaning for mention in persons(reading) if has_a_manner(reading, mention)}
    if found:
        return found  # other persons are in the song's story
    found = _genders_of_persons_near(reading, sung) or {mention.meaning for mention in usual}
    if not found and any(voice.meaning == "voice" for voice in sung):
        about = subject(reading)
        found = {mention.meaning for mention in persons(reading) if mention.word not in about}
    return found


def _is_a_duet_of_both(reading: Reading, voices: list[Mention]) -> bool:
    """Whether a man and a woman sing a duet."""
    duet = any(mention.word.lower() in ("duet", "duets") for mention in voices)
    return is_duo_of_both(reading) or (duet and {one.meaning for one in persons(reading)} >= {"male", "female"})


def _genders_of_persons_near(reading: Reading, sung: list[Mention]) -> set[str]:
    """Return the genders of persons that stand by a voice, or in its place."""
    by_sentence: dict[int, list[Mention]] = {}
    for voice in sung:
        by_sentence.setdefault(voice.sentence, []).append(voice)
    found = set[Mention]()
    for mention in persons(reading):
        reflexive = mention.word.lower() in ("herself", "himself")
        near = (reflexive and mention.sentence in by_sentence) or any(
            _are_near(reading, mention, voice) for voice in by_sentence.get(mention.sentence, ())
        )
        if near or _is_a_tag(reading, mention) or _stands_for_a_voice(reading, mention, by_sentence):
            found.add(mention)
    return {mention.meaning for mention in with_joined(reading, persons(reading), found)}


def _usual_of_the_genre(reading: Reading, voices: list[Mention]) -> list[Mention]:
    """Return the voices that the name of a genre stands for, which yield to others: `barbershop, women`.

    They are those of a choir of women or men that the prompt names: `barbershop, sung by women`.
    """
    genres = {one.at for one in reading.positive("genre")}
    choirs = [one.meaning.removesuffix(" choir") for one in reading.positive("instrument") if one.meaning in CHOIRS]
    gender = next((one for one in choirs if one in _GENDERS), "")
    return [
        replace(one, meaning=gender or one.meaning) for one in voices if one.at in genres and one.meaning in _GENDERS
    ]


def _stands_for_a_voice(reading: Reading, mention: Mention, voices: dict[int, list[Mention]]) -> bool:
    """Whether a pronoun at the start of a sentence refers to a voice: `a falsetto singer. He is backed by …`."""
    token = reading.tokens[mention.at]
    begins = token.gap == "hard" and mention.sentence - 1 in voices
    return begins and token.norm in context_words("pronouns of a singer")


def _are_near(reading: Reading, mention: Mention, voice: Mention) -> bool:
    """Whether a person and a voice belong together: `a man who sings`, `voice of a woman`."""
    following = {token.norm for token in reading.after(voice, 2)}
    behind = 6 if following & {"by", "of"} else 2
    return -behind <= voice.at - mention.last <= FAR


def _is_a_tag(reading: Reading, mention: Mention) -> bool:
    """Whether a person stands alone between commas: `rap, male`, `fiddle, mournful woman`."""
    after = reading.tokens[mention.last + 1].gap if mention.last + 1 < len(reading.tokens) else "hard"
    first = start_of_clause(reading.tokens, mention.at)
    before = {token.norm for token in reading.tokens[first : mention.at]}
    alone = (
        mention.at - first <= 2 and first > 0 and before.isdisjoint(context_words("place prepositions") | {"and", "or"})
    )
    last = (
        mention.word.lower() in ("female", "male")
        and after in ("hard", "soft")
        and before.isdisjoint(context_words("before no tag"))
    )
    return last or (
        alone and after in ("hard", "soft") and mention.word.lower() not in ("his", "her", "he", "she", "him", "hers")
    )
