"""Prompt → plan: what the prompt says is used, the rest is drawn from the seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from riffusion_tui.studio.engine.song_plan import Plan, RecognizedTerm, usual_tonic
from riffusion_tui.studio.engine.song_request import Request, WeightedPrompt
from riffusion_tui.studio.engine.understand.casts.counted import counts, doubled
from riffusion_tui.studio.engine.understand.casts.ensemble import without_the_ensemble
from riffusion_tui.studio.engine.understand.casts.named_ensemble import naming_words
from riffusion_tui.studio.engine.understand.casts.stated_cast import cast_of
from riffusion_tui.studio.engine.understand.figures.stated import TUNING
from riffusion_tui.studio.engine.understand.figures.stated_age import stated_age
from riffusion_tui.studio.engine.understand.figures.stated_chords import numerals_of, pitch_of
from riffusion_tui.studio.engine.understand.form.form_hints import planned_structure
from riffusion_tui.studio.engine.understand.form.key_changes import song_key, suits_sections
from riffusion_tui.studio.engine.understand.form.length import length_of, wanted_length
from riffusion_tui.studio.engine.understand.form.section_order import ordered_places
from riffusion_tui.studio.engine.understand.genres.named_genre import named
from riffusion_tui.studio.engine.understand.headings.heading_remarks import with_remarks
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded, names_at_level
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import (
    with_acoustic_guitar,
    with_own_bass,
    with_own_guitar,
)
from riffusion_tui.studio.engine.understand.instruments.named_instruments import requested_instruments
from riffusion_tui.studio.engine.understand.limits.engine_limits import limits
from riffusion_tui.studio.engine.understand.limits.unmet import unmet
from riffusion_tui.studio.engine.understand.lyrics_language import lyrics_language
from riffusion_tui.studio.engine.understand.mood import draw_key, draw_mode, mood_of
from riffusion_tui.studio.engine.understand.planning.draws import Draws
from riffusion_tui.studio.engine.understand.planning.era import era_of
from riffusion_tui.studio.engine.understand.planning.locked_plan import with_locks
from riffusion_tui.studio.engine.understand.planning.part_colors import part_color
from riffusion_tui.studio.engine.understand.planning.planned_genre import chosen_genre, kept_genre
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.stated_subject import people, scene, states_a_subject, subject, title
from riffusion_tui.studio.engine.understand.timing.meter import meter_of, stated_meter, swing
from riffusion_tui.studio.engine.understand.timing.tempo import pulse, quarters, tempo_word
from riffusion_tui.studio.engine.understand.voices import requested_voice, usual_voice
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import LATIN
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes, numbers
from riffusion_tui.studio.engine.understand.words.tokens import POSSESSIVE, normalize, tokenize

_KEY_DRAWS = 200
"""How many keys are drawn, at most, to find one that the prompt doesn't refuse."""


@dataclass(frozen=True, slots=True)
class _Performers:
    """Who plays and sings."""

    instruments: tuple[str, ...]
    """Named by the prompt."""
    cast: tuple[str, ...]
    voice: str | None
    """None if the prompt doesn't say."""
    left_out: tuple[str, ...]


def plan(request: Request) -> Plan:
    """Plan a song. The same prompt, seed and request give the same plan in every process. Raises `EngineError`."""
    prompt = request.prompt if request.prompt.strip() else _strongest(request.prompts)
    reading, beside = with_remarks(prompt, request)
    draws = Draws(request.locks.like or prompt, request.seed)
    feel = mood_of(reading, tempo_word(reading))
    genre, blend = kept_genre(reading, request.locks, draws) or chosen_genre(reading, feel.energy, draws)
    performers = _performers(reading, request, genre)
    meter = meter_of(reading, genre, draws.of("meter"))
    bpm = quarters(pulse(reading, genre, meter, feel, draws.of("bpm")), meter)
    mode = song_key(reading)[1] or draw_mode(reading, genre, blend, draws.of("mode"))
    sung = _has_lyrics(request)
    hints = planned_structure(reading, performers.cast, given=sung, tuneless="melody" in performers.left_out)
    made = Plan(
        prompt=request.prompt,
        seed=request.seed,
        genre=genre.name,
        blend=blend if blend != genre.name else None,
        bpm=bpm,
        key=usual_tonic(_key(reading) or "", mode) or _drawn_key(reading, mode, draws.of("key")),
        mode=mode,
        meter=meter,
        swing=swing(reading, genre),
        moods=reading.meanings("mood"),
        scenes=reading.meanings("scene", "place", "activity"),
        era=era_of(reading),
        instruments=performers.instruments,
        avoided=(*performers.left_out, *(("vocals",) if performers.voice == "none" else ())),
        vocals=performers.voice or usual_voice(reading, genre, performers.left_out, sung=sung),
        production=reading.meanings("production"),
        energy=feel.energy,
        density=feel.density,
        brightness=feel.brightness,
        structure=with_own_guitar(hints, performers.instruments),
        length_s=length_of(reading, request.length_s, genre, bpm, meter, draws.of("length_s")),
        language=lyrics_language(reading, genre),
        understood=_as_played(reading.recognized(), performers.instruments),
        ignored=_ignored(reading, performers.cast, about="" if sung else _subject(reading, genre)),
        chosen=(),
        subject=_subject(reading, genre),
        parts=tuple(part_color(part, feel) for part in (request.prompts if request.prompt.strip() else ())),
        cast=performers.cast,
        doubled=() if performers.cast else doubled(reading, performers.instruments, genre),
    )
    made = _with_chosen(_with_stated(made, reading), reading, request, voiced=performers.voice is not None)
    kept = with_locks(made, reading, request, genre)
    return _with_limits(replace(kept, limits=beside), reading, genre, writes=not sung)


def _performers(reading: Reading, request: Request, genre: tables.Genre) -> _Performers:
    named = requested_instruments(reading, genre)
    cast = cast_of(reading, named, genre, instrumental=request.instrumental)
    instruments = with_acoustic_guitar(with_own_bass(named, cast), cast)
    sung = _has_lyrics(request)
    voice = "none" if request.instrumental else requested_voice(reading, genre, cast, sung=sung)
    return _Performers(instruments, cast, voice, excluded(reading, instruments, cast))


def _has_lyrics(request: Request) -> bool:
    return bool((request.lyrics or "").strip())


def _subject(reading: Reading, genre: tables.Genre) -> str:
    """Return what the lyrics are about: of the liturgy, only what the prompt tells."""
    told = states_a_subject(reading) or lyrics_language(reading, genre) != LATIN
    return (subject(reading) or scene(reading)) if told else ""


def _with_limits(made: Plan, reading: Reading, genre: tables.Genre, *, writes: bool) -> Plan:
    """Return the plan with what it does not keep of the prompt."""
    players = without_the_ensemble(reading, genre)
    found = limits(reading, players, genre, sung=made.vocals != "none", writes=writes)
    return replace(made, limits=tuple(dict.fromkeys((*made.limits, *found, *unmet(made, reading)))))


def _key(reading: Reading) -> str | None:
    """Return the stated key, else the tonic of the guitar's tuning: music in drop D is in D."""
    return song_key(reading)[0] or reading.first(TUNING)


def _drawn_key(reading: Reading, mode: str, draw: Random) -> str:
    """Draw a key in which the song can begin: not the one that it changes to, nor one that the prompt refuses.

    It is related to the keys of sections: to E minor in a bridge.
    """
    key = draw_key(mode, draw)
    others = filter(None, (reading.first("new key"), *reading.refused_values("key")))
    unwanted = {pitch_of(other) % 12 for other in others}
    for _ in range(_KEY_DRAWS):
        if pitch_of(key) % 12 not in unwanted and suits_sections(reading, key, mode):
            break
        key = draw_key(mode, draw)
    return key


def _ignored(reading: Reading, players: tuple[str, ...], about: str) -> tuple[str, ...]:
    """Return the ignored words, without those that the engine writes lyrics about, and the size of an ensemble."""
    used = {normalize(token.typed) for token in tokenize(f"{about} {stated_age(reading.text)[1] if about else ''}")}
    sizes = {*ensemble_sizes(), *naming_words(), "e"} if players else set[str]()
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


def _strongest(prompts: tuple[WeightedPrompt, ...]) -> str:
    return max(prompts, key=lambda one: one.strength * max(0.0, one.end - one.start)).text if prompts else ""


def _with_stated(made: Plan, reading: Reading) -> Plan:
    """Return the plan with what only the prompt can say: its title, for whom it is, levels and chords."""
    return replace(
        made,
        title=title(reading),
        named=people(reading),
        softer=names_at_level(reading, SOFTER),
        louder=names_at_level(reading, LOUDER),
        progression=numerals_of(reading.first("chords") or "", made.key),
    )


def _with_chosen(made: Plan, reading: Reading, request: Request, *, voiced: bool) -> Plan:
    """Return the plan with the fields that the engine chose since the prompt doesn't say."""
    stated = {
        "genre": named(reading)[0] is not None,
        "bpm": reading.first("tempo") is not None,
        "key": _key(reading) is not None,
        "mode": bool(song_key(reading)[1]),
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
    return replace(made, chosen=tuple((field, values[field]) for field, given in stated.items() if not given))
