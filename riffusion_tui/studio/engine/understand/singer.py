"""Reads who sings: male, female, choir, any or none."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.gender import persons, relatives
from riffusion_tui.studio.engine.understand.lexicon import context_words
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.topic import subject

_NEAR = 7
"""Words between `female` and `sings`, at most."""
_BACKING = tuple([word] for word in ("the", "with", "over", "by", "of", "and", "this"))
_PRONOUNS = ("he", "she", "his", "her", "hes", "shes")
_DENIED = 3.0
_STATED = 2.0


def vocals(reading: Reading) -> str | None:
    """Return none, male, female, choir or any; None if the prompt does not say."""
    voices = [said for said in reading.positive("vocal") if said.meaning != "none"]
    silent = _silence(reading, bool(voices))
    genders = _genders(reading, voices)
    sung = max([_STATED + 0.1 if genders else 0.0, *(1.5 for _ in voices)], default=0.0)
    if silent > sung:
        return "none"
    if len(genders) == 1:
        return next(iter(genders))
    if not genders and _only_a_choir(reading, voices):
        return "choir"
    if genders or any(said.meaning == "voice" for said in voices):
        return _other_than_refused(reading) or "any"
    if any(said.meaning == "none" for said in reading.negative("vocal")) or voices:
        return "any"
    return _other_than_refused(reading) or _with_an_instrument(reading) or _told_by_manner(reading)


def _with_an_instrument(reading: Reading) -> str | None:
    """Return the gender of a person with an instrument, who sings: `a guy and his banjo`, `a woman with a guitar`."""
    starts = {said.at for said in reading.positive("instrument")}
    for said in reading.positive("gender"):
        following = [token.norm for token in reading.tokens[said.last + 1 : said.last + 3]]
        near = not starts.isdisjoint(range(said.last + 2, said.last + 6))
        if near and following[:1] in (["and"], ["with"]) and following[1:] in (["his"], ["her"], ["a"], ["an"]):
            return said.meaning
    return None


def _told_by_manner(reading: Reading) -> str | None:
    """Return the gender beside a manner of singing: `a breathy woman`, `female rasp`."""
    found = {said.meaning for said in reading.positive("gender") if _has_a_manner(reading, said)}
    return next(iter(found)) if len(found) == 1 else "any" if found else None


def _has_a_manner(reading: Reading, said: Mention) -> bool:
    before = reading.tokens[said.at - 1].norm if said.at and not reading.tokens[said.at].gap else ""
    after = reading.tokens[said.last + 1 : said.last + 2]
    noun = after[0].norm if after and not after[0].gap else ""
    return before in context_words("singing persons") or noun in context_words("singing nouns")


def _silence(reading: Reading, voices: bool) -> float:
    """Return how certain an instrumental is: `no vocals` over `instrumental` over `the instrumental`."""
    sure = 0.0
    if any(said.meaning == "voice" and not _otherwise(reading, said) for said in reading.negative("vocal")):
        sure = _DENIED
    if not voices and any(said.meaning == "choir" for said in reading.negative("vocal", "instrument")):
        sure = _STATED
    genders = {said.meaning for said in reading.negative("vocal") if said.meaning in ("male", "female")}
    if genders and not voices and len(genders) == 2:
        sure = _DENIED
    for said in reading.positive("vocal"):
        if said.meaning == "none":
            sure = max(sure, _instrumental(reading, said))
    return sure


def _otherwise(reading: Reading, refused: Mention) -> bool:
    """Whether only a manner is refused, not the voice: `does not sing but speaks`, `no lyrics, just humming`."""
    voices = [said for said in reading.positive("vocal") if said.meaning != "none"]
    if _has(refused, "other than singing"):
        return bool(voices)
    return _has(refused, "singing words") and any(_has(said, "other than singing") for said in voices)


def _has(said: Mention, words: str) -> bool:
    return not context_words(words).isdisjoint(said.word.lower().split())


def _instrumental(reading: Reading, said: Mention) -> float:
    if said.word.lower() in ("instrumental", "an instrumental") and _is_sung_over(reading, said):
        return 1.0
    return (
        _DENIED
        if said.word.lower().startswith(("no ", "an instrumental", "purely", "fully", "entirely", "instrumental only"))
        else _STATED
    )


def _is_sung_over(reading: Reading, said: Mention) -> bool:
    """Whether somebody sings to the instrumental: `the instrumental`, `raps over a drill instrumental`."""
    before: list[str] = []
    for at in range(said.at, max(0, said.at - 5), -1):
        if reading.tokens[at].gap:
            break
        before.append(reading.tokens[at - 1].norm)
    return before[:1] in _BACKING or "over" in before or "under" in before or before[-2:] == ["of", "top"]


def _genders(reading: Reading, voices: list[Mention]) -> set[str]:
    found = {said.meaning for said in voices if said.meaning in ("male", "female")}
    sung = [said for said in voices if said.meaning in ("voice", "male", "female", "choir", "a cappella")]
    by_sentence: dict[int, list[Mention]] = {}
    for voice in sung:
        by_sentence.setdefault(voice.sentence, []).append(voice)
    found |= relatives(reading, sung)
    for said in persons(reading):
        reflexive = said.word.lower() in ("herself", "himself")
        near = (reflexive and said.sentence in by_sentence) or any(
            _are_near(reading, said, voice) for voice in by_sentence.get(said.sentence, ())
        )
        if (
            near
            or _is_a_tag(reading, said)
            or _has_a_manner(reading, said)
            or _stands_for_a_voice(reading, said, by_sentence)
        ):
            found.add(said.meaning)
    if not found and any(voice.meaning == "voice" for voice in sung):
        about = subject(reading)
        found = {said.meaning for said in persons(reading) if said.word not in about}
    return found


def _stands_for_a_voice(reading: Reading, said: Mention, voices: dict[int, list[Mention]]) -> bool:
    """Whether a pronoun at the start of a sentence refers to a voice: `a falsetto singer. He is backed by …`."""
    token = reading.tokens[said.at]
    return token.gap == "hard" and token.norm in _PRONOUNS and said.sentence - 1 in voices


def _are_near(reading: Reading, said: Mention, voice: Mention) -> bool:
    """Whether a person and a voice belong together: `a man who sings`, `voice of a woman`."""
    following = {token.norm for token in reading.tokens[voice.last + 1 : voice.last + 3]}
    behind = 6 if following & {"by", "of"} else 2
    return -behind <= voice.at - said.last <= _NEAR


def _is_a_tag(reading: Reading, said: Mention) -> bool:
    """Whether a person stands alone between commas: `rap, male`, `fiddle, mournful woman`."""
    after = reading.tokens[said.last + 1].gap if said.last + 1 < len(reading.tokens) else "hard"
    first = said.at
    while first and reading.tokens[first].gap == "":
        first -= 1
    before = {token.norm for token in reading.tokens[first : said.at]}
    alone = (
        said.at - first <= 2 and first > 0 and before.isdisjoint(context_words("place prepositions") | {"and", "or"})
    )
    return alone and after in ("hard", "soft") and said.word.lower() not in ("his", "her", "he", "she", "him", "hers")


def _only_a_choir(reading: Reading, voices: list[Mention]) -> bool:
    """Whether only a choir sings: other sentences mention no voice, and there is no lead."""
    if any("lead" in said.word.lower().split() for said in voices):
        return False
    choirs = {said.sentence for said in reading.positive("instrument") if said.meaning in ("choir", "male choir")}
    choirs |= {said.sentence for said in voices if said.meaning == "choir"}
    return bool(choirs) and all(said.sentence in choirs for said in voices if said.meaning == "voice")


def _other_than_refused(reading: Reading) -> str | None:
    refused = {said.meaning for said in reading.negative("vocal", "gender") if said.meaning in ("male", "female")}
    if len(refused) == 1:
        return "female" if "male" in refused else "male"
    return None
