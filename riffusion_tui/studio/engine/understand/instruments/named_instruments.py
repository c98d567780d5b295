"""Reads which instruments a prompt names, as keys of `instruments.toml`."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import (
    each_once,
    folded,
    is_fingered,
    is_plain_guitar,
    is_plain_organ,
)
from riffusion_tui.studio.engine.understand.instruments.only_these import unaccompanied
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.unaccompanied_singers import sings_with_others
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.tables import genre_families, instrument_families
from riffusion_tui.studio.engine.understand.words.tokens import Token

_CORE = 3
"""Core instruments of a genre's band."""
_CONCERT_WINDS = frozenset({"trumpet", "trombone", "tuba", "oboe", "bassoon", "clarinet"})
"""Beside these, a horn is one player."""
_ACOUSTIC = frozenset({"folk"})
"""Families in which a guitar is acoustic, although few have one."""
_AMPLIFIED = frozenset({"electric guitar", "overdriven guitar", "distorted guitar"})
"""What a plain guitar is in genres that amplify it."""
_BEATS = ("drums", "percussion", "drum machine")


def requested_instruments(reading: Reading, genre: tables.Genre | None = None) -> tuple[str, ...]:
    """Return the instruments that the prompt names, each once, in order; a plain `guitar` is the genre's kind."""
    cast = read_data("cast.toml")
    out = {name for mention in exclusions(reading) for name in excluded_by(reading, mention)}
    led = {name: cast["instead"][name] for name, leader in cast["led"].items() if leader in out}
    names = dict.fromkeys(led.get(name, name) for name, _ in named_in(reading, genre))
    known = [tables.instruments()[name] for name in names]
    voiced = any(one.family == "voice" and "drums" not in one.roles for one in known)
    if unaccompanied(reading) and not voiced and sings_with_others(reading, genre):
        names["vocal choir"] = None
    return tuple(names)


def named_in(reading: Reading, genre: tables.Genre | None) -> list[tuple[str, Mention]]:
    """Return the instruments that the prompt names, each with its mention, in order."""
    beatless = any("drums" in excluded_by(reading, mention) for mention in exclusions(reading))
    mentions = reading.positive("instrument")
    named = [
        mention
        for mention in mentions
        if not (beatless and _is_incidental(mention)) and not is_a_way_of_playing(mention, mentions)
    ]
    named = [one for one in named if not _repeats_a_bass(reading, one, named)]
    choir = (
        genre is not None
        and genre.family in genre_families("of churches")
        and any(one.meaning in CHOIRS for one in named)
    )
    styles = frozenset(one.at for one in reading.positive("genre", "flavour"))
    others = {one.meaning for one in named} - {"brass"}
    accompanists = tables.word_set("ensembles", "concert", "accompanists")
    winds = bool(others & _CONCERT_WINDS) or (bool(others) and others <= accompanists)
    company = _Company(winds, choir, not others, styles)
    found = [(_in_genre(one, genre, reading.tokens, company), one) for one in each_once(named)]
    found = _with_the_choir_meant(reading, found)
    acoustic = is_acoustic(reading) or any(is_fingered(one) and _ends_a_phrase(reading, one) for one in mentions)
    if acoustic and any(is_plain_guitar(mention) for mention in mentions):
        return [("acoustic guitar" if name in _AMPLIFIED else name, mention) for name, mention in found]
    return found


def _with_the_choir_meant(reading: Reading, found: list[tuple[str, Mention]]) -> list[tuple[str, Mention]]:
    """Return the instruments with a choir of men or women in place of any choir, if the prompt means that."""
    if any(name in ("male choir", "female choir") for name, _ in found):
        found = [(name, one) for name, one in found if name != "choir"]  # `gregorian chant, monks`
    others_sing = {"male": "female choir", "female": "male choir"}
    excluded = {one.meaning for one in reading.negative("gender", "vocal")} & others_sing.keys()
    if len(excluded) != 1:
        return found
    kind = others_sing[excluded.pop()]
    return [(kind if name == "choir" else name, one) for name, one in found]  # `choir without men`


def _repeats_a_bass(reading: Reading, mention: Mention, others: list[Mention]) -> bool:
    """Whether a plain `bass` only ends the name of another: `303 acid bass`."""
    basses = {one.last for one in others if tables.instruments()[one.meaning].family == "bass"}
    return folded(mention.word) == "bass" and mention.at - 1 in basses and not reading.tokens[mention.at].gap


def is_acoustic(reading: Reading) -> bool:
    """Whether all is acoustic: `acoustic version`, `unplugged`; not in `the drums are acoustic`."""
    return any(
        mention.meaning == "acoustic"
        and (not mention.at or reading.tokens[mention.at - 1].norm not in context_words("copulas"))
        for mention in reading.positive("production")
    )


def _ends_a_phrase(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is of the whole song: `fingerpicked`; not `fingerpicked intro`."""
    return all(token.begins_phrase for token in reading.after(mention))


def is_a_way_of_playing(mention: Mention, others: list[Mention]) -> bool:
    """Whether it is a way of playing, not an instrument: `arpeggiated guitar`, `a piano plays arpeggios`."""
    if not set(folded(mention.word).split()) <= context_words("manners"):
        return False
    families = {other: tables.instruments()[other.meaning].family for other in others if other.at != mention.at}
    return any(
        (family == "bass" and 0 < other.at - mention.last <= 2)
        or (other.sentence == mention.sentence and family not in instrument_families("without arpeggios"))
        for other, family in families.items()
    )


@dataclass(frozen=True, slots=True)
class _Company:
    """Who else plays."""

    horns: bool
    """Winds of a concert, beside which a horn is one player."""
    church: bool
    """A choir that sings to a church's organ."""
    alone: bool
    """None: they are of one kind."""
    styled: frozenset[int]
    """Tokens at which a genre is named, with the instrument: `bossa nova guitar`."""


def _in_genre(mention: Mention, genre: tables.Genre | None, tokens: tuple[Token, ...], company: _Company) -> str:
    """Return the instrument that is meant: of several kinds the genre's own, such as its guitar."""
    before = tokens[mention.at - 1].norm if mention.at else ""
    if mention.meaning == "electric guitar" and before in context_words("distorted"):
        return "distorted guitar"
    kind = _kind_after_name(mention, tokens)
    if kind is not None:
        return kind
    if _is_a_horn(mention, tokens) and _is_one_player(mention, genre, tokens, company):
        return "french horn"
    if genre is None:
        return mention.meaning
    word = folded(mention.word)
    if word in ("whistle", "whistles"):
        return "whistle" if genre.family in ("folk", "latin") else "whistling"
    if is_plain_organ(mention) and (genre.family == "classical" or company.church):
        return "church organ"
    if word == "harp" and genre.family == "blues":
        return "harmonica"
    if word == "drum" and genre.family in genre_families("of hand drums"):
        return next((name for name in genre.instruments if _is_a_drum(name)), "hand drum")
    return plain_guitar(genre) if _is_the_genres_guitar(mention, genre, company) else mention.meaning


def _is_a_drum(name: str) -> bool:
    return tables.instruments()[name].family == "percussion" and name != "percussion"


def _is_one_player(mention: Mention, genre: tables.Genre | None, tokens: tuple[Token, ...], company: _Company) -> bool:
    """Whether a horn is one player of a concert, not a section of a band."""
    counted = company.alone and not company.styled and _is_counted(mention, tokens)
    return counted or (genre.family in genre_families("with single horns") if genre is not None else company.horns)


def _is_the_genres_guitar(mention: Mention, genre: tables.Genre, company: _Company) -> bool:
    """Whether a guitar is of the genre's kind: a plain one; in rock also a `guitarra`, but no `guitarra eléctrica`."""
    if mention.meaning != "electric guitar":
        return (
            mention.meaning == "acoustic guitar"
            and genre.family in genre_families("of electric guitars")
            and _is_foreign(mention)
        )
    styled = mention.at in company.styled and mention.last > mention.at
    word = folded(mention.word)
    named_plainly = word.startswith("guitar") and not word.startswith("guitarra")
    return styled or named_plainly or is_plain_guitar(mention)


def _is_foreign(mention: Mention) -> bool:
    """Whether it is the plain word for a guitar in another language: `guitarras rápidas`."""
    words = split_words(read_data("lexicon/ensembles.toml")["listed"]["plain"])
    return folded(mention.word) in {form for word in words for form in (word, f"{word}s", f"{word}n")}


def _is_a_horn(mention: Mention, tokens: tuple[Token, ...]) -> bool:
    """Whether it is one horn, or a number of them, not a section."""
    return folded(mention.word) == "horn" or (folded(mention.word) == "horns" and _is_counted(mention, tokens))


def _is_counted(mention: Mention, tokens: tuple[Token, ...]) -> bool:
    return mention.at > 0 and tokens[mention.at - 1].norm in context_words("several horns")


def plain_guitar(genre: tables.Genre) -> str:
    """Return the kind of guitar that a genre plays."""
    if genre.family == "classical":
        return "nylon guitar"
    usual = genre.instruments if genre.family == "jazz" else genre.instruments[:_CORE]
    own = [name for name in usual if tables.instruments()[name].family == "guitar" and "guitar" in name]
    if not own:
        if genre.family in _ACOUSTIC or "gentle" in genre.traits:
            return "acoustic guitar"
        return {"jazz": "jazz guitar", "latin": "nylon guitar"}.get(genre.family, "electric guitar")
    return "electric guitar" if "electric guitar" in own else own[0]


def _kind_after_name(mention: Mention, tokens: tuple[Token, ...]) -> str | None:
    """Return the kind given after the name: `the drums are electronic`, `the guitar is heavily distorted`."""
    after = [token.norm for token in tokens[mention.last + 1 : mention.last + 6]]
    if mention.at != mention.last or after[:1] not in [[word] for word in context_words("copulas")]:
        return None
    adjective = next((word for word in after[1:] if word in context_words("kinds")), None)
    return meaning_of((adjective, tokens[mention.at].norm), "instrument") if adjective else None


def _is_incidental(mention: Mention) -> bool:
    """Whether it names no drum if drums are excluded: `percussive bowing`, `a slow beat`."""
    return mention.meaning in _BEATS and bool({"percussive", "beat", "beats"} & set(folded(mention.word).split()))
