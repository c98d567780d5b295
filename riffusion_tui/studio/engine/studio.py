"""A session: the score, its mix and the voices that play it, ready to be played as often as needed."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Score, Track
from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.compose.library import family_of
from riffusion_tui.studio.engine.mixing import mixing_for
from riffusion_tui.studio.engine.render import TAIL_S, Mixer, Part
from riffusion_tui.studio.engine.sounds import SYNTHESIZED
from riffusion_tui.studio.engine.synth.drums import KitVoice, kit_pieces
from riffusion_tui.studio.engine.synth.table import build_voice, effect_names, voice_name
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE

CACHE_BYTES = 72 << 20
"""Tones kept ready, at most."""


class Session:
    """Everything that is needed to play a score."""

    def __init__(self, score: Score, soundfont: str | None) -> None:
        self.score = score
        self.mixing = mixing_for(score.plan, family_of(score.plan.genre))
        self.sounds = SYNTHESIZED
        self._cache = SignalCache(CACHE_BYTES)
        self.frames = round((score.beats * 60 / score.plan.bpm + min(1.5, TAIL_S)) * SAMPLE_RATE)

    def parts(self) -> list[Part]:
        """Return the tracks with their voices."""
        return [self._part(track) for track in self.score.tracks]

    def mixer(self, only: int | None = None) -> Mixer:
        """Return a fresh mixer: of everything, or of one track."""
        return Mixer(self.score, self.parts(), self.mixing, only)

    def _part(self, track: Track) -> Part:
        if track.role in ("drums", "percussion"):
            name = self.mixing.kit
            return Part(track, KitVoice(f"kit {name}", self._cache, kit_pieces(name)), ())
        name = voice_name(track.instrument, track.program)
        return Part(track, build_voice(name, self._cache), effect_names(name))
