"""What a prompt asks for that the song's length, tempo and meter don't allow, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER, MAX_ALIKE, MAX_PLAYERS
from riffusion_tui.studio.engine.requested_sections import ENDING_BARS, kinds_with_room, requested_kinds, stated_bars
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S, MIN_LENGTH_S, Plan, pulse_of
from riffusion_tui.studio.engine.structure_hints import CANON, KEY_CHANGE, KEY_OF, ORDER, TWELVE_BARS
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon
from riffusion_tui.studio.engine.understand.casts.counted import counts, number_of_players
from riffusion_tui.studio.engine.understand.figures.length_figures import states_a_moment
from riffusion_tui.studio.engine.understand.figures.section_bars import SECTION_BARS
from riffusion_tui.studio.engine.understand.figures.structure_figures import BARS
from riffusion_tui.studio.engine.understand.form.form_bars import form_bars
from riffusion_tui.studio.engine.understand.form.form_hints import is_last
from riffusion_tui.studio.engine.understand.form.key_changes import changes_of_key
from riffusion_tui.studio.engine.understand.form.length import bars_in, seconds_of
from riffusion_tui.studio.engine.understand.instruments.exclusions import enters_too_late, is_of_players, sings_in_none
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.limits.engine_limits import ONE_MANNER
from riffusion_tui.studio.engine.understand.limits.locked_players import kept_players
from riffusion_tui.studio.engine.understand.limits.locked_values import kept_values
from riffusion_tui.studio.engine.understand.limits.wording import article, span
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.timing.meter import changes_meter
from riffusion_tui.studio.engine.understand.timing.section_tempos import feels_of_sections
from riffusion_tui.studio.engine.understand.timing.tempo import FASTEST, SLOWEST, stated_pulse
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.places import AFTER, IN, UNTIL, place_at
from riffusion_tui.studio.engine.understand.words.tokens import stem

_TWELVE = 12
_SUNG = frozenset({"verse", "prechorus", "chorus", "bridge"})
"""Kinds of sections that are usually sung."""
_CLEAN = frozenset({"clean", "sung", "melodic", "singing"})
_RAPPED = frozenset({"rap", "rapped", "spoken", "rapping"})
_OTHER = frozenset({"falsetto", "belted", "belting", "belt", "whisper", "whispers"})
"""Manners that only a section may have, by the words for them."""
_ONE_PLAYER = frozenset({"keys", "organ"})
_UNTUNED = frozenset({"drums", "percussion", "fx", "voice"})


def unmet(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what the plan does not keep.

    Args:
        made: the plan.
        reading: the prompt's.
    """
    if 0 < float(reading.first("length") or 0) < MIN_LENGTH_S:
        yield f"A song lasts {MIN_LENGTH_S:.0f} seconds at least."
    yield from () if made.locks.form else _bars(made, reading)
    yield from kept_values(made, reading)
    yield from _tempo(made, reading)
    if changes_meter(reading) or _says(reading, "meter changes"):
        yield "The studio keeps one meter throughout a song."
    yield from _harmony(made, reading)
    yield from kept_players(made, reading)
    yield from _canon(made, reading)
    yield from _placed(made, reading)
    yield from _solos(reading)
    yield from feels_of_sections(reading)
    if made.vocals != "none" and _changes_manner(made, reading):
        yield ONE_MANNER
    if made.vocals != "none" and _says(reading, "overtones"):
        yield "The studio can't sing overtones; an ordinary voice takes their place."
    if states_a_moment(reading.text):
        yield "The studio can't start sections at a given time."
    if _excludes_the_band(made):
        yield f"The prompt excludes the instruments of {made.genre}; others take their place."
    if "acoustic" in made.production and not made.cast and _is_electronic(made.genre):
        yield f"The instruments of {made.genre} are electronic; name acoustic ones."
    yield from _players(made, counts(reading))
    yield from _size(reading)


def _canon(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield that nobody can play the canon that the prompt asks for, in so many words."""
    words = {word for one in reading.positive("structure") if one.meaning == CANON for word in one.word.lower().split()}
    if not is_canon(made) and not words.isdisjoint({"canon", "canons", "round"}):
        yield "A canon needs two melody instruments that play without a band."


def _harmony(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the chords and keys that a song doesn't have."""
    if len({one.value for one in reading.stated if one.kind == "chords"}) > 1:
        yield "The studio plays the first of the chord progressions throughout a song."
    if len({key for key, _ in changes_of_key(reading)}) > 1:
        yield "A song changes its key once."
    keys, modes = ({one.value for one in reading.stated if one.kind == kind} for kind in ("key", "mode"))
    if max(len(keys), len(modes)) > 1 and not any(hint.startswith((KEY_CHANGE, KEY_OF)) for hint in made.structure):
        yield f"The song stays in {made.key} {made.mode}."


def _size(reading: Reading) -> Iterator[str]:
    """Yield that an ensemble has the players of its name, if the prompt gives another number: `trio with 4 players`."""
    sizes = read_data("lexicon/ensembles.toml")["sizes"]
    words = [token.norm for token in reading.tokens]
    named = next((word for word in words if word in sizes), None)
    given = number_of_players(reading)
    if named is not None and given is not None and given != int(sizes[named]):
        yield f"{article(named).capitalize()} {stem(named)} has {sizes[named]} players, not {given}."


def _players(made: Plan, numbers: dict[str, int]) -> Iterator[str]:
    """Yield what the song doesn't have of the numbers of players."""
    if sum(numbers.values()) > MAX_PLAYERS:
        yield f"A song has {MAX_PLAYERS} players at most."
    elif not made.cast and any(number > MAX_ALIKE for number in numbers.values()):
        yield f"A band has {MAX_ALIKE} players of an instrument at most."
    table = tables.instruments()
    for name, number in numbers.items():
        if number > 1 and name in made.instruments and not made.cast and table[name].family in _ONE_PLAYER:
            yield f"The band has one {name}."
    if numbers.get("drums", 1) > 1 and not made.cast and "drums" in made.instruments:
        yield "The band has one drummer."


def _placed(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what can't be left out of a part of the song: sections, moods, and players up to a moment."""
    ordered = any(hint.startswith(ORDER) for hint in made.structure)
    for one in reading.placed:
        if one.kind == "structure" and not ordered:
            yield "A kind of section is left out of the whole song or not at all."
        elif one.place is not None and not one.place.sections:
            yield "Players rest for whole sections only."
        elif sings_in_none(one):
            yield "Nobody sings in an intro, a solo or a breakdown."
        elif enters_too_late(one):
            yield "Singers enter before the ending or not at all."
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


def _is_electronic(genre: str) -> bool:
    """Whether machines play the tunes and chords of a genre's band."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[genre].instruments if table[name].family not in _UNTUNED]
    return 2 * sum(one.family == "synth" or "synth" in one.name for one in usual) >= len(usual) > 0


def _says(reading: Reading, name: str) -> bool:
    """Whether the prompt has a phrase of a list of `context.toml`, without a negation right before it."""
    norms = [token.norm for token in reading.tokens]
    return any(
        tuple(norms[at : at + len(words)]) == words and norms[at - 1 : at] not in (["no"], ["without"])
        for words in context(name)
        for at in range(len(norms))
    )


def _changes_manner(made: Plan, reading: Reading) -> bool:
    """Whether a kind of section is to be sung in a manner of its own: `whispered verses`, `screaming in the chorus`.

    A clean one is the usual, except in metal.
    """
    if _mixes_manners(reading):
        return True
    found = {kind: manner for kind, manner in _manners_of_sections(reading) if kind in _SUNG}
    if len(found) > 1:
        return len(set(found.values())) > 1
    usual = "" if tables.genres()[made.genre].family == "metal" else "clean"
    return any(manner != usual for manner in found.values())


def _mixes_manners(reading: Reading) -> bool:
    """Whether the vocals are both clean and not: `clean and harsh vocals`."""
    norms = [token.norm for token in reading.tokens]
    for at, word in enumerate(norms[:-3]):
        pair = {word, norms[at + 2]} if norms[at + 1] in ("and", "mixed") else set[str]()
        others = pair - {"clean"}
        sung = norms[at + 3 : at + 4] in (["vocals"], ["singing"], ["voices"])
        if "clean" in pair and sung and others <= context_words("ways of singing"):
            return True
    return False


def _manners_of_sections(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield kinds of sections, each with the manner of singing that the prompt wants in it."""
    words = reading.tokens
    manners = dict.fromkeys(_CLEAN, "clean") | dict.fromkeys(_RAPPED, "rapped") | {word: word for word in _OTHER}
    manners |= tables.manners()
    refused = {at for one in reading.placed if one.negated for at in range(one.at, one.last + 1)}
    for at, token in enumerate(words):
        manner = manners.get(token.norm)
        after = words[at + 1 : at + 2]
        if manner is None or at in refused:
            continue
        if at and not token.gap and words[at - 1].norm in tables.sections() and all(one.gap for one in after):
            yield tables.sections()[words[at - 1].norm], manner  # `verses spoken, chorus sung`
            continue
        if not after:
            continue
        kind = tables.sections().get(after[0].norm)
        if kind is not None and not after[0].gap:
            yield kind, manner
            continue
        before = [one.norm for one in words[max(0, at - 2) : at]]
        if before[1:] in (["is"], ["are"]) and not token.gap and before[0] in tables.sections():
            yield tables.sections()[before[0]], manner
            continue
        sung = not after[0].gap and after[0].norm in context_words("singing nouns asked for")
        place = place_at(words, at + 1 + sung)
        if place is not None and place.how == IN:
            yield from ((name.split()[0], manner) for name in place.sections)


def _excludes_the_band(made: Plan) -> bool:
    """Whether nobody of the genre's band who plays notes is left."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[made.genre].instruments if name in table]
    tuned = [one for one in usual if one.family not in _UNTUNED]
    names = {*made.avoided}
    return bool(tuned) and all(
        one.name in names or (one.family in names and tables.is_meant(one.name, one.family)) for one in tuned
    )


def _bars(made: Plan, reading: Reading) -> Iterator[str]:
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
        yield f"{span(made.length_s)} is too short for {_listed(without_room)}."


def _section_bars(made: Plan, reading: Reading, there: int) -> Iterator[str]:
    """Yield that sections can't have the bars that the prompt gives them."""
    given = {one.value for one in reading.stated if one.kind == SECTION_BARS}
    stated = stated_bars(made)
    if len(given) > len(stated) and stated:
        yield "All sections of a kind have the same bars; the first number counts."
    needed = sum(stated.values()) + (ENDING_BARS if stated and "ending" not in stated else 0)
    exact = "length_s" not in dict(made.chosen)
    if needed > (there if exact else bars_in(MAX_LENGTH_S, made.bpm, made.meter)):
        yield f"{span(made.length_s if exact else MAX_LENGTH_S)} is too short for sections of so many bars."


def _listed(kinds: list[str]) -> str:
    """Return `the solo, the bridge and the intro`."""
    named = [f"the {kind}" for kind in kinds]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _too_short(made: Plan, wanted: int, there: int) -> str:
    needed = seconds_of(wanted, made.bpm, made.meter)
    bars = f"{there} bar{'s' * (there != 1)}"
    return f"{wanted} bars at {made.pulse:g} bpm last {span(needed)}; a song of {span(made.length_s)} has {bars}."


def _tempo(made: Plan, reading: Reading) -> Iterator[str]:
    stated = stated_pulse(reading, made.meter)
    if stated is not None and made.locks.tempo is None and abs(stated - made.pulse) >= 1:
        yield f"The tempo is {SLOWEST:g} to {FASTEST / pulse_of(made.meter):g} bpm."
