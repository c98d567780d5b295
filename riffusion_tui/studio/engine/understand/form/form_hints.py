"""Hints about the form: what the song starts with, whether it builds, drops, fades or stops, and how loud it gets."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from riffusion_tui.studio.engine.structure_hints import (
    BARS_EACH,
    BARS_OF,
    EVEN,
    KEY_CHANGE,
    ORDER,
    SAME_KEY,
    SOLO_LAST,
    WITHOUT,
    WITHOUT_SOLOS,
)
from riffusion_tui.studio.engine.understand.figures.stated import INTERVAL
from riffusion_tui.studio.engine.understand.form.key_changes import (
    change_of_the_song,
    changes_of_key,
    key_change,
    section_key_hints,
)
from riffusion_tui.studio.engine.understand.form.section_order import (
    bars_each,
    choruses_of_soloists,
    counted_sections,
    is_counted,
    section_bars,
    section_order,
)
from riffusion_tui.studio.engine.understand.instruments.exclusions import kit_hint, level_hints, placed_hints
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.instruments.only_these import begins_alone, first_alone
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import places_of
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.places import in_sections

_MAX_COUNT = 40
"""Hints per prompt, at most."""
_OPTIONAL = frozenset({"chorus", "bridge", "intro", "breakdown", "drop"})
"""Kinds of sections that a song can be without."""
_BEFORE_A_PLACE = 2
"""Words between `in` and a section, at most."""


def structure(reading: Reading) -> tuple[str, ...]:
    """Return the hints in the prompt's order: `drop`, `fade out`, `solo piano intro`, `piano intro`, `guitar solo`."""
    order, places = section_order(reading)
    hints: dict[str, None] = {f"{ORDER}{' '.join(order)}": None} if order else {}
    hints.update({EVEN: None} if order and order == counted_sections(reading) else {})
    each = bars_each(reading)
    hints.update({f"{BARS_EACH}{each}": None} if each else {})
    for mention in reading.positive("structure")[:_MAX_COUNT]:
        if mention.at in places and mention.meaning != "solo":
            continue
        if _is_a_place(reading, mention) or _counts_sections(reading, mention) or begins_alone(reading, mention):
            continue
        if mention.meaning == "solo intro":
            hints.update(dict.fromkeys(_intro(reading, mention)))
        elif mention.meaning == "solo":
            hints.update(dict.fromkeys(_solo(reading, mention)))
        elif mention.meaning == KEY_CHANGE:
            hints.update(dict.fromkeys(change_of_the_song(reading)))
        else:
            hints[mention.meaning] = None
    for mention in reading.positive("instrument"):
        if is_a_solo(mention):
            hints[f"{mention.meaning} solo"] = None
    if any(is_a_solo(mention) for mention in reading.negative("structure", "instrument")):
        hints[WITHOUT_SOLOS] = None
    hints.update(dict.fromkeys(_implied(reading, hints)))
    hints.update(dict.fromkeys(section_key_hints(reading)))
    hints.update(dict.fromkeys(_excluded(reading)))
    hints.update(dict.fromkeys(f"{BARS_OF}{kind}: {bars}" for kind, bars in section_bars(reading).items()))
    return tuple(hints)


def _leads_to_a_solo(reading: Reading, mention: Mention) -> bool:
    """Whether a solo follows, as in `ends with a long guitar solo`, `end on a solo`."""
    solos = [one for one in reading.positive("instrument", "structure") if is_a_solo(one)]
    if mention.word.lower().split()[-1] not in ("with", "on"):
        return False
    return any(one.sentence == mention.sentence and 0 < one.at - mention.last <= NEAR for one in solos)


def _is_a_place(reading: Reading, mention: Mention) -> bool:
    """Whether `chorus` only says where somebody plays: `a trumpet in the last chorus`, `no drums until the chorus`."""
    before = [token.norm for token in reading.tokens[max(0, mention.at - 1 - _BEFORE_A_PLACE) : mention.at]]
    while len(before) > 1 and before[-1] in context_words("which section"):
        before.pop()
    bare = mention.meaning == "big chorus" and mention.at == mention.last
    said = mention.at in places_of(reading.placed)
    return bare and (said or (before[-1:] != [] and before[-1] in ("in", "during", "over")))


def _counts_sections(reading: Reading, mention: Mention) -> bool:
    """Whether `just` or a number counts sections: `just one chorus`, `blues, 4 choruses`."""
    if mention.meaning == "big chorus":
        return bool(choruses_of_soloists(reading)) and is_counted(reading, mention.at)
    return mention.meaning == "only these" and is_counted(reading, mention.last + 1)


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
        yield key_change(reading)


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
    place = in_sections(reading.tokens, mention.last + 1) if is_a_solo(mention) else None
    return place is not None and place.sections == ("ending",)


def _intro(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the intro hint: `starts with solo piano` is a solo intro on the piano; `intro` is a plain one."""
    if mention.at in places_of(reading.placed):
        return ("intro",)  # `no drums in the intro, piano`
    leads = [
        one
        for one in reading.positive("instrument")
        if one.sentence == mention.sentence and 0 < one.at - mention.last <= NEAR
    ]
    before = [one for one in reading.positive("instrument") if mention.at - 2 <= one.last < mention.at]
    inside = [one for one in reading.positive("instrument") if _is_in(reading, one, mention)]
    if inside:
        return (f"{inside[-1].meaning} intro",)
    after_it = before and before[-1].last == mention.at - 1 and mention.word.lower() in ("intro", "opening")
    if after_it or not leads:
        return (f"{before[-1].meaning} intro",) if before else ("intro",)
    between = {token.norm for token in reading.tokens[mention.last + 1 : leads[0].at]}
    if between & context_words("alone at first"):
        return "solo intro", f"solo {leads[0].meaning} intro"
    return (f"{leads[0].meaning} intro",)


def _is_in(reading: Reading, player: Mention, section: Mention) -> bool:
    """Whether a player is in a section: `a cello in the intro, then a full orchestra`."""
    place = in_sections(reading.tokens, player.last + 1)
    return place is not None and place.last == section.last


def _solo(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the solo hint: `piano solo` is a section, `solo piano` is not."""
    before = [one.meaning for one in reading.positive("instrument") if one.last == mention.at - 1]
    if before and not reading.tokens[mention.at].gap:
        return (f"{before[0]} solo",)
    return () if any(one.at == mention.last + 1 for one in reading.positive("instrument")) else ("solo",)


def planned_structure(
    reading: Reading, players: tuple[str, ...], *, given: bool = False, tuneless: bool = False
) -> tuple[str, ...]:
    """Return the hints about the form, without solos if the cast is one soloist or nobody has a tune.

    Given lyrics have the sections that they have: then none is excluded, and their order is their own.
    """
    excluded = {f"{WITHOUT}{section}" for section in tables.sections().values()} if given else set()
    hints = tuple(
        hint for hint in structure(reading) if hint not in excluded and not (given and hint.startswith(ORDER))
    )
    if players:
        hints = (
            *(hint for hint in hints if not hint.endswith("solo") or len(set(players)) > 1),
            "only these",
            *kit_hint(reading),
        )
    placed = (*placed_hints(reading, given=given), *level_hints(reading))
    return (*dict.fromkeys((*hints, *placed)), *((WITHOUT_SOLOS,) if tuneless else ()))


def course(reading: Reading) -> Iterator[str]:
    """Yield the hints of a song that gets loud or quiet: `builds up` and an ending; of single sections `quiet-loud`."""
    words = reading.norms
    negated = reading.negated_places()
    quiet = _first(words, "quiet words", negated)
    loud = _first(words, "loud words", negated)
    if quiet is None or loud is None:
        return
    first, last = sorted((quiet, loud))
    if context_words("turns").isdisjoint(words[first + 1 : last]):
        return
    if _is_of_a_section(words, quiet) and _is_of_a_section(words, loud):
        yield "quiet-loud"
    elif quiet < loud:
        again = _first(words[loud:], "quiet words", {at - loud for at in negated}) is not None
        yield from ("builds up", "quiet ending" if again else "big ending")
    else:
        yield "quiet ending"


def _first(words: list[str], name: str, negated: set[int]) -> int | None:
    listed = context_words(name)
    return next((at for at, word in enumerate(words) if word in listed and at not in negated), None)


def _is_of_a_section(words: list[str], at: int) -> bool:
    """Whether it describes verses or choruses only: `quiet verses`, `loud in the chorus`."""
    return any(word in tables.sections() for word in words[at + 1 : at + 1 + NEAR])
