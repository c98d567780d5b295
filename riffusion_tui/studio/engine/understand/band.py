"""Reads which instruments a prompt names and which it excludes, as keys of `instruments.toml`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.form_hints import is_a_solo
from riffusion_tui.studio.engine.understand.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.matching import meaning_of
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.softer import SOFTER
from riffusion_tui.studio.engine.understand.tokens import Token, normalize

_CORE = 3
"""Core instruments of a genre's band."""
_ARPEGGIATED_OR_UNPITCHED = ("synth", "bass", "fx", "drums", "percussion", "voice")
_DISTORTED = frozenset({"distorted", "fuzzed", "shredded"})
_COPULAS = ("is", "are", "sounds", "was", "were")
_ONLY = ("only", "just", "solely", "purely")
_KIT = frozenset({"kick", "snare", "hi-hats"})
"""Parts of a drum kit: without all of these, there are no drums."""
_BEATS = ("drums", "percussion", "drum machine")


def requested_instruments(reading: Reading, genre: tables.Genre | None = None) -> tuple[str, ...]:
    """Return the instruments that the prompt names, each once, in order; a plain `guitar` is the genre's kind."""
    beatless = any("drums" in excluded_by(mention) for mention in exclusions(reading))
    said_instruments = reading.positive("instrument")
    named = (
        mention
        for mention in said_instruments
        if not (beatless and _is_incidental(mention)) and not is_a_way_of_playing(mention, said_instruments)
    )
    names = dict.fromkeys(_in_genre(mention, genre, reading.tokens) for mention in _each_once(list(named)))
    if is_acoustic(reading) and any(is_plain_guitar(mention) for mention in said_instruments):
        names = dict.fromkeys("acoustic guitar" if name == "electric guitar" else name for name in names)
    if unaccompanied(reading) and not any(tables.instruments()[name].family == "voice" for name in names):
        names["vocal choir"] = None
    return tuple(names)


def _each_once(named: list[Mention]) -> list[Mention]:
    """Drop a plain `guitar` if a kind of guitar is named too, and a class of instruments if a member is."""
    kinds = [mention for mention in named if mention.meaning.endswith("guitar") and not is_plain_guitar(mention)]
    return [
        mention
        for mention in named
        if not (kinds and is_plain_guitar(mention)) and not (_is_a_class(mention) and _is_specified(mention, named))
    ]


def _is_a_class(mention: Mention) -> bool:
    return _fold(mention.word).endswith(" instrument")


def _is_specified(mention: Mention, named: list[Mention]) -> bool:
    """Whether the sentence specifies the class: `a plucked string instrument, probably a koto`."""
    return any(one.sentence == mention.sentence and not _is_a_class(one) for one in named)


def is_plain_guitar(mention: Mention) -> bool:
    """Whether the prompt says just `guitar`, which is the kind that the genre plays."""
    return _fold(mention.word) == "guitar"


def is_acoustic(reading: Reading) -> bool:
    """Whether all is acoustic: `acoustic version`, `unplugged`; not in `the drums are acoustic`."""
    return any(
        mention.meaning == "acoustic" and (not mention.at or reading.tokens[mention.at - 1].norm not in _COPULAS)
        for mention in reading.positive("production")
    )


def unaccompanied(reading: Reading) -> bool:
    """Whether the vocals are unaccompanied: `a cappella`, `she hums, nothing else`; not `no instruments but a drum`."""
    voices = [mention for mention in reading.positive("vocal") if mention.meaning != "none"]
    if any(mention.meaning == "a cappella" and not _has(mention, "instrument") for mention in voices):
        return True
    alone = any(mention.meaning == "a cappella" for mention in voices) or _excludes_the_rest(reading)
    return alone and bool(voices) and not any(_is_played(mention.meaning) for mention in reading.positive("instrument"))


def _is_played(name: str) -> bool:
    return tables.instruments()[name].family not in ("voice", "fx")


def _has(mention: Mention, start: str) -> bool:
    return any(word.startswith(start) for word in mention.word.lower().split())


def _excludes_the_rest(reading: Reading) -> bool:
    """Whether the prompt excludes everything that it does not name."""
    hints = [mention for mention in reading.positive("structure") if mention.meaning == "only these"]
    if any(tuple(_fold(mention.word).split()) in context("nothing besides") for mention in hints):
        return True
    named = {mention.meaning for mention in _each_once(reading.positive("instrument"))}
    if len(named) == 1 and any(_has(mention, "alone") and _beside_an_instrument(reading, mention) for mention in hints):
        return True
    silent = any(
        mention.meaning == "a cappella" and _has(mention, "instrument") for mention in reading.positive("vocal")
    )
    return silent and not any(_is_played(name) and name not in ("whistling", "claps", "stomps") for name in named)


def _beside_an_instrument(reading: Reading, hint: Mention) -> bool:
    """Whether `alone` means the player, not the subject: `the trumpeter plays, alone, in a field`."""
    sung = [mention for mention in reading.positive("vocal") if mention.meaning != "none"]
    return not sung and any(mention.sentence == hint.sentence for mention in reading.positive("instrument"))


def _only(reading: Reading) -> bool:
    """Whether only the named instruments play: `just the drum kit`, `drums and bass only`."""
    words = reading.tokens
    for mention in reading.positive("instrument"):
        before = [
            token.norm
            for token in words[max(0, mention.at - 7) : mention.at]
            if token.norm not in context_words("between")
        ]
        after = [token.norm for token in words[mention.last + 1 : mention.last + 2]]
        ends = mention.last + 2 >= len(words) or words[mention.last + 2].gap != ""
        if (before and before[-1] in _ONLY) or (ends and after and after[0] in _ONLY):
            return True
    return False


def _only_a_list(reading: Reading) -> bool:
    """Whether a word such as `just` precedes the only list of instruments: `just guitar, bass and drums`."""
    named = reading.positive("instrument")
    first = min(named, key=lambda mention: mention.at)
    before = [
        token.norm
        for token in reading.tokens[max(0, first.at - 4) : first.at]
        if token.norm not in context_words("between")
    ]
    begins = any(mention.meaning == "solo intro" for mention in reading.positive("structure")) or "starts" in before
    return not begins and bool(before) and before[-1] in _ONLY and len({mention.sentence for mention in named}) == 1


def is_a_way_of_playing(mention: Mention, others: list[Mention]) -> bool:
    """Whether it is a way of playing, not an instrument: `arpeggiated guitar`, `a piano plays arpeggios`."""
    if not set(_fold(mention.word).split()) <= context_words("manners"):
        return False
    families = {other: tables.instruments()[other.meaning].family for other in others if other.at != mention.at}
    return any(
        (family == "bass" and 0 < other.at - mention.last <= 2)
        or (other.sentence == mention.sentence and family not in _ARPEGGIATED_OR_UNPITCHED)
        for other, family in families.items()
    )


def _in_genre(mention: Mention, genre: tables.Genre | None, tokens: tuple[Token, ...]) -> str:
    if mention.meaning == "electric guitar" and mention.at and tokens[mention.at - 1].norm in _DISTORTED:
        return "distorted guitar"
    kind = _kind_after_name(mention, tokens)
    if kind is not None:
        return kind
    if genre is not None and _fold(mention.word) in ("whistle", "whistles"):
        return "whistle" if genre.family in ("folk", "latin") else "whistling"
    if genre is not None and _fold(mention.word) == "organ" and genre.family == "classical":
        return "church organ"
    if genre is None or mention.meaning != "electric guitar" or not _fold(mention.word).startswith("guitar"):
        return mention.meaning
    table = tables.instruments()
    if genre.family == "classical":
        return "nylon guitar"
    own = [name for name in genre.instruments[:_CORE] if table[name].family == "guitar" and "guitar" in name]
    return own[0] if own and mention.meaning not in own else mention.meaning


def _kind_after_name(mention: Mention, tokens: tuple[Token, ...]) -> str | None:
    """Return the kind given after the name: `the drums are electronic`, `the guitar is heavily distorted`."""
    after = [token.norm for token in tokens[mention.last + 1 : mention.last + 6]]
    if mention.at != mention.last or after[:1] not in [[word] for word in _COPULAS]:
        return None
    adjective = next((word for word in after[1:] if word in context_words("kinds")), None)
    return meaning_of((adjective, tokens[mention.at].norm), "instrument") if adjective else None


def _is_incidental(mention: Mention) -> bool:
    """Whether it names no drum if drums are excluded: `percussive bowing`, `a slow beat`."""
    return mention.meaning in _BEATS and bool({"percussive", "beat", "beats"} & set(_fold(mention.word).split()))


def excluded(reading: Reading, requested: tuple[str, ...], players: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the excluded names and families: `no guitar` means all guitars, `no drums` all percussion.

    A family with a named member stays: `no drums, just a shaker` excludes drums but not percussion. An exact cast,
    `players`, has no drums but its own.
    """
    names: dict[str, None] = {}
    if players and not any(tables.instruments()[name].family in ("drums", "percussion") for name in players):
        names.update(dict.fromkeys(("drums", "percussion")))
    for mention in exclusions(reading):
        names.update(dict.fromkeys(excluded_by(mention)))
    if unaccompanied(reading):
        names.update(dict.fromkeys(("drums", "percussion", "bass")))
    if names.keys() >= _KIT:
        names.update(dict.fromkeys(("drums", "percussion")))
    return tuple(dict.fromkeys(one for name in names for one in _without(name, requested)))


def softer_names(reading: Reading) -> tuple[str, ...]:
    """Return the names and families that are to be softer, `vocals` among them: `less guitar` means all guitars."""
    return tuple(dict.fromkeys(name for mention in reading.positive(SOFTER) for name in excluded_by(mention)))


def without_less(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return what must not play in a part of the song, in which `less drums` means none."""
    there = {mention.at for mention in reading.positive("instrument", "vocal")}
    less = [mention for mention in reading.positive(SOFTER) if mention.at not in there]
    names = (*excluded(reading, requested), *(name for mention in less for name in excluded_by(mention)))
    return tuple(dict.fromkeys(names))


def exclusions(reading: Reading) -> list[Mention]:
    """Return the mentions of what must not play; `no guitar solos` excludes no guitars."""
    mentions = [*reading.negative("instrument"), *reading.positive("avoid")]
    return [one for one in mentions if not is_a_solo(one) and not _before_solo(reading, one)]


def _before_solo(reading: Reading, mention: Mention) -> bool:
    after = reading.tokens[mention.last + 1 : mention.last + 2]
    return any(token.norm in ("solo", "solos") and not token.gap for token in after)


def excluded_by(mention: Mention) -> tuple[str, ...]:
    """Return the names and families that an exclusion covers: `no kick` only that of the kit."""
    whole = mention.kind == "avoid" or mention.meaning == "percussion"
    word = ("drums" if mention.meaning == "percussion" else mention.meaning) if whole else _fold(mention.word)
    return _kinds().get(word, (mention.meaning,))


def _without(name: str, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return an excluded name without the named instruments: a family with named members becomes its other members."""
    if name in requested:
        return ()
    table = tables.instruments()
    if name == "drums" or all(table[one].family != name for one in requested):
        return (name,)
    return (
        ()
        if name == "percussion"
        else tuple(one for one, row in table.items() if row.family == name and one not in requested)
    )


def only_these(reading: Reading, requested: tuple[str, ...]) -> bool:
    """Whether one instrument plays alone: `solo piano`; `piano solo` and `starts with solo piano` are sections."""
    if unaccompanied(reading):
        return True
    if sum(_is_heard_as_music(name) for name in requested) <= 2 and (_excludes_the_rest(reading) or _only(reading)):
        return bool(requested)
    if requested and _only_a_list(reading):
        return True
    alone = {mention.last for mention in reading.positive("structure") if mention.meaning == "solo"}
    opening = {mention.sentence for mention in reading.positive("structure") if mention.meaning == "solo intro"}
    firsts = [
        mention
        for mention in reading.positive("instrument")
        if mention.at - 1 in alone and mention.sentence not in opening
    ]
    return bool(firsts) and len(requested) <= 2


def _is_heard_as_music(name: str) -> bool:
    return tables.instruments()[name].family != "fx"


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """Return the families or names that a word for a kind of instruments covers."""
    rows = read_data("lexicon/avoided.toml").items()
    return {
        _fold(word): tables.split_words(row["takes"])
        for name, row in rows
        for word in (name, *tables.split_words(row["typed"]))
    }


def _fold(word: str) -> str:
    return " ".join(normalize(part) for part in word.replace("-", " ").split())
