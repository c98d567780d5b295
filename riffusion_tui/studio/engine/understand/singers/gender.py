"""The singer's gender: taken from the noun, not from the possessive before it: `his daughter sings` is female."""

from __future__ import annotations

from itertools import pairwise

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading, derived_once
from riffusion_tui.studio.engine.understand.stated_subject import subject
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import in_order, positions
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, follows, phrases_in
from riffusion_tui.studio.engine.understand.words.tokens import singulars

_DUOS = frozenset({"duo", "duos"})
_WORDS_FOR_VOICES = frozenset({"male", "female"})


@derived_once
def persons(reading: Reading) -> list[Mention]:
    """Return mentions of men and women, without possessors: `her` in `her son`, `a man whose wife`."""
    pronouns = context_words("pronouns of a gender")
    nouns = {mention.at for mention in reading.positive("gender") if mention.word.lower() not in pronouns}
    nouns |= {mention.at for mention in _named(reading)}
    people = [one for one in reading.positive("gender") if one.at not in reading.subject_places]
    return [one for one in people if not (_owns(reading, one, nouns) or _is_for(reading, one))]


def _is_for(reading: Reading, mention: Mention) -> bool:
    """Whether the song is for this one: `für meine Frau`, `para mi abuela`."""
    before = reading.tokens[max(0, mention.at - 2) : mention.at]
    return any(token.norm in context_words("dedicated") for token in before)


def is_duo_of_both(reading: Reading) -> bool:
    """Whether a duo is a man and a woman, who sing: `acoustic duo, male and female`, `a husband and wife duo`."""
    if not any(token.norm in _DUOS for token in reading.tokens):
        return False
    about = subject(reading)
    people = [one for one in persons(reading) if not _plays(reading, one)]
    named = {one.meaning for one in (*people, *reading.positive("vocal")) if one.word not in about}
    norms = reading.norms
    related = any(phrases_in(norms, context("couples")))
    return related or {"male", "female"} <= named


def _plays(reading: Reading, person: Mention) -> bool:
    """Whether somebody plays rather than sings: `man plays fiddle`."""
    return follows(reading.tokens, person.last + 1, context_words("plays"))


def relatives(reading: Reading, voices: list[Mention]) -> set[str]:
    """Return the genders of relatives that one of `voices` belongs to: `sung by her son`."""
    named = _named(reading)
    nouns = {mention.at for mention in [*named, *reading.positive("gender")]}
    singers = [mention for mention in named if not _owns(reading, mention, nouns)]
    return {mention.meaning for mention in singers if any(_sings(reading, mention, voice) for voice in voices)}


def singing_persons(reading: Reading, voices: list[Mention]) -> set[str]:
    """Return the genders of those who sing in so many words: `sung by a man and a woman`, `she sings`, `rap, male`."""
    named = _named(reading)
    nouns = {mention.at for mention in [*named, *reading.positive("gender")]}
    relatives = (mention for mention in named if not _owns(reading, mention, nouns))
    people = in_order((*persons(reading), *relatives))
    singers = {one for one in people if any(_is_said_to_sing(reading, one, voice) for voice in voices)}
    singers |= {one for one in people if _is_word_for_a_voice(one) and _is_listed(reading, one)}
    by = [voice for voice in voices if "by" in voice.word.lower().split()]  # `sung by a man` is one word
    singers |= {one for one in people if any(_are_joined(reading, voice, one) for voice in by)}
    joined = {one for one in people for voice in voices if _is_joined_to_a_voice(reading, one, voice)}
    return {one.meaning for one in with_joined(reading, people, singers) | joined}


def with_joined(reading: Reading, people: list[Mention], singers: set[Mention]) -> set[Mention]:
    """Return those who sing and, of all `people` in order, those whom `and` joins to one of them."""
    found = set(singers)
    for before, after in (*pairwise(people), *((two, one) for one, two in pairwise(reversed(people)))):
        if (before in found or after in found) and _are_joined(reading, before, after):
            found |= {before, after}
    return found


def styled_persons(reading: Reading) -> set[str]:
    """Return the genders of persons who are called after what they sing: `blues woman`, `soul brother`, `trap queen`.

    The song may be about such a person, or for one: `a song about a country girl`.
    """
    known = {one.at: one.meaning for one in persons(reading)}
    about, found = subject(reading), set[str]()
    for style in reading.positive("genre", "flavour"):
        before = {token.norm for token in reading.tokens[max(0, style.at - NEAR) : style.at]}
        for person in reading.after(style):
            if not (person.gap or person.typed in about or before & context_words("no singer after")):
                named = (kind for kind in ("male", "female") if person.norm in context_words(f"styled {kind}"))
                found |= {known.get(style.last + 1) or next(named, "")} - {""}
        if style.at - 1 in known and _is_a_band(reading, style):
            found.add(known[style.at - 1])
    return found


def _is_a_band(reading: Reading, style: Mention) -> bool:
    """Whether a genre is that of a band: `girl punk band`."""
    words = [token.norm for token in reading.tokens[style.last : style.last + 2] if token.norm]
    joined = not any(token.gap for token in reading.tokens[style.at : style.at + 1])
    return joined and not context_words("singers as a band").isdisjoint(words)


def stated_gender(reading: Reading, voice: Mention) -> str:
    """Return the gender of a voice that has one: that of the person who has it, as in `a woman with a deep voice`."""
    gendered = context_words("words of a gender").isdisjoint(voice.word.lower().split())
    owners = (one for one in persons(reading) if gendered and _has_the_voice(reading, one, voice))
    return next((one.meaning for one in owners), voice.meaning)


def _is_said_to_sing(reading: Reading, person: Mention, voice: Mention) -> bool:
    return _is_subject(reading, person, voice) or _is_agent(reading, person, voice)


def _is_agent(reading: Reading, person: Mention, voice: Mention) -> bool:
    """Whether `by` or `of` stands between a voice and a person, and no other one: `sung by a young man`."""
    tokens = reading.tokens
    between = tokens[voice.last + 1 : person.at]
    by = {token.norm for token in between[:2]} & {"by", "of"}
    gap = any(token.gap for token in tokens[voice.last + 1 : person.at + 1])
    owners = context_words("owners")
    others = any(voice.last < one.at < person.at and one.word.lower() not in owners for one in persons(reading))
    return bool(by) and not gap and not others and len(between) <= NEAR + 1


def _are_joined(reading: Reading, before: Mention, after: Mention, *words: str) -> bool:
    """Whether `and` or another word joins a person or voice to the next one: `a man and his mother`."""
    between = reading.tokens[before.last + 1 : after.at]
    gap = any(token.gap for token in reading.tokens[before.last + 1 : after.at + 1])
    return not gap and 0 < len(between) <= NEAR and between[0].norm in (words or ("and", "with"))


def _is_subject(reading: Reading, person: Mention, voice: Mention) -> bool:
    """Whether a person is the subject of a voice that follows: `a man who sings`, `a woman softly singing`."""
    tokens = reading.tokens
    between = tokens[person.last + 1 : voice.at]
    if (
        voice.at <= person.last
        or len(between) > 2
        or any(token.gap for token in tokens[person.last + 1 : voice.at + 1])
    ):
        return False
    passive = {token.norm for token in tokens[voice.last + 1 : voice.last + 2]} & {"by", "of"}
    plain = all(
        token.norm in context_words("between a singer and singing") or token.norm.endswith("ly") for token in between
    )
    return plain and not passive and voice.meaning not in ("male", "female")


def _is_joined_to_a_voice(reading: Reading, person: Mention, voice: Mention) -> bool:
    """Whether `and` joins a person to one who sings, `a man and a woman sing`, or `male` to `female vocals`."""
    words = set(voice.word.lower().split())
    alike = _is_word_for_a_voice(person) or words & (context_words("words of a gender") - _WORDS_FOR_VOICES)
    return bool(alike) and _are_joined(reading, person, voice, "and", "or")


def _has_the_voice(reading: Reading, person: Mention, voice: Mention) -> bool:
    """Whether the voice is that of a person before it: `a woman with a deep voice`."""
    between = reading.tokens[person.last + 1 : voice.at]
    plain = all(not token.gap and token.norm in context_words("with a voice") for token in between)
    return bool(between) and plain and not reading.tokens[voice.at].gap


def _is_word_for_a_voice(person: Mention) -> bool:
    return person.word.lower() in _WORDS_FOR_VOICES


def _is_listed(reading: Reading, person: Mention) -> bool:
    """Whether `male` or `female` is alone between punctuation marks, or `and` or a part of the song follows."""
    tokens = reading.tokens
    if follows(tokens, person.last + 1, context_words("sung parts")):
        return True
    ends = all(token.begins_phrase or token.norm in ("and", "or") for token in reading.after(person))
    return ends and (person.at == 0 or tokens[person.at].begins_phrase)


@derived_once
def _named(reading: Reading) -> list[Mention]:
    """Return the relatives (`daughter`) that are not voices in the lexicon."""
    taken = positions(mention for mention in reading.mentions if mention.kind in ("gender", "genre"))
    about, found, sentence = subject(reading), [], 0
    for at, token in enumerate(reading.tokens):
        sentence += token.gap == "hard"
        for meaning in ("male", "female"):
            known = not context_words(f"{meaning} relatives").isdisjoint(singulars(token.norm))
            if known and at not in taken and token.typed not in about and _is_somebodys(reading, at):
                found.append(Mention("gender", meaning, token.typed, at, at, sentence))
    return found


def _is_somebodys(reading: Reading, at: int) -> bool:
    """Whether it is a relative (`his daughter`, `the king's youngest daughter`), not the genre son."""
    return any(
        token.norm in context_words("before a person") or _is_owner(token.typed)
        for token in reading.tokens[max(0, at - 2) : at]
    )


def _is_owner(typed: str) -> bool:
    return typed.lower().endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s"))


def _owns(reading: Reading, mention: Mention, nouns: set[int]) -> bool:
    """Whether this one's relative follows: directly, or after one word (`her youngest son`)."""
    tokens, first = reading.tokens, mention.last + 1
    if tokens[first : first + 1] and tokens[first].norm == "whose":
        first += 1
    elif tokens[mention.last].norm not in context_words("owners") and not _is_owner(tokens[mention.last].typed):
        return False
    between = context_words("before a person") | context_words("place prepositions")
    for at in range(first, min(first + 2, len(tokens))):
        if tokens[at].gap or tokens[at].norm in between:
            return False
        if at in nouns:
            return True
    return False


def _sings(reading: Reading, mention: Mention, voice: Mention) -> bool:
    """Whether a voice is this relative's: `her son raps`, `voice of her son`. A voice with its own gender is not."""
    tokens = reading.tokens
    if voice.at > mention.last:
        between = tokens[mention.last + 1 : voice.at + 1]
        return voice.meaning not in ("male", "female") and len(between) <= NEAR and not any(one.gap for one in between)
    between = tokens[voice.last + 1 : mention.at + 1]
    by = {one.norm for one in between[:2]} & {"by", "of"}
    return bool(by) and len(between) <= NEAR + 3 and not any(one.gap for one in between)
