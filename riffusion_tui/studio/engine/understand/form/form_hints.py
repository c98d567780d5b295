"""Hints about the form: what the song starts with, whether it builds, drops, fades or stops."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import chain

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.types import (
    BARS_EACH,
    BARS_OF,
    EVEN,
    KEY_CHANGE,
    KEY_OF,
    LONE_SINGER,
    ORDER,
    SAME_KEY,
    SOLO_LAST,
    WITHOUT,
    WITHOUT_SOLOS,
)
from riffusion_tui.studio.engine.understand.figures.section_bars import SECTION_BARS
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.figures.structure_figures import BARS, EACH, FORM_BARS, INTERVAL, LETTERS
from riffusion_tui.studio.engine.understand.form.dynamics import course
from riffusion_tui.studio.engine.understand.form.section_counts import counted_sections, is_counted, number_at
from riffusion_tui.studio.engine.understand.form.section_keys import section_keys, song_key
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.instruments.only_these import first_alone
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import places_of
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.places import IN, place_at
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_MAX_DISTANCE = 4
"""Words between `starts with` and the instrument, at most."""
_MAX_COUNT = 40
"""Hints per prompt, at most."""
_OPTIONAL = frozenset({"chorus", "bridge", "intro", "breakdown", "drop"})
"""Kinds of sections that a song can be without."""
_MIN_ORDER = 4
"""Sections that are an order, at least: `verse, chorus and bridge` only names three."""
_MAX_ORDER = 24
_FEWEST_BARS = 2
_MAIN = ("verse", "chorus")
"""What has the bars that each section is to have, if the prompt doesn't list them."""
_FORM = (["form"], ["structure"], ["song"])
_LETTERS_ALONE = 4
"""Parts of a form without the word, at least."""
_NOT_A_FORM = frozenset({"ABBA", "ABC"})
_BEFORE_A_PLACE = 2
"""Words between `in` and a section, at most."""
_WHICH = frozenset({"the", "a", "each", "every", "all", "first", "second", "third", "last", "final"})
_RELATED_MAJOR = {
    "minor": frozenset({0, 3, 8, 10}),
    "dorian": frozenset({0, 3, 5, 10}),
    "phrygian": frozenset({0, 1, 3, 8}),
}
"""Semitones from a tonic to the major chords of its key, by mode; and to the parallel major key."""
_ELECTRIC = re.compile(r"\belectric guitar\b")


def structure(reading: Reading) -> tuple[str, ...]:
    """Return the hints in the prompt's order: `drop`, `fade out`, `solo piano intro`, `piano intro`, `guitar solo`."""
    order, places = _order(reading)
    hints: dict[str, None] = {f"{ORDER}{' '.join(order)}": None} if order else {}
    hints.update({EVEN: None} if order and order == counted_sections(reading) else {})
    each = bars_each(reading)
    hints.update({f"{BARS_EACH}{each}": None} if each else {})
    for mention in reading.positive("structure")[:_MAX_COUNT]:
        if mention.at in places and mention.meaning != "solo":
            continue
        if _is_a_place(reading, mention) or _counts_sections(reading, mention):
            continue
        if mention.meaning == "solo intro":
            hints.update(dict.fromkeys(_intro(reading, mention)))
        elif mention.meaning == "solo":
            hints.update(dict.fromkeys(_solo(reading, mention)))
        elif mention.meaning == KEY_CHANGE:
            hints.update(dict.fromkeys(_change_of_the_song(reading)))
        else:
            hints[mention.meaning] = None
    for mention in reading.positive("instrument"):
        if is_a_solo(mention):
            hints[f"{mention.meaning} solo"] = None
    if any(is_a_solo(mention) for mention in reading.negative("structure", "instrument")):
        hints[WITHOUT_SOLOS] = None
    hints.update(dict.fromkeys(_implied(reading, hints)))
    hints.update(dict.fromkeys(_section_keys(reading)))
    hints.update(dict.fromkeys(_excluded(reading)))
    hints.update(dict.fromkeys(f"{BARS_OF}{kind}: {bars}" for kind, bars in _section_bars(reading).items()))
    return tuple(hints)


def _leads_to_a_solo(reading: Reading, mention: Mention) -> bool:
    """Whether a solo follows, as in `ends with a long guitar solo`, `end on a solo`."""
    solos = [one for one in reading.positive("instrument", "structure") if is_a_solo(one)]
    if mention.word.lower().split()[-1] not in ("with", "on"):
        return False
    return any(one.sentence == mention.sentence and 0 < one.at - mention.last <= _MAX_DISTANCE for one in solos)


def _is_a_place(reading: Reading, mention: Mention) -> bool:
    """Whether `chorus` only says where somebody plays: `a trumpet in the last chorus`, `no drums until the chorus`."""
    before = [token.norm for token in reading.tokens[max(0, mention.at - 1 - _BEFORE_A_PLACE) : mention.at]]
    while len(before) > 1 and before[-1] in _WHICH:
        before.pop()
    bare = mention.meaning == "big chorus" and mention.at == mention.last
    said = mention.at in places_of(reading.placed)
    return bare and (said or (before[-1:] != [] and before[-1] in ("in", "during", "over")))


def _counts_sections(reading: Reading, mention: Mention) -> bool:
    """Whether `just` counts sections: `just one chorus`."""
    return mention.meaning == "only these" and is_counted(reading, mention.last + 1)


def _section_bars(reading: Reading) -> dict[str, str]:
    """Return the bars that the prompt gives kinds of sections; of several numbers for a kind the first."""
    found: dict[str, str] = {}
    for stated in reading.stated:
        if stated.kind == SECTION_BARS:
            kind, bars = stated.value.split()
            found.setdefault(kind, bars)
    each = None if _order(reading)[0] else reading.first(EACH)
    return found if each is None else dict.fromkeys(_MAIN, each) | found


def _implied(reading: Reading, hints: Collection[str]) -> Iterator[str]:
    """Yield the hints of other words: who begins alone, whether a solo ends the song, and how far a key changes."""
    endings = [one for one in reading.positive("structure") if one.meaning == "ending"]
    last = [one for one in reading.positive("instrument", "structure") if is_last(reading, one)]
    if last or any(_leads_to_a_solo(reading, one) for one in endings):
        yield SOLO_LAST
    beginner = first_alone(reading)
    if beginner is not None:
        yield from ("solo intro", f"solo {beginner.meaning} intro")
    yield from course(reading)
    changes = reading.first(INTERVAL) or changes_of_key(reading)
    if changes and not any(hint.startswith(KEY_CHANGE) for hint in hints):
        yield _key_change(reading)


def bars_each(reading: Reading) -> int:
    """Return the bars of each section of a form, as stated or its share of the form's; 0 if the prompt doesn't say."""
    sections = len(_order(reading)[0])
    whole = int(reading.first(FORM_BARS) or reading.first(BARS) or 0)
    shares = whole // sections if sections and whole % sections == 0 else 0
    each = int(reading.first(EACH) or shares) if sections else 0
    return each if each >= _FEWEST_BARS else 0


def form_bars(reading: Reading) -> int:
    """Return the bars of a form, as stated or of all its sections; 0 if the prompt doesn't say."""
    return int(reading.first(FORM_BARS) or bars_each(reading) * len(_order(reading)[0]))


def with_own_bass(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a bass as the only kind of bass in an exact cast: `jazz trio, bass solo`.

    Args:
        requested: the instruments that the prompt names.
        players: the exact cast; empty if there is none.
    """
    basses = {name for name in set(players) - {LONE_SINGER} if tables.instruments()[name].family == "bass"}
    if len(basses) != 1:
        return requested
    return tuple(dict.fromkeys(min(basses) if name == "bass" else name for name in requested))


def with_acoustic_guitar(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a guitar as the acoustic one of an exact cast without an electric one.

    Args:
        requested: the instruments that the prompt names.
        players: the exact cast; empty if there is none.
    """
    if "acoustic guitar" not in players or "electric guitar" in players:
        return requested
    return tuple(dict.fromkeys("acoustic guitar" if name == "electric guitar" else name for name in requested))


def with_own_guitar(hints: tuple[str, ...], requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hints with the kind that a plain `guitar` or `bass` stands for: `distorted guitar solo`.

    Args:
        hints: those of `structure`.
        requested: the instruments that the prompt names, each as the genre's kind.
    """
    if "upright bass" in requested and "bass" not in requested:
        hints = tuple(f"upright {hint}" if hint == "bass solo" else hint for hint in hints)
    guitars = [name for name in requested if name.endswith("guitar")]
    if "electric guitar" in requested or len(guitars) != 1:
        return hints
    return tuple(_ELECTRIC.sub(guitars[0], hint) for hint in hints)


def _order(reading: Reading) -> tuple[list[str], range]:
    """Return the kinds of sections that the prompt lists in order, and the positions of their words.

    They are empty if it lists fewer than four of at least two kinds.
    """
    form = next(chain(_lettered(reading), _named(reading)), None)
    if form is not None:
        return _by_letter(form[0]), form[1]
    between = context_words("between sections")
    played = {at for mention in reading.positive("instrument") for at in range(mention.at, mention.last + 1)}
    lone = {mention.at - 1 for mention in reading.positive("instrument") if not reading.tokens[mention.at].gap}
    figures = [(one.start, one.end) for one in reading.stated if one.kind == SECTION_BARS]
    kinds: list[str] = []
    numbers: list[int] = []
    first = last = 0
    for at, token in enumerate(reading.tokens):
        kind = None if at in lone else tables.sections().get(token.norm)
        if (kind == "chorus" and at and reading.tokens[at - 1].norm == "pre") or token.norm == "prechorus":
            kind = "prechorus"
        if kind is not None:
            first = first if kinds else at
            last = at
            kinds.append(kind)
            numbers.append(number_at(reading, at))
        elif is_counted(reading, at + 1):
            continue  # the `two` of `two choruses`
        elif token.norm not in between and at not in played | lone and not _is_inside(token, figures):
            if _is_order(kinds):
                break
            kinds, numbers = [], []
    only_sizes = bool(figures) and len(set(kinds)) == len(kinds)  # `intro 4 bars, verse 8 bars, chorus 8 bars`
    if only_sizes or not _is_order(kinds):
        return counted_sections(reading), range(0)
    repeated = [kind for kind, number in zip(kinds, numbers, strict=True) for _ in range(number)]
    return repeated[:_MAX_ORDER], range(first, last + 1)


def _is_inside(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _lettered(reading: Reading) -> Iterator[tuple[str, range]]:
    """Yield each form by letters, and the positions of its words."""
    for at, token in enumerate(reading.tokens):
        if LETTERS.fullmatch(token.typed):
            said = [one.norm for one in reading.tokens[at + 1 : at + 2]] in _FORM
            if said or (len(token.typed) >= _LETTERS_ALONE and token.typed not in _NOT_A_FORM):
                yield token.typed, range(at, at + 1 + said)


def _named(reading: Reading) -> Iterator[tuple[str, range]]:
    """Yield each form that the prompt names, by letters, and the positions of its words."""
    words = [token.norm for token in reading.tokens]
    for name, letters in _forms():
        for at in range(len(words) - len(name) + 1):
            if tuple(words[at : at + len(name)]) == name:
                yield letters, range(at, at + len(name))


@cache
def _forms() -> tuple[tuple[tuple[str, ...], str], ...]:
    rows = read_data("lexicon/named_forms.toml").items()
    return tuple((phrase(name), letters) for letters, names in rows for name in tables.split_words(names))


def ordered_places(reading: Reading) -> range:
    """Return the positions of the words that list sections in order, or name a form."""
    return _order(reading)[1]


def _by_letter(letters: str) -> list[str]:
    """Return the kinds of sections of `ABABCB`, one per letter; the only other part of `AABA` is a bridge."""
    middle = letters.count("B") == 1 and "C" not in letters
    kinds = {"A": "verse", "B": "bridge" if middle else "chorus", "C": "bridge", "D": "solo"}
    return [kinds[letter] for letter in letters]


def _is_order(kinds: list[str]) -> bool:
    return len(kinds) >= _MIN_ORDER and len(set(kinds)) > 1


def _key_change(reading: Reading) -> str:
    """Return the hint with the key that the song changes to, a second key, or by how many semitones it goes up."""
    keys = [stated.value for stated in reading.stated if stated.kind == "key"]
    second = keys[1] if len(keys) == 2 and not section_keys(reading)[0] else ""
    changes, by = changes_of_key(reading), reading.first(INTERVAL)
    key, mode = changes[0] if changes else (second, reading.first("new mode") or "")
    mode = mode or _implied_mode(reading, key)
    return f"{KEY_CHANGE} to {key} {mode}".strip() if key else f"{KEY_CHANGE} by {by}" if by else KEY_CHANGE


def _change_of_the_song(reading: Reading) -> Iterator[str]:
    """Yield the hint about the song's key change, if it isn't only a section that the words lead to another key."""
    change = _key_change(reading)
    if change != KEY_CHANGE or not any(one.new for one in section_keys(reading)[0]):
        yield change


def changes_of_key(reading: Reading) -> list[tuple[str, str]]:
    """Return the keys that the song changes to, each with its mode, which may be empty.

    Those of kinds of sections are none, nor is the song's own: `in G major, ends in G major`.
    """
    own = {one.key for one in section_keys(reading)[0] if one.new}
    tonic, song_mode = song_key(reading)
    modes = {one.start: one.value for one in reading.stated if one.kind == "new mode"}
    keys = [(one.value, modes.get(one.start, "")) for one in reading.stated if one.kind == "new key"]
    found = dict.fromkeys((key, mode) for key, mode in keys if key not in own)
    home = tonic, song_mode
    return [(key, mode) for key, mode in found if (key, mode or _implied_mode(reading, key) or song_mode) != home]


def _section_keys(reading: Reading) -> Iterator[str]:
    """Yield the hints about the keys of kinds of sections that are not the song's."""
    found, _ = section_keys(reading)
    tonic, song_mode = song_key(reading)
    for one in found:
        mode = one.mode or (_implied_mode(reading, one.key) if one.key != tonic else "") or song_mode
        if (one.key or tonic, mode) != (tonic, song_mode):
            yield f"{KEY_OF}{one.section}: {' '.join(filter(None, (one.key or tonic, mode)))}"


def _implied_mode(reading: Reading, key: str) -> str:
    """Return the mode of a key without one, to which a song in minor changes: major if that is a chord of its own key.

    Else it is the song's: `in A minor, bridge in F` is major, as are C, G and A, and D minor.
    """
    first, mode = song_key(reading)
    related = _RELATED_MAJOR.get(mode.rpartition(" ")[2], frozenset())  # of a harmonic minor, those of the minor
    return "major" if key and first and (pitch_of(key) - pitch_of(first)) % 12 in related else ""


def _excluded(reading: Reading) -> Iterator[str]:
    """Yield the hints for what is negated: a kind of section, a key change; `no big chorus` excludes none."""
    for mention in reading.negative("structure"):
        section = tables.sections().get(" ".join(mention.word.lower().split()))
        if section in _OPTIONAL:
            yield f"{WITHOUT}{section}"
        elif mention.meaning == KEY_CHANGE:
            yield SAME_KEY


def is_last(reading: Reading, mention: Mention) -> bool:
    """Whether it is a solo that ends the song: `a guitar solo at the end`."""
    place = place_at(reading.tokens, mention.last + 1) if is_a_solo(mention) else None
    return place is not None and place.how == IN and place.sections == ("ending",)


def _intro(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the intro hint: `starts with solo piano` is a solo intro on the piano; `intro` is a plain one."""
    if mention.at in places_of(reading.placed):
        return ("intro",)  # `no drums in the intro, piano`
    leads = [
        one
        for one in reading.positive("instrument")
        if one.sentence == mention.sentence and 0 < one.at - mention.last <= _MAX_DISTANCE
    ]
    before = [one for one in reading.positive("instrument") if mention.at - 2 <= one.last < mention.at]
    after_it = before and before[-1].last == mention.at - 1 and mention.word.lower() in ("intro", "opening")
    if after_it or not leads:
        return (f"{before[-1].meaning} intro",) if before else ("intro",)
    between = {token.norm for token in reading.tokens[mention.last + 1 : leads[0].at]}
    if between & {"solo", "only", "just", "single", "lone", "unaccompanied"}:
        return "solo intro", f"solo {leads[0].meaning} intro"
    return (f"{leads[0].meaning} intro",)


def _solo(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the solo hint: `piano solo` is a section, `solo piano` is not."""
    before = [one.meaning for one in reading.positive("instrument") if one.last == mention.at - 1]
    if before and not reading.tokens[mention.at].gap:
        return (f"{before[0]} solo",)
    return () if any(one.at == mention.last + 1 for one in reading.positive("instrument")) else ("solo",)
