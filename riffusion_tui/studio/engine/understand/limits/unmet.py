"""What a prompt asks for that the song doesn't have, in sentences for the user: bars, tempo, keys, players."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER, MAX_ALIKE, MAX_PLAYERS, UNTUNED
from riffusion_tui.studio.engine.requested_sections import ENDING_BARS, counted_bars, kinds_with_room, requested_kinds
from riffusion_tui.studio.engine.song_plan import FASTEST, MAX_LENGTH_S, MIN_LENGTH_S, SLOWEST, Plan, pulse_of
from riffusion_tui.studio.engine.structure_hints import ABOUT, CANON, KEY_CHANGE, KEY_OF, ORDER, TWELVE_BARS
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon
from riffusion_tui.studio.engine.understand.casts.counted import counts, number_of_players
from riffusion_tui.studio.engine.understand.figures.length_figures import states_a_moment
from riffusion_tui.studio.engine.understand.figures.stated import BARS, SECTION_BARS
from riffusion_tui.studio.engine.understand.form.form_hints import is_last
from riffusion_tui.studio.engine.understand.form.key_changes import changes_of_key
from riffusion_tui.studio.engine.understand.form.length import bars_in, seconds_of
from riffusion_tui.studio.engine.understand.form.section_order import form_bars
from riffusion_tui.studio.engine.understand.instruments.exclusions import enters_too_late, is_of_players, sings_in_none
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import folded, is_a_solo
from riffusion_tui.studio.engine.understand.limits.engine_limits import ONE_MANNER
from riffusion_tui.studio.engine.understand.limits.kept_by_locks import kept_players, kept_values
from riffusion_tui.studio.engine.understand.limits.wording import article, span, with_articles
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.singers.manners_of_sections import changes_manner
from riffusion_tui.studio.engine.understand.timing.meter import changes_meter
from riffusion_tui.studio.engine.understand.timing.tempo import feels_of_sections, stated_pulse
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes
from riffusion_tui.studio.engine.understand.words.places import AFTER, IN, UNTIL, place_at
from riffusion_tui.studio.engine.understand.words.tokens import stem

_TWELVE = 12
_ONE_PLAYER = frozenset({"keys", "organ"})


def unmet(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what the plan does not keep."""
    if 0 < float(reading.first("length") or 0) < MIN_LENGTH_S:
        yield f"A song lasts at least {MIN_LENGTH_S:.0f} seconds."
    yield from () if made.locks.form else _unmet_bars(made, reading)
    yield from kept_values(made, reading)
    yield from _tempo(made, reading)
    if changes_meter(reading) or _says(reading, "meter changes"):
        yield "The studio keeps one meter throughout a song."
    yield from _harmony(made, reading)
    yield from kept_players(made, reading)
    yield from _unmet_canon(made, reading)
    yield from _placed(made, reading)
    yield from _solos(reading)
    yield from feels_of_sections(reading)
    if made.vocals != "none" and changes_manner(made, reading):
        yield ONE_MANNER
    if made.vocals != "none" and _says(reading, "overtones"):
        yield "The studio can't sing overtones; an ordinary voice takes their place."
    if states_a_moment(reading.text):
        yield "The studio can't start sections at a given time."
    yield from _unmet_players(made, reading)


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


def _unmet_bars(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the bars and sections for which the song is too short, or not of their length."""
    there = bars_in(made.length_s, made.bpm, made.meter)
    if TWELVE_BARS in made.structure and there < _TWELVE:
        yield _too_short(made, _TWELVE, there)
    wanted = int(reading.first(BARS) or max(there, form_bars(reading)))
    if wanted > there:
        yield _too_short(made, wanted, there)
    elif wanted < there:
        yield f"The song has {there} bars, not {wanted}, to last {span(made.length_s)}."
    order = next((hint.removeprefix(ORDER).split() for hint in made.structure if hint.startswith(ORDER)), [])
    if len(order) > there:
        yield f"{span(made.length_s)} is too short for all {len(order)} sections."
    yield from _section_bars(made, reading, there)
    alone = made.cast == (LONE_SINGER,)  # whose song is as long as a line, or refused
    if there == 1 and made.vocals != "none" and not alone:
        yield f"{span(made.length_s)} is too short for vocals."
    without_room = [kind for kind in requested_kinds(made) if kind not in kinds_with_room(made, there)]
    if without_room:
        yield f"{span(made.length_s)} is too short for {with_articles(without_room)}."


def _section_bars(made: Plan, reading: Reading, there: int) -> Iterator[str]:
    """Yield that sections can't have the bars that the prompt gives them."""
    given = {one.value for one in reading.stated if one.kind == SECTION_BARS and ABOUT not in one.value}
    stated = counted_bars(made)
    if len(given) > len(stated) and stated:
        yield "All sections of a kind have the same number of bars; the first one stated counts."
    needed = sum(stated.values()) + (ENDING_BARS if stated and "ending" not in stated else 0)
    exact = "length_s" not in dict(made.chosen)
    if needed > (there if exact else bars_in(MAX_LENGTH_S, made.bpm, made.meter)):
        yield f"{span(made.length_s if exact else MAX_LENGTH_S)} is too short for sections of so many bars."


def _too_short(made: Plan, wanted: int, there: int) -> str:
    needed = seconds_of(wanted, made.bpm, made.meter)
    bars = f"{there} bar{'s' * (there != 1)}"
    return f"{wanted} bars at {made.pulse:g} bpm last {span(needed)}; a song of {span(made.length_s)} has {bars}."


def _unmet_players(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the players that the prompt asks for and the song doesn't have, or has although it excludes them."""
    if _excludes_the_band(made):
        yield f"The prompt excludes the instruments of {made.genre}; others take their place."
    if "acoustic" in made.production and not made.cast and _is_electronic(made.genre):
        yield f"The instruments of {made.genre} are electronic; name acoustic ones."
    for name in sorted(_in_dispute(reading).intersection(made.instruments)):
        yield f"The prompt both asks for {name} and excludes it; the song has {name}."
    yield from _numbers_of_players(made, counts(reading))
    yield from _size_of_an_ensemble(reading)


def _in_dispute(reading: Reading) -> set[str]:
    """Return the instruments that the prompt excludes and asks for by the same word: `no drums but loud drums`."""
    refused, wanted = (
        {(one.meaning, folded(one.word)) for one in found}
        for found in (reading.negative("instrument"), reading.positive("instrument"))
    )
    return {name for name, _ in refused & wanted} - {one.meaning for one in reading.placed}


def _unmet_canon(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield that nobody can play the canon that the prompt asks for, in so many words."""
    words = {word for one in reading.positive("structure") if one.meaning == CANON for word in one.word.lower().split()}
    if not is_canon(made) and not words.isdisjoint({"canon", "canons", "round"}):
        yield "A canon needs two melody instruments that play without a band."


def _size_of_an_ensemble(reading: Reading) -> Iterator[str]:
    """Yield that an ensemble has the players of its name, if the prompt gives another number: `trio with 4 players`."""
    sizes = ensemble_sizes()
    words = reading.norms
    named = next((word for word in words if word in sizes), None)
    given = number_of_players(reading)
    if named is not None and given is not None and given != int(sizes[named]):
        yield f"{article(named).capitalize()} {stem(named)} has {sizes[named]} players, not {given}."


def _numbers_of_players(made: Plan, numbers: dict[str, int]) -> Iterator[str]:
    """Yield what the song doesn't have of the numbers of players."""
    if sum(numbers.values()) > MAX_PLAYERS:
        yield f"A song has at most {MAX_PLAYERS} players."
    elif not made.cast and any(number > MAX_ALIKE for number in numbers.values()):
        yield f"A band has at most {MAX_ALIKE} players of an instrument."
    table = tables.instruments()
    for name, number in numbers.items():
        if number > 1 and name in made.instruments and not made.cast and table[name].family in _ONE_PLAYER:
            yield f"The band has one {name}."
    if numbers.get("drums", 1) > 1 and not made.cast and "drums" in made.instruments:
        yield "The band has one drummer."


def _is_electronic(genre: str) -> bool:
    """Whether machines play the tunes and chords of a genre's band."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[genre].instruments if table[name].family not in UNTUNED]
    return 2 * sum(one.family == "synth" or "synth" in one.name for one in usual) >= len(usual) > 0


def _excludes_the_band(made: Plan) -> bool:
    """Whether nobody of the genre's band who plays notes is left."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[made.genre].instruments if name in table]
    tuned = [one for one in usual if one.family not in UNTUNED]
    names = {*made.avoided}
    return bool(tuned) and all(
        one.name in names or (one.family in names and tables.is_meant(one.name, one.family)) for one in tuned
    )
