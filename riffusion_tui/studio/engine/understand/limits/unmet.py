"""What a prompt asks for that the song's length, tempo and meter don't allow, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.song_plan import FASTEST, MIN_LENGTH_S, SLOWEST, Plan, pulse_of
from riffusion_tui.studio.engine.structure_hints import KEY_CHANGE, KEY_OF, ORDER
from riffusion_tui.studio.engine.understand.figures.length_figures import states_a_moment
from riffusion_tui.studio.engine.understand.form.form_hints import is_last
from riffusion_tui.studio.engine.understand.form.key_changes import changes_of_key
from riffusion_tui.studio.engine.understand.instruments.exclusions import enters_too_late, is_of_players, sings_in_none
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.limits.engine_limits import ONE_MANNER
from riffusion_tui.studio.engine.understand.limits.locked_players import kept_players
from riffusion_tui.studio.engine.understand.limits.locked_values import kept_values
from riffusion_tui.studio.engine.understand.limits.unmet_bars import unmet_bars
from riffusion_tui.studio.engine.understand.limits.unmet_players import unmet_canon, unmet_players
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.singers.manners_of_sections import changes_manner
from riffusion_tui.studio.engine.understand.timing.meter import changes_meter
from riffusion_tui.studio.engine.understand.timing.section_tempos import feels_of_sections
from riffusion_tui.studio.engine.understand.timing.tempo import stated_pulse
from riffusion_tui.studio.engine.understand.words.lexicon import context
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.places import AFTER, IN, UNTIL, place_at


def unmet(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what the plan does not keep."""
    if 0 < float(reading.first("length") or 0) < MIN_LENGTH_S:
        yield f"A song lasts at least {MIN_LENGTH_S:.0f} seconds."
    yield from () if made.locks.form else unmet_bars(made, reading)
    yield from kept_values(made, reading)
    yield from _tempo(made, reading)
    if changes_meter(reading) or _says(reading, "meter changes"):
        yield "The studio keeps one meter throughout a song."
    yield from _harmony(made, reading)
    yield from kept_players(made, reading)
    yield from unmet_canon(made, reading)
    yield from _placed(made, reading)
    yield from _solos(reading)
    yield from feels_of_sections(reading)
    if made.vocals != "none" and changes_manner(made, reading):
        yield ONE_MANNER
    if made.vocals != "none" and _says(reading, "overtones"):
        yield "The studio can't sing overtones; an ordinary voice takes their place."
    if states_a_moment(reading.text):
        yield "The studio can't start sections at a given time."
    yield from unmet_players(made, reading)


def _harmony(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the chords and keys that a song doesn't have."""
    if len({one.value for one in reading.stated if one.kind == "chords"}) > 1:
        yield "The studio plays the first of the chord progressions throughout a song."
    if len({key for key, _ in changes_of_key(reading)}) > 1:
        yield "A song can change key only once."
    keys, modes = ({one.value for one in reading.stated if one.kind == kind} for kind in ("key", "mode"))
    if max(len(keys), len(modes)) > 1 and not any(hint.startswith((KEY_CHANGE, KEY_OF)) for hint in made.structure):
        yield f"The song stays in {made.key} {made.mode}."


def _placed(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what can't be left out of a part of the song: sections, moods, and players up to a moment."""
    ordered = any(hint.startswith(ORDER) for hint in made.structure)
    for one in reading.placed:
        if one.kind in (SOFTER, LOUDER):
            continue
        if one.kind == "structure" and not ordered:
            yield "A kind of section can only be left out of the whole song."
        elif one.place is not None and not one.place.sections:
            yield "Players can only rest for whole sections."
        elif sings_in_none(one):
            yield "Nobody sings in an intro, a solo or a breakdown."
        elif enters_too_late(one):
            yield "Singers can only enter before the ending."
        elif one.kind != "structure" and not is_a_solo(one) and not is_of_players(reading, one):
            yield "Only players can be left out of single sections."


def _solos(reading: Reading) -> Iterator[str]:
    """Yield that a solo isn't where the prompt wants it: `a sax solo in the chorus`, `after the first verse`.

    After a chorus is where most solos are.
    """
    for one in reading.positive("structure", "instrument"):
        solo = is_a_solo(one) and (one.kind == "instrument" or one.meaning == "solo")
        place = place_at(reading.tokens, one.last + 1) if solo and not is_last(reading, one) else None
        kinds = [name.split()[0] for name in place.sections] if place is not None and place.how == IN else []
        if kinds and "solo" not in kinds:
            yield f"A solo is a section of its own; it isn't in the {kinds[0]}."
        elif place is not None and place.how in (UNTIL, AFTER) and any(" " in name for name in place.sections):
            yield "The studio chooses after which section a solo comes."


def _says(reading: Reading, name: str) -> bool:
    """Whether the prompt has a phrase of a list of `context.toml`, without a negation right before it."""
    norms = reading.norms
    return any(norms[at - 1 : at] not in (["no"], ["without"]) for at, _ in phrases_in(norms, context(name)))


def _tempo(made: Plan, reading: Reading) -> Iterator[str]:
    stated = stated_pulse(reading, made.meter)
    if stated is not None and made.locks.tempo is None and abs(stated - made.pulse) >= 1:
        yield f"The tempo is {SLOWEST:g} to {FASTEST / pulse_of(made.meter):g} bpm."
