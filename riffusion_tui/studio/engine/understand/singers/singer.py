"""Reads who sings: male, female, child, choir, children, any or none."""

from __future__ import annotations

from riffusion_tui.studio.engine.types import CHOIRS
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import (
    is_duo_of_both,
    persons,
    relatives,
    singing_persons,
    stated_gender,
    styled_persons,
)
from riffusion_tui.studio.engine.understand.singers.young_singer import young_singer
from riffusion_tui.studio.engine.understand.stated_subject import subject
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of

_MAX_DISTANCE = 7
"""Words between `female` and `sings`, at most."""
_BACKING = tuple([word] for word in ("the", "with", "over", "by", "of", "and", "this"))
_PRONOUNS = ("he", "she", "his", "her", "hes", "shes")
_NEAR = 3
_NEAR_ONES_OWN = 5
"""Words between somebody and `with his guitar`, at most."""
_BEFORE_NO_TAG = frozenset({"and", "or", "a", "the", "not", "no", "is", "by", "of", "for", "about"})
_DANCED = frozenset({"folk", "classical"})
"""Families of genres whose dances are played."""
_SUNG_TO = frozenset({"guitar", "reeds", "keys", "plucked"})
"""Families of instruments to which one sings."""
_DENIED = 3.0
_STATED = 2.0


def vocals(reading: Reading) -> str | None:
    """Return none, male, female, child, choir, children or any; None if the prompt does not say."""
    voices = _voices(reading)
    genders = _genders(reading, voices) or styled_persons(reading)
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
    found = _other_than_excluded(reading) or _with_an_instrument(reading) or _gender_by_manner(reading)
    return found or ("none" if _is_a_dance_tune(reading) or _is_a_cover(reading) else None)


def sings_elsewhere(reading: Reading) -> bool:
    """Whether nobody sings in a part of the song, so that somebody sings in the others: `no vocals in the verses`."""
    return any(one.kind == "vocal" and one.meaning == "voice" and one.place is not None for one in reading.placed)


def is_stated_instrumental(reading: Reading) -> bool:
    """Whether the prompt says that nobody sings, rather than names what is usually played: `Irish reel`."""
    voices = _voices(reading)
    sung = max([_STATED + 0.1 if _genders(reading, voices) else 0.0, *(1.5 for _ in voices)], default=0.0)
    return _silence(reading, bool(voices)) > sung


def asks_for_vocals(reading: Reading) -> bool:
    """Whether the prompt asks for vocals in so many words, perhaps besides excluding them: `with vocals`."""
    asking = context_words("singing nouns asked for")
    return any(voice.word.lower().split()[-1] in asking for voice in _voices(reading))


def _voices(reading: Reading) -> list[Mention]:
    """Return the voices that the prompt mentions and doesn't exclude."""
    voices = [mention for mention in reading.positive("vocal") if mention.meaning != "none"]
    return [mention for mention in voices if not _is_of_an_excluded_manner(reading, mention)]


def likely_gender(reading: Reading) -> str | None:
    """Return the gender of somebody whom the prompt mentions and who probably sings: `some man crying in his whiskey`.

    A person in the song's story does not count, nor one whom it is for: `for my wife`.
    """
    about, found = subject(reading), set[str]()
    for mention in persons(reading):
        before = {token.norm for token in reading.tokens[max(0, mention.at - _NEAR) : mention.at]}
        if (
            mention.word not in about
            and mention.word.lower() not in _PRONOUNS
            and before.isdisjoint(context_words("no singer after"))
        ):
            found.add(mention.meaning)
    found = found or _sampled(reading)
    return next(iter(found)) if len(found) == 1 else None


def _sampled(reading: Reading) -> set[str]:
    """Return the genders of sampled voices: who sings beside a sampled diva is a woman."""
    chops = [one for one in reading.positive("instrument") if one.meaning == "vocal chops"]
    words = [reading.tokens[at].norm for one in chops for at in range(one.at, one.last + 1)]
    senses = (meaning_of((word,), kind) for word in words for kind in ("vocal", "gender"))
    return {meaning for meaning in senses if meaning in ("male", "female")}


def asks_for_a_beat(reading: Reading) -> bool:
    """Whether the prompt asks for a beat, on which others rap: `dark trap beat`; not a song `over a drill beat`.

    A beat of no genre is what the prompt begins with: `beat, 140 bpm`, `hard beat`; not `flute, steady beat`.
    """
    named = {at for one in reading.positive("genre") for at in range(one.at, one.last + 1)}
    for one in reading.positive("instrument"):
        beat = reading.tokens[one.last].norm in ("beat", "beats")
        of_a_genre = not named.isdisjoint((one.at - 1, one.last - 1, one.last))
        if beat and (of_a_genre or (not named and _is_called_for(reading, one))):
            before = {token.norm for token in reading.tokens[: one.last]}
            return not subject(reading) and before.isdisjoint(context_words("over a beat"))
    return False


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


def is_wordless(reading: Reading) -> bool:
    """Whether the prompt asks for singing without words: `soft humming`, `wordless vocals`."""
    return any(_has(mention, "wordless") for mention in reading.positive("vocal"))


def is_voiced_without_lyrics(reading: Reading) -> bool:
    """Whether the prompt asks for a voice, but for no lyrics: `female vocals, no lyrics`."""
    unsung = any(_has(mention, "singing words") for mention in reading.negative("vocal"))
    return unsung and any(mention.meaning in ("male", "female", "choir") for mention in reading.positive("vocal"))


def is_duet(reading: Reading) -> bool:
    """Whether a man and a woman sing, or the prompt asks for a duet of voices."""
    voices = [mention for mention in reading.positive("vocal") if mention.meaning != "none"]
    # `soprano and piano duet` has one singer, `dhol, duet` has two
    played = {one.last + 1 for one in reading.positive("instrument") if not _is_apart(reading, one.last + 1)}
    sung = (mention.word.lower() for mention in voices if mention.at not in played)
    named = any(word in ("duet", "duets", "duet singing", "duo of singers") for word in sung)
    return named or len(_genders(reading, voices)) == 2


def _is_apart(reading: Reading, at: int) -> bool:
    """Whether a comma or the like stands before a token."""
    return bool(reading.tokens[at : at + 1]) and reading.tokens[at].gap != ""


def _with_an_instrument(reading: Reading) -> str | None:
    """Return the gender of a person with an instrument, who sings: `a guy and his banjo`, `a woman with guitar`.

    Of `me and my guitar`, it is any.
    """
    starts = {mention.at for mention in reading.positive("instrument")}
    words = " ".join(token.norm for token in reading.tokens)
    if any(f"me and my {reading.tokens[at].norm}" in words for at in starts):
        return "any"
    for mention in reading.positive("gender"):
        following = [token.norm for token in reading.tokens[mention.last + 1 : mention.last + 3]]
        near = not starts.isdisjoint(range(mention.last + 2, mention.last + 6))
        owned = near and following[1:] in (["his"], ["her"], ["a"], ["an"])
        if following[:1] == ["alone"]:
            following, near = following[1:], not starts.isdisjoint(range(mention.last + 3, mention.last + 6))
            owned = near
        if following[:1] in (["and"], ["with"]) and (owned or mention.last + 2 in starts):
            return mention.meaning
        if _owns_an_instrument(reading, mention.last + 1, starts):
            return mention.meaning
        listed = [token.norm for token in reading.tokens[mention.last + 1 : mention.last + 2] if token.gap == "soft"]
        if listed in (["a"], ["an"], ["his"], ["her"]) and mention.last + 2 in starts:
            return mention.meaning
    return _owner_of_an_instrument(reading)


def _owner_of_an_instrument(reading: Reading) -> str | None:
    """Return the gender of somebody who sings to an instrument: of `an old sailor and his concertina`."""
    played = reading.positive("instrument")
    starts = {one.at for one in played if tables.instruments()[one.meaning].family in _SUNG_TO}
    for mention in reading.positive("gender"):
        before = [token.norm for token in reading.tokens[max(0, mention.at - 1) : mention.at]]
        owner = mention.at > 1 and all(one.last != mention.at - 2 for one in played)
        if owner and before == ["and"] and mention.word.lower() in ("his", "her") and mention.last + 1 in starts:
            return mention.meaning
    return None


def _owns_an_instrument(reading: Reading, first: int, starts: set[int]) -> bool:
    """Whether `with his` and an instrument follow soon after a person: `a man in the rain with his guitar`."""
    for at in range(first, min(first + _NEAR_ONES_OWN, len(reading.tokens) - 2)):
        if reading.tokens[at].gap:
            return False
        if reading.tokens[at].norm in ("and", "with") and reading.tokens[at + 1].norm in ("his", "her"):
            return not starts.isdisjoint((at + 2, at + 3))
    return False


def _is_a_dance_tune(reading: Reading) -> bool:
    """Whether the prompt asks for a tune that is played, not sung: `Irish reel`, `hornpipe`.

    A song is sung, and what tells about something, as a `polka about beer` does.
    """
    words = {token.norm for token in reading.tokens}
    return names_a_dance_tune(reading) and not reading.topic and words.isdisjoint({"song", "songs"})


def names_a_dance_tune(reading: Reading) -> bool:
    """Whether the prompt names a dance whose tune is usually played: a reel, a waltz of folk or classical music."""
    genres = reading.positive("genre")
    words = tuple(token.norm for token in reading.tokens)
    families = {tables.genres()[one.meaning].family for one in genres}
    phrases = [one for one in context("dance tunes") if len(one) > 1]
    phrases += context("folk dances") if genres and families <= _DANCED else ()
    named = any(mention.word.lower().split()[-1] in context_words("dance tunes") for mention in genres)
    return named or any(words[at : at + len(one)] == one for one in phrases for at in range(len(words)))


def _is_a_cover(reading: Reading) -> bool:
    """Whether an instrument plays the tune of a song: `piano cover`."""
    after = [reading.tokens[mention.last + 1 : mention.last + 2] for mention in reading.positive("instrument")]
    return any(token.norm in ("cover", "covers") and not token.gap for tokens in after for token in tokens)


def _gender_by_manner(reading: Reading) -> str | None:
    """Return the gender beside a manner of singing: `a breathy woman`, `female rasp`."""
    found = {mention.meaning for mention in reading.positive("gender") if _has_a_manner(reading, mention)}
    return next(iter(found)) if len(found) == 1 else "any" if found else None


def _has_a_manner(reading: Reading, mention: Mention) -> bool:
    before = reading.tokens[mention.at - 1].norm if mention.at and not reading.tokens[mention.at].gap else ""
    after = reading.tokens[mention.last + 1 : mention.last + 2]
    noun = after[0].norm if after and not after[0].gap else ""
    return before in context_words("singing persons") or noun in context_words("singing nouns")


def _silence(reading: Reading, voices: bool) -> float:
    """Return how certain an instrumental is: `no vocals` over `instrumental` over `the instrumental`."""
    sure = 0.0
    if any(
        mention.meaning == "voice" and not _excludes_only_a_part(reading, mention)
        for mention in reading.negative("vocal")
    ):
        sure = _DENIED
    genders = {mention.meaning for mention in reading.negative("vocal") if mention.meaning in ("male", "female")}
    if genders and not voices and len(genders) == 2:
        sure = _DENIED
    for mention in reading.positive("vocal"):
        if mention.meaning == "none" and not (mention.word.lower() == "wordless" and _has_singers(reading, voices)):
            sure = max(sure, _instrumental(reading, mention))
    return sure


def _has_singers(reading: Reading, voices: bool) -> bool:
    """Whether somebody sings, so that `wordless` is how: `wordless soprano`, `wordless choir`."""
    return voices or any(mention.meaning in CHOIRS for mention in reading.positive("instrument"))


def _excludes_only_a_part(reading: Reading, excluded: Mention) -> bool:
    """Whether only a manner of singing is refused, or who would sing in front of a choir: `choir, no lead singer`."""
    words = {token.norm for token in reading.tokens[max(0, excluded.at - 1) : excluded.last + 1]}
    choral = any(mention.meaning in CHOIRS for mention in reading.positive("instrument"))
    return (choral and bool(words & context_words("in front"))) or _excludes_only_a_manner(reading, excluded)


def _excludes_only_a_manner(reading: Reading, excluded: Mention) -> bool:
    """Whether only a manner is refused, not the voice: `no growls`, `he doesn't sing but speaks`, `just humming`."""
    before = reading.tokens[max(0, excluded.at - 1) : excluded.at] if not reading.tokens[excluded.at].gap else ()
    manner = any(token.norm in context_words("ways of singing") for token in before)  # `no clean singing`
    if manner or _has(excluded, "ways of singing"):
        return True
    voices = [mention for mention in reading.positive("vocal") if mention.meaning != "none"]
    if _has(excluded, "other than singing"):
        return bool(voices)
    return _has(excluded, "singing words") and any(_has(mention, "other than singing") for mention in voices)


def _is_of_an_excluded_manner(reading: Reading, voice: Mention) -> bool:
    """Whether only its manner is refused, so that the usual singer sings: `no growled vocals`."""
    before = [one for one in reading.negative("vocal") if one.last == voice.at - 1]
    return voice.meaning == "voice" and any(_has(one, "ways of singing") for one in before)


def _has(mention: Mention, words: str) -> bool:
    return not context_words(words).isdisjoint(mention.word.lower().split())


def _instrumental(reading: Reading, mention: Mention) -> float:
    if mention.word.lower() in ("instrumental", "an instrumental") and _is_sung_over(reading, mention):
        return 1.0
    return (
        _DENIED
        if mention.word.lower().startswith(
            ("no ", "an instrumental", "purely", "fully", "entirely", "instrumental only")
        )
        else _STATED
    )


def _is_sung_over(reading: Reading, mention: Mention) -> bool:
    """Whether somebody sings to the instrumental: `the instrumental`, `raps over a drill instrumental`."""
    before: list[str] = []
    for at in range(mention.at, max(0, mention.at - 5), -1):
        if reading.tokens[at].gap:
            break
        before.append(reading.tokens[at - 1].norm)
    return before[:1] in _BACKING or "over" in before or "under" in before or before[-2:] == ["of", "top"]


def _genders(reading: Reading, voices: list[Mention]) -> set[str]:
    if is_duo_of_both(reading):
        return {"male", "female"}
    duet = any(mention.word.lower() in ("duet", "duets") for mention in voices)
    if duet and {mention.meaning for mention in persons(reading)} >= {"male", "female"}:
        return {"male", "female"}
    found = {stated_gender(reading, mention) for mention in voices if mention.meaning in ("male", "female")}
    sung = [mention for mention in voices if mention.meaning in ("voice", "male", "female", "choir", "a cappella")]
    by_sentence: dict[int, list[Mention]] = {}
    for voice in sung:
        by_sentence.setdefault(voice.sentence, []).append(voice)
    found |= relatives(reading, sung) | singing_persons(reading, sung)
    found |= {mention.meaning for mention in persons(reading) if _has_a_manner(reading, mention)}
    if found:
        return found  # other persons are in the song's story
    for mention in persons(reading):
        reflexive = mention.word.lower() in ("herself", "himself")
        near = (reflexive and mention.sentence in by_sentence) or any(
            _are_near(reading, mention, voice) for voice in by_sentence.get(mention.sentence, ())
        )
        if near or _is_a_tag(reading, mention) or _stands_for_a_voice(reading, mention, by_sentence):
            found.add(mention.meaning)
    if not found and any(voice.meaning == "voice" for voice in sung):
        about = subject(reading)
        found = {mention.meaning for mention in persons(reading) if mention.word not in about}
    return found


def _stands_for_a_voice(reading: Reading, mention: Mention, voices: dict[int, list[Mention]]) -> bool:
    """Whether a pronoun at the start of a sentence refers to a voice: `a falsetto singer. He is backed by …`."""
    token = reading.tokens[mention.at]
    return token.gap == "hard" and token.norm in _PRONOUNS and mention.sentence - 1 in voices


def _are_near(reading: Reading, mention: Mention, voice: Mention) -> bool:
    """Whether a person and a voice belong together: `a man who sings`, `voice of a woman`."""
    following = {token.norm for token in reading.tokens[voice.last + 1 : voice.last + 3]}
    behind = 6 if following & {"by", "of"} else 2
    return -behind <= voice.at - mention.last <= _MAX_DISTANCE


def _is_a_tag(reading: Reading, mention: Mention) -> bool:
    """Whether a person stands alone between commas: `rap, male`, `fiddle, mournful woman`."""
    after = reading.tokens[mention.last + 1].gap if mention.last + 1 < len(reading.tokens) else "hard"
    first = mention.at
    while first and reading.tokens[first].gap == "":
        first -= 1
    before = {token.norm for token in reading.tokens[first : mention.at]}
    alone = (
        mention.at - first <= 2 and first > 0 and before.isdisjoint(context_words("place prepositions") | {"and", "or"})
    )
    last = (
        mention.word.lower() in ("female", "male") and after in ("hard", "soft") and before.isdisjoint(_BEFORE_NO_TAG)
    )
    return last or (
        alone and after in ("hard", "soft") and mention.word.lower() not in ("his", "her", "he", "she", "him", "hers")
    )


def _only_a_choir(reading: Reading, voices: list[Mention]) -> bool:
    """Whether only a choir sings: other sentences mention no voice, and there is no lead."""
    if any("lead" in mention.word.lower().split() for mention in voices):
        return False
    choirs = {mention.sentence for mention in reading.positive("instrument") if mention.meaning in CHOIRS}
    choirs |= {mention.sentence for mention in voices if mention.meaning == "choir"}
    return bool(choirs) and all(mention.sentence in choirs for mention in voices if mention.meaning == "voice")


def _other_than_excluded(reading: Reading) -> str | None:
    excluded = {
        mention.meaning for mention in reading.negative("vocal", "gender") if mention.meaning in ("male", "female")
    }
    if len(excluded) == 1:
        return "female" if "male" in excluded else "male"
    return None
