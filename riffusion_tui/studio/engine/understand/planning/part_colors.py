"""What further prompts say of parts of the song."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.locks import parse_band
from riffusion_tui.studio.engine.song_plan import PartColor, Plan
from riffusion_tui.studio.engine.song_request import WeightedPrompt
from riffusion_tui.studio.engine.understand.instruments.exclusions import without_less
from riffusion_tui.studio.engine.understand.instruments.named_instruments import requested_instruments
from riffusion_tui.studio.engine.understand.mood import Mood, mood_of
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.timing.tempo import tempo_word


def part_color(part: WeightedPrompt, whole: Mood) -> PartColor:
    """Return what a further prompt says; if it says nothing, the part is as the whole song."""
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
        moods=reading.meanings("mood"),
        energy=whole.energy if silent else feel.energy,
        density=whole.density if silent else feel.density,
        brightness=whole.brightness if silent else feel.brightness,
    )


def with_section_prompt(made: Plan, text: str, start: float, end: float) -> Plan:
    """Return a plan in which a range of the song, as shares of it, is as `text` says."""
    whole = Mood(made.energy, made.density, made.brightness, 0.0)
    part = part_color(WeightedPrompt(text, 1.0, start, end), whole)
    known = parse_band(made.locks.band).instruments
    added = tuple(name for name in part.instruments if name not in known and name not in made.guests)
    return replace(made, parts=(*made.parts, part), guests=(*made.guests, *added))
