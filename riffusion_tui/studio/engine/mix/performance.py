"""A performance: a score with its mix and the voices that play it. It can be rendered any number of times."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.compose.casting.choir_kinds import kind_of_choir
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, LONE_SINGER
from riffusion_tui.studio.engine.mix.effects import INPUT, RECORDED_INPUTS
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.player import DRIVES, PlayedTrack, strength
from riffusion_tui.studio.engine.mix.render import DRUM_ROLES, Mixer
from riffusion_tui.studio.engine.mix.slides import slides_of
from riffusion_tui.studio.engine.mix.track_levels import balanced
from riffusion_tui.studio.engine.pronunciation.pronounce import Known
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.singing.delivery import language_of
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.singing.vocal import SEVERAL, VocalLine
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.soundfonts.sampler import SampledKit, SampledVoice
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED, open_sounds
from riffusion_tui.studio.engine.spoken import delivery_of
from riffusion_tui.studio.engine.synth.drumkit import KitVoice, kit_for, kit_pieces
from riffusion_tui.studio.engine.synth.fx import BedVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from riffusion_tui.studio.engine.synth.voice import ToneVoice, Voice
from riffusion_tui.studio.engine.synth.voice_table import (
    amplifier_names,
    build_voice,
    effect_names,
    prefers_samples,
    sampled_program,
    voice_name,
)

# The General MIDI (GS) drum kits that sound better than computed ones. The power kit's hats are as loud as its snare.
_SAMPLED_KITS = {
    "acoustic": 8,
    "rock": 8,
    "metal": 0,
    "studio": 0,
    "jazz": 32,
    "brushes": 40,
    "dry": 8,
    "cinematic": 48,
    "tabla": 8,
}

# Drum kits that a prompt can name, whatever the genre's kit is.
_KIT_WORDS = {"brush": "brushes", "909": "909", "808 drum": "808", "808 kick": "808", "tr-808": "808"}

# What an electric guitar plays through, by its General MIDI program.
_DRIVEN = {program: name for name, program in DRIVEN.items()}

_CACHE_BYTES = 92 << 20
"""Bytes of cached tones, at most."""


class Performance:
    """A score, its mix and the voices that play it."""

    rate = SAMPLE_RATE

    def __init__(self, score: Score, soundfont: str | None, known: Known = MappingProxyType({})) -> None:
        """Prepare a score; `known` are sounds of words, as in `Pronunciation`."""
        self.score = score
        self._known = known
        self.mixing = mixing_for(score.plan)
        self._font = open_sounds(soundfont)
        self._cache = SignalCache(_CACHE_BYTES)
        self._voices: dict[str, Voice] = {}
        self.frames = round(score.duration_s * SAMPLE_RATE)
        frames_per_beat = 60 / score.plan.bpm * SAMPLE_RATE
        self.starts = tuple(round(s.start * frames_per_beat) for s in score.sections) or (0,)
        parts = [
            self._prepared(self._part(track))
            for track in (*score.tracks, *beds(score, self.mixing.lofi))
            if track.notes
        ]
        self.parts, self.mixing = balanced(score, parts, self.mixing)
        sampled = any(isinstance(part.voice, SampledVoice | SampledKit) for part in self.parts)
        self.sounds = self._font.name if self._font and sampled else SYNTHESIZED

    def mixer(self, only: int | None = None) -> Mixer:
        """Return a new mixer for the whole song, or for one track."""
        return Mixer(self.score, self.parts, self.mixing, only)

    def _part(self, track: Track) -> PlayedTrack:
        if track.role in DRUM_ROLES:
            kit = self._kit_of(track)
            return PlayedTrack(track, self._voice(f"kit {kit}", lambda: self._kit(kit)), ())
        if track.role == "vocal":
            kind = singer_of(self.score.plan, track)
            line = VocalLine(
                kind,
                60.0 / self.score.plan.bpm,
                delivery=delivery_of(self.score.plan),
                language=language_of(self.score),
                known=self._known,
                manner=manner_of(self.score.plan),
            )
            # A choir is wide by itself, and a singer who is alone is one.
            single = kind in SEVERAL or self.score.plan.cast == (LONE_SINGER,)
            return PlayedTrack(track, line, () if single else ("double",))
        if track.instrument == "nature sounds":
            outdoors = " and ".join(outdoor_sounds(self.score.plan))
            return PlayedTrack(track, self._voice(outdoors, lambda: BedVoice(outdoors, self._cache)), ())
        name = self._voice_name(track)
        program = sampled_program(name, track.program, track.pan)
        if self._font is not None and prefers_samples(name, self._font.small) and self._font.has(0, program):
            font = self._font
            middle = round(sum(n.pitch for n in track.notes) / max(1, len(track.notes))) if track.notes else 60
            make = partial(SampledVoice, font, program, self._cache, middle)
            return self._through(amplifier_names(name), track, f"sampled {program}", make)
        return self._through(effect_names(name), track, name, lambda: build_voice(name, self._cache))

    def _through(self, effects: tuple[str, ...], track: Track, key: str, make: Callable[[], Voice]) -> PlayedTrack:
        """Return a track that plays through these effects: into an amplifier's input, if there is one."""
        drive = next((name for name in effects if name in DRIVES), "")
        voice = self._voice(f"{key} {drive}" if drive else key, make)
        if drive and isinstance(voice, ToneVoice):
            voice.curve = RECORDED_INPUTS[drive] if isinstance(voice, SampledVoice) else INPUT
        return PlayedTrack(track, voice, effects, slides=slides_of(track.instrument, track.role))

    def _prepared(self, part: PlayedTrack) -> PlayedTrack:
        """Announce the track's notes to its voice, which then renders each tone once, at its longest."""
        if isinstance(part.voice, ToneVoice):
            for note in part.track.notes:
                part.voice.expect(note.pitch, *strength(note, 60.0 / self.score.plan.bpm))
        return part

    def _voice_name(self, track: Track) -> str:
        """Return the voice of a track: one that the genre offers for its instrument, or the usual one."""
        voices = self.mixing.voices
        offered = voices.get(f"{track.role} {track.instrument}", voices.get(track.instrument))
        if track.instrument == "electric guitar" and track.program in _DRIVEN:
            return _DRIVEN[track.program]
        if not offered:
            return voice_name(track.instrument, track.program)
        plan = self.score.plan
        return offered[zlib.crc32(f"{plan.origin}:{plan.seed}:{track.instrument}".encode()) % len(offered)]

    def _kit_of(self, track: Track) -> str:
        own = kit_for(track.instrument)
        if own:
            return own
        words = " ".join(term.word for term in self.score.plan.understood).lower()
        named = next((kit for sign, kit in _KIT_WORDS.items() if sign in words), "")
        if named and track.role == "drums":
            return named
        machine = track.instrument == "drum machine" and self.mixing.kit in _SAMPLED_KITS
        return self.mixing.machine if machine else self.mixing.kit

    def _kit(self, kit: str) -> Voice:
        if self._font is not None and self.mixing.sampled and kit in _SAMPLED_KITS and self._font.has(128, 0):
            return SampledKit(self._font, _SAMPLED_KITS[kit], self._cache)
        return KitVoice(f"kit {kit}", self._cache, kit_pieces(kit))

    def _voice(self, key: str, make: Callable[[], Voice]) -> Voice:
        if key not in self._voices:
            self._voices[key] = make()
        return self._voices[key]


def singer_of(plan: Plan, track: Track) -> str:
    """Return who sings a track: a key of `THROATS`, or `any`."""
    kind = "choir" if track.instrument == "choir" and plan.vocals not in CHOIR_VOICES else plan.vocals
    return f"{kind_of_choir(plan)} choir" if kind == "choir" and kind_of_choir(plan) in ("male", "female") else kind


def outdoor_sounds(plan: Plan) -> list[str]:
    """Return the sounds of `styles/nature.toml` that the prompt mentions, at most three."""
    mentioned = [h.word.lower() for h in plan.understood if h.meaning in ("nature sounds", "rain")]
    mentioned += [scene for scene in plan.scenes if scene == "rain"]
    table = read_data("nature.toml")
    named = [
        name
        for name, words in table["sounds"].items()
        if any(part in word for part in words.split(", ") for word in mentioned)
    ]
    return named[:3] or table["otherwise"]


def beds(score: Score, lofi: float) -> tuple[Track, ...]:
    """Return tracks of background sound for the whole song: vinyl crackle for lo-fi, rain if the prompt mentions it."""
    played = {track.instrument for track in score.tracks}
    words = {*score.plan.production, *score.plan.scenes, *score.plan.instruments} - set(score.plan.avoided)
    found = []
    if (lofi >= 0.5 or words & {"vinyl", "crackle"}) and "vinyl" not in {*played, *score.plan.avoided}:
        found.append(_bed("Vinyl", "vinyl", 0.5, score.beats))
    if words & {"rain", "storm", "nature sounds"} and "nature sounds" not in played:
        name = " and ".join(outdoor_sounds(score.plan)).capitalize()
        found.append(_bed(name, "nature sounds", 0.35, score.beats))
    return tuple(found)


def _bed(name: str, instrument: str, velocity: float, beats: float) -> Track:
    return Track(name, "fx", instrument, 122, (Note(0.0, beats, 60, velocity),), gain_db=-8.0)
