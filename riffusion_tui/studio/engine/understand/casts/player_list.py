"""Prompts that say nothing but who plays: `guitar, bass and drums`, `four cellos playing metal`."""

from __future__ import annotations

from functools import partial

from riffusion_tui.studio.engine.instrument_groups import CHOIRS, GROUP, HARMONY
from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.singer_casts import NOT_ALONE
from riffusion_tui.studio.engine.understand.figures.stated import BARS
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import (
    is_a_solo,
    names_a_plain_guitar,
)
from riffusion_tui.studio.engine.understand.instruments.named_instruments import named_in
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.unsung_music import is_a_dance_tune
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

_words = partial(tables.word_set, "ensembles", "listed")
_DESCRIBES = frozenset({"mood", "energy", "tempo", "production", "era", "scene", "place", "activity"})
"""What a prompt can also say about its players."""
_WHERE = frozenset({"scene", "place", "activity"})
"""What music can be for, other than players: `easy listening for a hotel lobby`."""
_PLAYERS = frozenset({"instrument", "vocal", "gender", "genre", "flavour", "avoid"})
_SAID_OF_MUSIC = frozenset({"key", "mode", "tempo", "meter", "length", "era", BARS})
"""Figures that can stand beside a list of players: `violin and piano, in B minor`."""


def listed_players(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the instruments of a prompt that is a list of players; empty if it is not.

    Of a single instrument, only one that plays tune and chords is everyone. A plain guitar without a rhythm section is
    an acoustic one.
    """
    if not names_only_players(reading):
        return ()
    families = {tables.instruments()[name].family for name in requested}
    if families == {"voice"} and GROUP in requested:
        return () if _backs_somebody(reading) else (GROUP,)
    if not _are_everyone(reading, requested, families, genre):
        return ()
    return _with_fitting_guitar(reading, requested, families)


def _backs_somebody(reading: Reading) -> bool:
    """Whether a group of singers is behind a singer: `backing vocals`."""
    words = {word for one in reading.positive("instrument") for word in one.word.lower().split()}
    singers = {one.word.lower() for one in reading.positive("vocal")}
    return bool(singers & _words("singing") or words & {"backing", "background", "backup"})


def _are_everyone(reading: Reading, requested: tuple[str, ...], families: set[str], genre: tables.Genre) -> bool:
    """Whether the named players need nobody else."""
    if "voice" in families and (reading.positive("genre", "flavour") or not _words("loud").isdisjoint(requested)):
        return False
    if "synth" in families and families <= {"synth", "drums", "percussion"} and not _sustains(requested):
        return False  # machines that need others: `synth leads and gated drums`
    several = len(requested) > 1 or bool(counts(reading, genre))
    if not _sung(reading):
        return several or _plays_alone(reading, requested, genre)
    chordal = any({"chords", "arp"} & set(tables.instruments()[name].roles) for name in requested)
    if reading.positive("genre") and not (several or chordal):
        return False  # `country duet, steel guitar`
    colored = reading.positive(*_DESCRIBES)
    accompanies = families.isdisjoint(NOT_ALONE) and (not colored or _words("sections").isdisjoint(requested))
    return "synth" not in families and (several or accompanies)


def _with_fitting_guitar(reading: Reading, requested: tuple[str, ...], families: set[str]) -> tuple[str, ...]:
    """Return the players, with a plain guitar as the kind of guitar that fits the others."""
    plain = names_a_plain_guitar(reading)
    acoustic = plain and families.isdisjoint(_words("rhythm"))
    kind = "acoustic guitar" if acoustic and not _positive_genres(reading) else "electric guitar"
    if plain:
        return tuple(kind if name == "electric guitar" else name for name in requested)
    words = {one.word.lower() for one in reading.positive("instrument")}
    electric = "drums" in families and not words.isdisjoint(_words("plain"))
    return tuple("electric guitar" if electric and name == "acoustic guitar" else name for name in requested)


def names_only_players(reading: Reading, allowed: frozenset[str] = frozenset()) -> bool:
    """Whether the prompt names players, perhaps how they sound and what they play, and nothing else.

    Singers have to be joined with them by a word or a number, or to complete a band: `piano, female vocals` may be
    keywords. Of the words for larger bands, the prompt may have the `allowed` ones.
    """
    played = reading.positive("instrument")
    if not played or any(is_a_solo(one) for one in played) or _is_in_a_name(reading, played):
        return False
    objects = _objects(reading)
    if not all(
        one.kind in _PLAYERS | _DESCRIBES or _is_improvised(one) or one.at in objects for one in reading.mentions
    ):
        return False
    if _is_lively(reading) or any(phrase(one.word) in context("beats of a band") for one in played):
        return False
    if any(one.negated and one.kind not in ("instrument", "vocal", "avoid") for one in reading.mentions):
        return False
    if not all(_is_played_or_allowed(reading, one) for one in _positive_genres(reading)):
        return False
    words = _between(reading)
    known = _words("joined") | _words("fillers") | _words("verbs") | numbers().keys()
    known |= context_words("negation") if any(one.negated for one in reading.mentions) else {"no", "without"}
    return (
        not is_of_a_band(reading, allowed)
        and all(word in known for word in words)
        and (not _sung(reading) or _are_joined(reading, words))
    )


def is_of_a_band(reading: Reading, allowed: frozenset[str] = frozenset()) -> bool:
    """Whether it names a larger band or a song, other than by the `allowed` words; with a singer, a Lied has none."""
    larger = _words("larger") if _sung(reading) else _words("larger") | _words("songs")
    return not (larger - allowed).isdisjoint(reading.norms)


def _are_joined(reading: Reading, between: list[str]) -> bool:
    """Whether the players and singers belong together; `between` are the words that are neither."""
    played = reading.positive("instrument")
    families = {tables.instruments()[one.meaning].family for one in played}
    return (
        not _words("joined").isdisjoint(between)
        or bool(counts(reading))
        or _has_a_concert_voice(reading)
        or any(one.meaning == GROUP for one in played)
        or all(one.kind in ("instrument", "vocal", "gender") for one in reading.mentions)
        or {"bass", "drums"} <= families
        or any(token.gap == "slash" for token in reading.tokens)
    )


def _sustains(requested: tuple[str, ...]) -> bool:
    """Whether one of these plays chords or the bass."""
    roles = {role for name in requested for role in tables.instruments()[name].roles}
    return not roles.isdisjoint({*HARMONY, "bass"})


def _is_improvised(mention: Mention) -> bool:
    """Whether it only says that they improvise."""
    return mention.kind == "structure" and mention.word.lower().startswith("improvis")


def _is_in_a_name(reading: Reading, played: list[Mention]) -> bool:
    """Whether the name of an instrument is in that of a genre that has singers: `synth pop`, `piano house`."""
    spans = {(one.at, one.last) for one in played}
    named = [tables.genres()[one.meaning] for one in reading.positive("genre") if (one.at, one.last) in spans]
    return any(genre.family in _words("machines") | {"pop"} and genre.vocals != "none" for genre in named)


def _is_lively(reading: Reading) -> bool:
    """Whether the music is for something that needs a band, such as dancing."""
    return any(tables.colors()[(one.kind, one.meaning)].feel[0] > 0 for one in reading.positive("activity"))


def is_performed(reading: Reading) -> bool:
    """Whether the prompt says that somebody plays something, or that it is for or on an instrument."""
    return any(token.norm in _words("verbs") | _words("played") | _words("for") for token in reading.tokens)


def names_only_instruments(reading: Reading) -> bool:
    """Whether the prompt names instruments, none of them voices, and nothing else."""
    names = {one.meaning for one in reading.positive("instrument")}
    if _positive_genres(reading) and names <= _words("body"):
        return False
    families = {tables.instruments()[name].family for name in names}
    return "voice" not in families and not _sung(reading) and names_only_players(reading, _words("unsung"))


def _between(reading: Reading) -> list[str]:
    """Return the words that are neither mentioned nor figures, nor what somebody plays."""
    objects = _objects(reading)
    covered = positions(reading.mentions)
    stated = reading.stated_characters(*_SAID_OF_MUSIC)
    covered |= {at + 1 for at, token in enumerate(reading.tokens) if token.norm in ("no", "without")}
    covered |= objects
    return [t.norm for at, t in enumerate(reading.tokens) if at not in covered and t.start not in stated]


def _objects(reading: Reading) -> set[int]:
    """Return the positions of what is played, up to the next player or comma: `playing rock riffs`."""
    found, played, inside = set[int](), {one.at for one in reading.positive("instrument")}, False
    for at, token in enumerate(reading.tokens):
        inside = inside and not token.gap and at not in played
        if inside:
            found.add(at)
        inside |= token.norm in _words("verbs")
    return found


def _sung(reading: Reading) -> bool:
    return any(one.meaning != "none" for one in reading.positive("vocal", "gender"))


def _plays_alone(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> bool:
    """Whether the only instrument needs nobody else: `sad piano`, `a cello playing Bach`; not `metal guitar`.

    So many bars of an instrument are for it alone: `8 bars of funk drums`.
    """
    if _positive_genres(reading):
        plays = all(name in _words("alone") for name in requested) or is_performed(reading)
        return plays and (genre.family == "classical" or _counts_bars(reading))
    styles = {tables.genres()[one.meaning].family for one in reading.positive("genre", "flavour")}
    if not styles.isdisjoint(_words("machines")):
        return False
    if names_a_plain_guitar(reading):
        return not reading.positive("energy")
    return {one.meaning for _, one in named_in(reading, genre)} <= _words("alone")


def _counts_bars(reading: Reading) -> bool:
    """Whether the prompt asks for so many bars of something: `8 bars of funk drums`."""
    ends = [one.end for one in reading.stated if one.kind == BARS]
    return any(reading.text[end:].lstrip().startswith("of ") for end in ends)


def _positive_genres(reading: Reading) -> list[Mention]:
    """Return the mentioned genres, without those that say which instrument: `celtic harp`; `choral` is a genre."""
    played = [one for one in reading.positive("instrument") if one.last > one.at or one.meaning not in CHOIRS]
    found = reading.positive("genre", "flavour")
    return [one for one in found if not any(other.at <= one.at and one.last <= other.last for other in played)]


def _is_played_or_allowed(reading: Reading, genre: Mention) -> bool:
    """Whether a genre says what the listed players play: before their list, or joined with it by a verb."""
    if genre.meaning in _words("genres") or _counts_bars(reading):
        return True
    if _sung(reading):
        singers = {one.at for one in reading.positive("vocal") if not reading.tokens[one.at].gap}
        return genre.last + 1 in singers and tables.genres()[genre.meaning].family in _words("singers")
    words = reading.tokens
    styles = {at for one in reading.positive("genre") for at in range(one.at, one.last + 1)}
    following = (at for at in range(genre.last + 1, len(words)) if words[at].norm not in _words("nouns"))
    after = next((at for at in following if at not in styles), len(words))
    verb = words[after].norm if after < len(words) else ""
    if verb in _words("played"):
        return True
    if verb in _words("for"):
        return _begins_with_players(reading, after + 1)
    before = [token.norm for token in words[: genre.at] if token.norm not in _words("articles")]
    return any(word in _words("verbs") for word in before[-3:]) or _describes_the_list(reading, genre)


def _describes_the_list(reading: Reading, genre: Mention) -> bool:
    """Whether a genre stands before the players, or after all of them, and is one that they can play."""
    words = reading.tokens
    family = tables.genres()[genre.meaning].family
    first = min(one.at for one in reading.positive("instrument"))
    last = max(reading.positive("instrument"), key=lambda one: one.last)
    joined = any(token.norm in _words("joined") for token in words[first : last.at])
    if genre.at == last.last + 1 and joined:
        return _is_allowed_after(reading, genre)
    if genre.at > first or family in _words("machines") or genre.meaning in _words("grooves"):
        return False
    described = positions(reading.mentions)
    between = range(genre.last + 1, first)
    ends = any(token.begins_phrase for token in words[genre.at + 1 : first + 1])
    if ends and joined and (is_a_dance_tune(reading) or family in _words("counted")):
        return is_a_dance_tune(reading) or _counts_usual_players(reading, tables.genres()[genre.meaning])
    return not ends and all(at in described or words[at].norm in numbers() for at in between)


def _is_allowed_after(reading: Reading, genre: Mention) -> bool:
    """Whether a genre right after the players says what they play: `fiddle and guitar, irish`."""
    known = tables.genres()[genre.meaning]
    if not reading.tokens[genre.at].gap:
        return known.family not in _words("machines")
    return known.family in _words("tags") or _counts_usual_players(reading, known)


def _counts_usual_players(reading: Reading, genre: tables.Genre) -> bool:
    """Whether a list with numbers has only players of a genre's usual band: `gypsy jazz, violin and two guitars`."""
    return bool(counts(reading)) and {name for name, _ in named_in(reading, genre)} <= {*genre.instruments}


def _has_a_concert_voice(reading: Reading) -> bool:
    """Whether a singer is a kind of voice: `mezzo-soprano, harp`."""
    words = (stem(word) for one in reading.positive("vocal") for word in phrase(one.word))
    return not context_words("voice types").isdisjoint(words)


def _begins_with_players(reading: Reading, at: int) -> bool:
    """Whether token `at`, articles, numbers and adjectives skipped, names an instrument."""
    words, starts = reading.tokens, {one.at for one in reading.positive("instrument")}
    skipped = positions(reading.positive(*_DESCRIBES - _WHERE))
    while at < len(words) and at not in starts:
        if at not in skipped and words[at].norm not in _words("articles") | numbers().keys():
            return False
        at += 1
    return at in starts
