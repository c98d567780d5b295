"""Whether only what the prompt names is to play: `a cappella`, `just the drum kit`, `solo piano`."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import GROUP
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import each_once, folded
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.reading.negations.exceptions import is_an_exception
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import before_all, precedes
from riffusion_tui.studio.engine.understand.words.scripts import UNSPACED
from riffusion_tui.studio.engine.understand.words.tables import genre_families

_WITHOUT = ("no", "without")
_BY_SINGERS = frozenset({"whistling", "claps", "stomps"})


def unaccompanied(reading: Reading) -> bool:
    """Whether the vocals are unaccompanied: `a cappella`, `she hums, nothing else`; not `no instruments but a drum`."""
    voices = reading.voices() or _unaccompanied_persons(reading)
    if any(mention.meaning == "a cappella" and not _has(mention, "instrument") for mention in voices):
        return True
    alone = any(mention.meaning == "a cappella" for mention in voices) or _excludes_the_rest(reading)
    return alone and bool(voices) and not any(_is_played(mention.meaning) for mention in reading.positive("instrument"))


def _unaccompanied_persons(reading: Reading) -> list[Mention]:
    """Return the persons right before or after `unaccompanied`, who sing: `one woman unaccompanied`."""
    hints = [one for one in reading.positive("structure") if folded(one.word) == "unaccompanied"]
    beside = {one.at - 1 for one in hints} | {one.last + 1 for one in hints}
    return [one for one in reading.positive("gender") if not beside.isdisjoint((one.at, one.last))]


def _is_all_there_is(reading: Reading) -> bool:
    """Whether nothing is to play besides a list: `piano, violin, cello and flute, nothing else`.

    Its players may be sentences of their own: `Tuba. Beatbox. That's all.`
    """
    hints = [mention for mention in reading.positive("structure") if mention.meaning == "only these"]
    words = (set(folded(mention.word).split()) for mention in hints)
    said = any(one & context_words("nothing else") for one in words)
    understood = positions(reading.mentions)
    listed = len({mention.sentence for mention in reading.positive("instrument")}) == 1
    return said and (listed or len(understood) == len(reading.tokens))


def _is_played(name: str) -> bool:
    """Whether it is an instrument, not what singers do themselves."""
    return tables.instruments()[name].family not in ("voice", "fx") and name not in _BY_SINGERS


def _has(mention: Mention, start: str) -> bool:
    return any(word.startswith(start) for word in mention.word.lower().split())


def _excludes_the_rest(reading: Reading) -> bool:
    """Whether the prompt excludes everything that it does not name."""
    hints = [mention for mention in reading.positive("structure") if mention.meaning == "only these"]
    phrases = [tuple(folded(mention.word).split()) for mention in hints]
    if any(words in context("nothing besides") or is_an_exception(words) for words in phrases):
        return True
    named = {mention.meaning for mention in each_once(reading.positive("instrument"))}
    lonely = [one for one in hints if _has(one, "alone") and not begins_alone(reading, one)]
    if len(named) == 1 and any(_beside_an_instrument(reading, mention) for mention in lonely):
        return True
    silent = any(
        mention.meaning == "a cappella" and _has(mention, "instrument") for mention in reading.positive("vocal")
    )
    return silent and not any(map(_is_played, named))


def begins_alone(reading: Reading, hint: Mention) -> bool:
    """Whether `alone` is said of the song's beginning: `he starts alone`."""
    before = reading.tokens[hint.at - 1].norm if hint.at else ""
    return hint.meaning == "only these" and before in context_words("begins")


def _beside_an_instrument(reading: Reading, hint: Mention) -> bool:
    """Whether `alone` means the player, not the subject: `the trumpeter plays, alone, in a field`."""
    sung = reading.voices()
    return not sung and any(mention.sentence == hint.sentence for mention in reading.positive("instrument"))


def _only(reading: Reading) -> bool:
    """Whether only the named instruments play: `just the drum kit`, `drums and bass only`."""
    words = reading.tokens
    placed = {mention.at for mention in reading.placed} | _beats_of_a_genre(reading)
    opening = {mention.sentence for mention in reading.positive("structure") if mention.meaning == "solo intro"}
    for mention in reading.positive("instrument"):
        if mention.sentence in opening or mention.at in placed:
            continue
        before = _words_before(reading, mention.at, 7)
        after = [token.norm for token in words[mention.last + 1 : mention.last + 2]]
        following = words[mention.last + 2 : mention.last + 3]
        unspaced = any(UNSPACED.search(token.typed) for token in words[mention.last + 1 : mention.last + 2])
        ends = not following or following[0].gap != "" or following[0].norm in _WITHOUT or unspaced
        if _says_only(before) or (ends and after and after[0] in context_words("nobody but")):
            return True
    return False


def _beats_of_a_genre(reading: Reading) -> set[int]:
    """Return where beats are whole tracks, not drums: `hip hop, just beats`."""
    families = {tables.genres()[one.meaning].family for one in reading.positive("genre", "flavour")}
    tracks = [one for one in reading.positive("instrument") if folded(one.word).split()[-1] in ("beat", "beats")]
    return {one.at for one in tracks} if families & genre_families("of beats") else set()


def _only_a_list(reading: Reading) -> bool:
    """Whether a word such as `just` precedes or ends the only list of instruments: `just guitar, bass and drums`."""
    played = reading.positive("instrument")
    sentences = {one.sentence for one in played}
    sung = (one for one in reading.voices() if one.sentence in sentences)
    named = [*played, *sung]
    last = max(mention.last for mention in named)
    if [token.norm in context_words("nobody but") for token in reading.tokens[last + 1 :]] == [True]:
        return len({mention.sentence for mention in named}) == 1
    first = min(named, key=lambda mention: mention.at)
    if any(one.at == first.at for one in reading.placed) or first.at in _beats_of_a_genre(reading):
        return False
    before = _words_before(reading, first.at, 4)
    begins = any(mention.meaning == "solo intro" for mention in reading.positive("structure")) or "starts" in before
    first_word = first.word.lower().split()[0]
    only = _says_only(before) or first_word in context_words("nobody but")  # `only vocals` is one phrase
    return not begins and only and len({mention.sentence for mention in named}) == 1


def _are_persons_parts(reading: Reading) -> bool:
    """Whether several persons play all instruments: `my daughter plays the recorder, I play guitar`."""
    played, tokens = reading.positive("instrument"), reading.tokens
    ends = {one.last for one in played}
    verbs: set[int] = set()
    for one in played:
        at = before_all(tokens, one.at, context_words("determiners"))
        if at < 2 or not precedes(tokens, at, context_words("plays")) or at - 2 in ends:
            return False
        verbs.add(at - 1)
    return len(verbs) > 1


def first_alone(reading: Reading) -> Mention | None:
    """Return the instrument that begins alone, before a band joins it.

    Examples: `first just a piano, then the full band`, `the bass starts alone`.
    """
    hints = [one for one in reading.positive("structure") if begins_alone(reading, one)]
    beginners = {one.at - 2 for one in hints}
    beginner = next((one for one in reading.positive("instrument") if one.last in beginners), None)
    if beginner is not None:
        return beginner
    norms = reading.norms
    first = next((at for at in range(len(norms)) if _says_only(norms[: at + 1])), len(norms))
    later = next((at for at in range(first, len(norms)) if norms[at] in context_words("then")), len(norms))
    if not any(word in context_words("the rest") for word in norms[later:]):
        return None
    placed = {one.at for one in reading.placed}  # `the breakdown has only piano, then the band is back`
    return next((one for one in reading.positive("instrument") if one.last < later and one.at not in placed), None)


def _says_only(words: list[str]) -> bool:
    """Whether the last word is `only` or the like, and not that of `not only`."""
    only = bool(words) and words[-1] in context_words("nobody but")
    return only and (context_words("not only") | tables.word_set("places", "words", "until")).isdisjoint(words[-2:-1])


def _words_before(reading: Reading, at: int, most: int) -> list[str]:
    """Return the last words before a token, at most so many, without fillers."""
    words = [token.norm for token in reading.tokens[max(0, at - most) : at]]
    return [word for word in words if word not in context_words("between")]


def only_these(reading: Reading, requested: tuple[str, ...]) -> bool:
    """Whether one instrument plays alone: `solo piano`; `piano solo` and `starts with solo piano` are sections."""
    if unaccompanied(reading):
        return True
    if first_alone(reading) is not None or set(requested) == {GROUP}:  # `only backing vocals` excludes none of the band
        return False
    if sum(_is_heard_as_music(name) for name in requested) <= 2 and (_excludes_the_rest(reading) or _only(reading)):
        return bool(requested)
    if requested and (_only_a_list(reading) or _is_all_there_is(reading) or _are_persons_parts(reading)):
        return True
    alone = {mention.last for mention in reading.positive("structure") if mention.meaning == "solo"}
    opening = {mention.sentence for mention in reading.positive("structure") if mention.meaning == "solo intro"}
    firsts = [
        mention
        for mention in reading.positive("instrument")
        if _follows_solo(reading, mention, alone)
        and mention.sentence not in opening
        and not _joins_a_genre(reading, mention)
    ]
    return (bool(firsts) or _is_one_performer(reading, alone)) and 0 < len(requested) <= 2


def _is_one_performer(reading: Reading, alone: set[int]) -> bool:
    """Whether `solo` says how many play music that people play alone: `solo blues, slide guitar, a man sings`."""
    named = [one for one in reading.positive("genre") if not reading.tokens[one.at].gap and one.at - 1 in alone]
    return any(tables.genres()[one.meaning].family in genre_families("of one person") for one in named)


def _follows_solo(reading: Reading, soloist: Mention, alone: set[int]) -> bool:
    """Whether a word such as `solo` stands right before an instrument, or `for` between them: `solo de violín`.

    Several solos, and one of an instrument before it, are parts of a song: `moog solos, hammond organ`.
    """
    words, before = reading.tokens, soloist.at - 1
    if before in alone:
        apart = bool(words[soloist.at].gap) and before > 0 and not words[before].gap
        return words[before].norm != "solos" and not apart
    if before - 1 not in alone or words[before].norm not in context_words("solo for"):
        return False
    styled = any(genre.last < before for genre in reading.positive("genre"))  # `rock, solo de guitarra`
    return words[before - 1].norm != "solos" and not styled


def _joins_a_genre(reading: Reading, soloist: Mention) -> bool:
    """Whether `solo` and its instrument join the band of a genre: `jazz with solo trumpet`."""
    words = [token.norm for token in reading.tokens[: soloist.at - 1]]
    before = [word for word in words if word not in ("a", "an", "the")]
    joined = bool(before) and before[-1] in tables.word_set("ensembles", "words", "beside")
    return joined and any(genre.last < soloist.at for genre in reading.positive("genre"))


def _is_heard_as_music(name: str) -> bool:
    return tables.instruments()[name].family != "fx"
