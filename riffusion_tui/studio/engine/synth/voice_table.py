"""Chooses and builds the voice of each instrument, by `styles/voices.toml`."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.synth.fx import BedVoice, FxVoice, ScratchVoice
from riffusion_tui.studio.engine.synth.noises import NoiseVoice
from riffusion_tui.studio.engine.synth.struck import PreparedVoice, Struck, StruckVoice
from riffusion_tui.studio.engine.synth.sustained import Blown, BlownVoice, Osc, OscVoice, Pad, PadVoice
from riffusion_tui.studio.engine.synth.voice import Voice

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

DEFAULT = "piano"
"""The voice if neither the instrument nor its program is known."""


@lru_cache(maxsize=1)
def voice_table() -> dict[str, dict[str, Any]]:
    """Return `styles/voices.toml`."""
    return read_data("voices.toml")


@lru_cache(maxsize=1)
def _by_instrument() -> dict[str, str]:
    return {instrument: name for name, row in voice_table().items() for instrument in row.get("for", ())}


@lru_cache(maxsize=1)
def _by_program() -> dict[int, str]:
    return {program: name for name, row in voice_table().items() for program in row.get("programs", ())}


def voice_name(instrument: str, program: int) -> str:
    """Return the name of an instrument's voice, by its name or else by its General MIDI program."""
    return _by_instrument().get(instrument) or _by_program().get(program, DEFAULT)


def prefers_samples(name: str, small: bool = False) -> bool:
    """Whether an instrument of a soundfont, or of a small one, is better than the voice `name`."""
    row = voice_table()[name]
    return bool(row.get("sampled", False)) and (not small or bool(row.get("small", True)))


def effect_names(name: str) -> tuple[str, ...]:
    """Return the names of the effects of the voice `name`."""
    return tuple(voice_table()[name].get("effects", ()))


def sampled_program(name: str, program: int, pan: float) -> int:
    """Return the General MIDI program of the samples that stand for a voice: `program`, or the voice's own choice."""
    chosen = voice_table()[name].get("samples", (program,))
    return int(chosen[-1] if pan > 0 else chosen[0])


def amplifier_names(name: str) -> tuple[str, ...]:
    """Return what a sampled instrument that stands for the voice `name` passes through."""
    return tuple(voice_table()[name].get("amplified", ()))


def build_voice(name: str, cache: SignalCache) -> Voice:
    """Return the voice `name` of the table, with its tones in `cache`."""
    row = voice_table()[name]
    kind = row["kind"]
    if kind == "struck":
        return StruckVoice(name, cache, _filled(Struck, row))
    if kind == "pad":
        return PadVoice(name, cache, _filled(Pad, row))
    if kind == "osc":
        return OscVoice(name, cache, _filled(Osc, row))
    if kind == "blown":
        return BlownVoice(name, cache, _filled(Blown, row))
    if kind == "prepared":
        sounds = tuple(_filled(Struck, voice_table()[one]) for one in row["strings"])
        return PreparedVoice(name, cache, sounds, float(row["level"]))
    if kind == "noises":
        return NoiseVoice(name, cache, tuple(row["sounds"]))
    if kind == "bed":
        return BedVoice(name, cache)
    return ScratchVoice(name, cache) if kind == "scratch" else FxVoice(name, cache)


def _filled(sound: type[T], row: dict[str, Any]) -> T:
    names = {f.name for f in fields(sound)}
    return sound(**{key: _frozen(value) for key, value in row.items() if key in names})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
