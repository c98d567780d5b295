"""Prompt → plan: what the prompt says is used, the rest is drawn from the seed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.locks import LockedBand, parse_band, parse_form, parse_key
from riffusion_tui.studio.engine.song_plan import PartColor, Plan, RecognizedTerm
from riffusion_tui.studio.engine.song_request import Locks, Request, WeightedPrompt
from riffusion_tui.studio.engine.structure_hints import ORDER, WITHOUT, WITHOUT_SOLOS
from riffusion_tui.studio.engine.understand.casts.counted import counts, doubled
from riffusion_tui.studio.engine.understand.casts.ensemble import without_the_ensemble
from riffusion_tui.studio.engine.understand.casts.named_ensemble import naming_words
from riffusion_tui.studio.engine.understand.casts.stated_cast import cast_of
from riffusion_tui.studio.engine.understand.figures.stated_age import stated_age
from riffusion_tui.studio.engine.understand.figures.stated_chords import numerals_of, pitch_of
from riffusion_tui.studio.engine.understand.figures.structure_figures import TUNING
from riffusion_tui.studio.engine.understand.form.form_hints import structure
from riffusion_tui.studio.engine.understand.form.length import length_of, wanted_length
from riffusion_tui.studio.engine.understand.form.section_keys import song_key
from riffusion_tui.studio.engine.understand.form.section_order import ordered_places
from riffusion_tui.studio.engine.understand.genres.named_genre import is_only_colored, named
from riffusion_tui.studio.engine.understand.genres.suggested_genre import suggested
from riffusion_tui.studio.engine.understand.headings.heading_remarks import with_remarks
from riffusion_tui.studio.engine.understand.instruments.exclusions import (
    excluded,
    kit_hint,
    names_at_level,
    placed_hints,
    without_less,
)
from riffusion_tui.studio.engine.understand.instruments.named_instruments import requested_instruments
from riffusion_tui.studio.engine.understand.instruments.own_kinds import (
    with_acoustic_guitar,
    with_own_bass,
    with_own_guitar,
)
from riffusion_tui.studio.engine.understand.limits.engine_limits import limits
from riffusion_tui.studio.engine.understand.limits.unmet import unmet
from riffusion_tui.studio.engine.understand.lyrics_language import lyrics_language
from riffusion_tui.studio.engine.understand.mood import Mood, draw_key, draw_mode, mood_of
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.stated_subject import people, states_a_subject, subject, title
from riffusion_tui.studio.engine.understand.timing.meter import meter_of, stated_meter
from riffusion_tui.studio.engine.understand.timing.swing import swing
from riffusion_tui.studio.engine.understand.timing.tempo import pulse, quarters, tempo_word
from riffusion_tui.studio.engine.understand.voices import requested_voice, usual_voice
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import LATIN
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tokens import POSSESSIVE, normalize, tokenize

_KEY_DRAWS = 200
"""How many keys are drawn, at most, to find one that the prompt doesn't refuse."""


def plan(request: Request) -> Plan:
    """Plan a song. The same prompt, seed and request give the same plan in every process. Raises `EngineError`."""
    prompt = request.prompt if request.prompt.strip() else _strongest(request.prompts)
    reading, beside = with_remarks(prompt, request)
    draws = _Draws(request.locks.like or prompt, request.seed)
    feel = mood_of(reading, tempo_word(reading))
    genre, blend = _kept_genre(reading, request.locks, draws) or _genre(reading, feel.energy, draws)
    requested = requested_instruments(reading, genre)
    meter = meter_of(reading, genre, draws.of("meter"))
    bpm = quarters(pulse(reading, genre, meter, feel, draws.of("bpm")), meter)
    mode = song_key(reading)[1] or draw_mode(reading, genre, blend, draws.of("mode"))
    players = cast_of(reading, requested, genre, instrumental=request.instrumental)
    requested = with_acoustic_guitar(with_own_bass(requested, players), players)
    sung = bool((request.lyrics or "").strip())
    voices = "none" if request.instrumental else requested_voice(reading, genre, players, sung=sung)
    left_out = excluded(reading, requested, players)
    made = Plan(
        prompt=request.prompt,
        seed=request.seed,
        genre=genre.name,
        blend=blend if blend != genre.name else None,
        bpm=bpm,
        key=_key(reading) or _drawn_key(reading, mode, draws.of("key")),
        mode=mode,
        meter=meter,
        swing=swing(reading, genre),
        moods=_meanings(reading, "mood"),
        scenes=_meanings(reading, "scene", "place", "activity"),
        era=_era(reading),
        instruments=requested,
        avoided=(*left_out, *(("vocals",) if voices == "none" else ())),
        vocals=voices or usual_voice(reading, genre, left_out, sung=sung),
        production=_meanings(reading, "production"),
        energy=feel.energy,
        density=feel.density,
        brightness=feel.brightness,
        structure=with_own_guitar(_structure(reading, players, given=sung, tuneless="melody" in left_out), requested),
        length_s=length_of(reading, request.length_s, genre, bpm, meter, draws.of("length_s")),
        language=lyrics_language(reading, genre),
        understood=_as_played(reading.recognized(), requested),
        ignored=_ignored(reading, players, about="" if sung else _subject(reading, genre)),
        chosen=(),
        subject=_subject(reading, genre),
        parts=tuple(_part(part, feel) for part in (request.prompts if request.prompt.strip() else ())),
        cast=players,
        doubled=() if players else doubled(reading, requested, genre),
    )
    kept = _locked(_with_chosen(made, reading, request, voiced=voices is not None), reading, request, genre)
    return _with_limits(replace(kept, limits=beside), reading, genre, writes=not sung)


def _subject(reading: Reading, genre: tables.Genre) -> str:
    """Return what the lyrics are about: of the liturgy, only what the prompt tells."""
    return subject(reading) if states_a_subject(reading) or lyrics_language(reading, genre) != LATIN else ""


def _with_limits(made: Plan, reading: Reading, genre: tables.Genre, *, writes: bool) -> Plan:
    """Return the plan with what it does not keep of the prompt."""
    players = without_the_ensemble(reading, genre)
    found = limits(reading, players, genre, sung=made.vocals != "none", writes=writes)
    return replace(made, limits=tuple(dict.fromkeys((*made.limits, *found, *unmet(made, reading)))))


def _key(reading: Reading) -> str | None:
    """Return the stated key, else the tonic of the guitar's tuning: music in drop D is in D."""
    return song_key(reading)[0] or reading.first(TUNING)


def _drawn_key(reading: Reading, mode: str, draw: Random) -> str:
    """Draw a key in which the song can begin: not the one that it changes to, nor one that the prompt refuses."""
    key = draw_key(mode, draw)
    others = filter(None, (reading.first("new key"), *reading.refused_values("key")))
    unwanted = {pitch_of(other) % 12 for other in others}
    for _ in range(_KEY_DRAWS):
        if pitch_of(key) % 12 not in unwanted:
            break
        key = draw_key(mode, draw)
    return key


def _ignored(reading: Reading, players: tuple[str, ...], about: str) -> tuple[str, ...]:
    """Return the ignored words, without those that the engine writes lyrics about, and the size of an ensemble."""
    used = {normalize(token.typed) for token in tokenize(f"{about} {stated_age(reading.text)[1] if about else ''}")}
    sizes = {*read_data("lexicon/ensembles.toml")["sizes"], *naming_words(), "e"} if players else set[str]()
    sizes |= numbers().keys() if players or counts(reading) else set[str]()
    form = {reading.tokens[at].typed for at in ordered_places(reading)}
    spare = (word for word in reading.ignored if normalize(POSSESSIVE.sub("", word)) not in used)
    return tuple(word for word in spare if word not in form and normalize(word) not in sizes | used)


def _as_played(terms: tuple[RecognizedTerm, ...], requested: tuple[str, ...]) -> tuple[RecognizedTerm, ...]:
    """Return the understood words, a plain guitar as the acoustic one that plays it."""
    if "electric guitar" in requested or "acoustic guitar" not in requested:
        return terms
    return tuple(
        replace(one, meaning="acoustic guitar")
        if (one.kind, one.meaning) == ("instrument", "electric guitar") and one.word.lower() in ("guitar", "guitars")
        else one
        for one in terms
    )


def _locked(made: Plan, reading: Reading, request: Request, genre: tables.Genre) -> Plan:
    """Return the plan with what the request keeps of an earlier song."""
    locks = request.locks
    kept = made
    if locks.key:
        key, mode = parse_key(locks.key)
        kept = replace(kept, key=key, mode=mode)
    if locks.form:
        kept = replace(kept, meter=parse_form(locks.form).meter or kept.meter)
    kept = replace(kept, bpm=quarters(locks.tempo or made.pulse, kept.meter))
    if locks.band:
        kept = _with_band(kept, parse_band(locks.band), reading, request, genre)
    same = {name for name in ("bpm", "key", "mode", "meter", "vocals") if getattr(kept, name) == getattr(made, name)}
    chosen = tuple(one for one in kept.chosen if one[0] in same | {"genre", "length_s"})
    return replace(kept, locks=locks, chosen=chosen)


def _with_band(made: Plan, band: LockedBand, reading: Reading, request: Request, genre: tables.Genre) -> Plan:
    """Return the plan with a locked band, and as guests the instruments and soloists that the prompt adds to it."""
    before = read(request.locks.like)
    named = requested_instruments(before, genre)
    known = {*band.instruments, *named}
    solos = set(with_own_guitar(structure(reading), made.instruments))
    solos -= {*structure(before), *with_own_guitar(structure(before), named)}
    soloists = [hint.removesuffix(" solo") for hint in solos if hint.endswith(" solo")]
    added = [name for name in made.instruments if name not in known]
    alone = sorted(name for name in soloists if name in tables.instruments() and name not in band.guests)
    guests = tuple(dict.fromkeys((*band.guests, *added, *alone)))
    voices = "none" if request.instrumental else band.vocal
    unsung = () if voices != "none" else ("vocals",)
    avoided = tuple(name for name in made.avoided if name not in {*band.instruments, "vocals"})
    return replace(
        made,
        cast=band.cast,
        guests=guests,
        parts=tuple(replace(part, instruments=_without(part.instruments, guests)) for part in made.parts),
        vocals=voices,
        avoided=(*avoided, *unsung),
        structure=with_own_guitar(_structure(reading, (*band.cast, *guests) if band.cast else ()), made.instruments),
    )


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in others)


def _structure(
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
    return (*dict.fromkeys((*hints, *placed_hints(reading, given=given))), *((WITHOUT_SOLOS,) if tuneless else ()))


class _Draws:
    """A random generator for each field, so that stating one field does not change the others."""

    def __init__(self, prompt: str, seed: int) -> None:
        self._root = f"{seed}\0{prompt}"

    def of(self, field: str) -> Random:
        digest = hashlib.sha256(f"{field}\0{self._root}".encode("utf-8", "replace")).digest()
        return Random(int.from_bytes(digest[:8], "big"))


def _genre(reading: Reading, energy: float, draws: _Draws) -> tuple[tables.Genre, str | None]:
    """Return the genre and its blend: as named, else as suggested. An adjective alone gives the blend."""
    name, blend = named(reading)
    if name is None or is_only_colored(reading):
        drawn = suggested(reading, energy, draws.of("genre"))
        name, blend = drawn, (name if name != drawn else blend)
    return tables.genres()[name], blend


def _kept_genre(reading: Reading, locks: Locks, draws: _Draws) -> tuple[tables.Genre, str | None] | None:
    """Return the genre of the song whose seed is locked; None without one, or if the prompt names another genre."""
    if not locks.like:
        return None
    before = read(locks.like)
    if named(reading)[0] is not None and named(reading) != named(before) and _names_others(reading, before):
        return None
    return _genre(before, mood_of(before, tempo_word(before)).energy, draws)


def _names_others(reading: Reading, before: Reading) -> bool:
    """Whether the words for the genre in one of two prompts are not in the other.

    The same words can name another genre beside other instruments: classical guitar, and a sax.
    """
    words, earlier = ({token.norm for token in one.tokens} for one in (reading, before))
    return not (_words_for_genres(reading) <= earlier and _words_for_genres(before) <= words)


def _words_for_genres(reading: Reading) -> set[str]:
    return {token.norm for one in reading.positive("genre") for token in reading.tokens[one.at : one.last + 1]}


def _meanings(reading: Reading, *kinds: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.meaning for mention in reading.positive(*kinds)))


def _era(reading: Reading) -> str | None:
    """Return the decade if the prompt has one, else the first other era."""
    found = [reading.first("era"), *_meanings(reading, "era"), *_eras_of_genres(reading)]
    eras = [era for era in found if era is not None]
    return next((era for era in eras if era[:1].isdigit()), eras[0] if eras else None)


def _eras_of_genres(reading: Reading) -> list[str]:
    """Return the decades in names of genres: `60s soul`, `fifties pop`."""
    words = [token.norm for one in reading.positive("genre") for token in reading.tokens[one.at : one.last + 1]]
    decades = [word for word in words if word[0].isdigit() or word.endswith("ties")]
    return [era for word in decades if (era := meaning_of((word,), "era"))]


def _strongest(prompts: tuple[WeightedPrompt, ...]) -> str:
    return max(prompts, key=lambda one: one.strength * max(0.0, one.end - one.start)).text if prompts else ""


def _part(part: WeightedPrompt, whole: Mood) -> PartColor:
    reading = read(part.text)
    feel = mood_of(reading, tempo_word(reading))
    requested = requested_instruments(reading)
    silent = not reading.mentions
    return PartColor(
        start=max(0.0, min(1.0, part.start)),
        end=max(0.0, min(1.0, part.end)),
        strength=max(0.0, min(1.0, part.strength)),
        instruments=requested,
        avoided=without_less(reading, requested),
        moods=_meanings(reading, "mood"),
        energy=whole.energy if silent else feel.energy,
        density=whole.density if silent else feel.density,
        brightness=whole.brightness if silent else feel.brightness,
    )


def with_section_prompt(made: Plan, text: str, start: float, end: float) -> Plan:
    """Return a plan in which a range of the song, as shares of it, is as `text` says."""
    whole = Mood(made.energy, made.density, made.brightness, 0.0)
    part = _part(WeightedPrompt(text, 1.0, start, end), whole)
    known = parse_band(made.locks.band).instruments
    added = tuple(name for name in part.instruments if name not in known and name not in made.guests)
    return replace(made, parts=(*made.parts, part), guests=(*made.guests, *added))


def _with_chosen(made: Plan, reading: Reading, request: Request, *, voiced: bool) -> Plan:
    stated = {
        "genre": named(reading)[0] is not None,
        "bpm": reading.first("tempo") is not None,
        "key": _key(reading) is not None,
        "mode": reading.first("mode") is not None,
        "meter": stated_meter(reading) is not None,
        "vocals": voiced,
        "length_s": bool(request.length_s or wanted_length(reading, made.bpm, made.meter)),
    }
    values = {
        "genre": made.genre,
        "bpm": f"{made.pulse:g}",
        "key": made.key,
        "mode": made.mode,
        "meter": f"{made.meter[0]}/{made.meter[1]}",
        "vocals": made.vocals,
        "length_s": f"{made.length_s:g}",
    }
    chosen = tuple((field, values[field]) for field, given in stated.items() if not given)
    made = replace(made, title=title(reading), named=people(reading))
    made = replace(made, softer=names_at_level(reading, SOFTER), louder=names_at_level(reading, LOUDER))
    return replace(made, chosen=chosen, progression=numerals_of(reading.first("chords") or "", made.key))
