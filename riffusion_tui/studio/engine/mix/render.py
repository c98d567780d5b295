"""Score → the mix as blocks of sound, in bounded memory.

Processing before the sum affects one track only; processing of the sum (reverb, echo, section level, ducking) is
linear. So the stems, each rendered by itself, add up to the mix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import overload

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.loudness import MixMeter
from riffusion_tui.studio.engine.mix.blend import Blend
from riffusion_tui.studio.engine.mix.bus import ROWS, Bus
from riffusion_tui.studio.engine.mix.effects import Delay, Soften, Wow
from riffusion_tui.studio.engine.mix.mixing import Mixing
from riffusion_tui.studio.engine.mix.player import BLOCK, SPAN, PlayedTrack, Player
from riffusion_tui.studio.engine.mix.pocket import BAND, DRUMS, Pocket
from riffusion_tui.studio.engine.mix.rides import Rides
from riffusion_tui.studio.engine.mix.rooms import Reverb, room, room_top
from riffusion_tui.studio.engine.mix.sweeps import SWEPT, Sweeps
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import CONVOLVED, SAMPLE_RATE, Curve, drawn_filter

_ECHOED = frozenset({"lead", "vocal", "arp"})

_TAIL_S = 3.0
"""Seconds after the last beat for reverb and tones to die away."""

DRUM_ROLES = frozenset({"drums", "percussion"})
_LOW_ROLES = frozenset({"drums", "percussion", "bass", "fx"})
"""Roles that keep their lows; all others get a low cut, the voice its own (see `tract`)."""

_SUNG_ROLES = frozenset({"vocal"})
"""Roles that the others make room for while they sing."""

# The low cut of everything but bass, drums and voice: (hertz, dB).
_UPPER: Curve = ((30.0, -14.0), (80.0, -7.0), (140.0, -2.0), (250.0, -1.0), (500.0, 0.0), (20_000.0, 0.0))

_KICKS = frozenset({35, 36})


def _added(first: Curve, second: Curve) -> Curve:
    """Return the curve of two filters in series; a curve without points is no filter."""
    at = sorted({hertz for hertz, _ in (*first, *second)})
    total = np.zeros(len(at))
    for curve in (first, second):
        if curve:
            total += np.interp(np.log(at), np.log([hertz for hertz, _ in curve]), [db for _, db in curve])
    return tuple(zip(at, total.tolist(), strict=True))


def _scaled(curve: Curve, share: float) -> Curve:
    """Return a filter with this share of its decibels."""
    return tuple((hertz, db * share) for hertz, db in curve)


def _lowered(curve: Curve, by: float) -> Curve:
    """Return a filter that passes `by` dB less at all frequencies."""
    return tuple((hertz, db - by) for hertz, db in curve)


def _tone_curve(mixing: Mixing) -> Curve:
    """Return the mix's filter: the genre's tone, and the narrow band of a worn tape if it is lo-fi."""
    worn = mixing.lofi
    points = zip((60.0, 250.0, 1000.0, 4000.0, 12_000.0), mixing.tone, (-2.0, 0.0, 1.0, -2.0, -9.0), strict=True)
    inner = tuple((hertz, db + worn * lost) for hertz, db, lost in points)
    return ((25.0, inner[0][1] - 12 * worn), *inner, (20_000.0, inner[-1][1] - 12 * worn))


class Automation:
    """Gains over time: section levels by energy, and side-chain ducking of everything but drums."""

    def __init__(self, score: Score, mixing: Mixing) -> None:
        self._frames_per_beat = 60.0 / score.plan.bpm * SAMPLE_RATE
        edges = [0.0]
        gains = [self._gain(score, 0, mixing)]
        for i, section in enumerate(score.sections[1:], start=1):
            at = section.start * self._frames_per_beat
            edges += [at - 0.25 * self._frames_per_beat, at]
            gains += [gains[-1], self._gain(score, i, mixing)]
        self._edges, self._gains = np.array(edges), np.array(gains)
        self._soft = [(s.start * self._frames_per_beat, max(0.0, 0.7 - s.energy)) for s in score.sections]
        kicks = sorted({n.start for t in score.tracks if t.role == "drums" for n in t.notes if n.pitch in _KICKS})
        self._kicks = np.array(kicks) * self._frames_per_beat if mixing.duck > 0 else np.array([])
        self._duck = 1 - 10 ** (-mixing.duck / 20)
        self._back = min(0.32 * SAMPLE_RATE, 0.8 * self._frames_per_beat)

    @staticmethod
    def _gain(score: Score, index: int, mixing: Mixing) -> float:
        energies = [s.energy for s in score.sections] or [1.0]
        low, high = min(energies), max(energies)
        share = (energies[index] - low) / (high - low) if high > low else 1.0
        return float(10 ** (mixing.range * (share - 1) / 20))

    def level(self, index: int) -> Signal | float:
        """Return the sections' gain over block `index`: one for all of it, or for each frame."""
        at = np.arange(index * BLOCK, (index + 1) * BLOCK, 64)
        gains = np.interp(at, self._edges, self._gains).astype(np.float32)
        return np.repeat(gains, 64) if gains.min() < gains.max() else float(gains[0])

    def softness(self, index: int) -> float:
        """Return how much of the highs a calm section loses, 0 to 1."""
        middle = (index + 0.5) * BLOCK
        return next((soft for at, soft in reversed(self._soft) if at <= middle), 0.0)

    def ducking(self, index: int) -> Signal | None:
        """Return the ducking gain over block `index`, or None if nothing is ducked."""
        if not len(self._kicks):
            return None
        at = np.arange(index * BLOCK, (index + 1) * BLOCK, 32)
        last = np.searchsorted(self._kicks, at, side="right") - 1
        since = np.where(last >= 0, at - self._kicks[np.maximum(last, 0)], 1e9)
        ducked = np.maximum(1 - since / self._back, 0)
        if not ducked.any():
            return None
        gain = 1 - self._duck * ducked * np.sqrt(ducked)
        return np.repeat(gain.astype(np.float32), 32)


class Mixer:
    """Renders all tracks and sums them, block by block.

    Iterating gives (2, BLOCK) arrays until the song and its tail are over. `only` renders one track with its share of
    reverb and echo: a stem.
    """

    def __init__(self, score: Score, parts: list[PlayedTrack], mixing: Mixing, only: int | None = None) -> None:
        self._spb = 60.0 / score.plan.bpm
        self.frames = int((score.beats * self._spb + _TAIL_S) * SAMPLE_RATE)
        self.blocks = -(-self.frames // BLOCK)
        self.meter = MixMeter()
        """The loudness of the blocks so far."""
        self._mixing = mixing
        self._pocket = Pocket(score)
        self._rides = Rides(score)
        self._drums_dip = _scaled(DRUMS, mixing.pocket)
        self._echo = Delay(mixing.echo_beats * self._spb, 0.45) if mixing.echo > 0 else None
        chosen = list(enumerate(parts)) if only is None else [(only, parts[only])]
        self._room_for_tracks = np.empty((2 * len(chosen), SPAN), dtype=np.float32)
        self._drums = self._bus([(i, p) for i, p in chosen if p.track.role in DRUM_ROLES])
        self._low = self._bus([(i, p) for i, p in chosen if p.track.role in _LOW_ROLES - DRUM_ROLES])
        swept = SWEPT if mixing.sweep > 0 else frozenset[str]()
        self._swept = self._bus([(i, p) for i, p in chosen if p.track.role in swept])
        self._upper = self._bus([(i, p) for i, p in chosen if p.track.role not in _LOW_ROLES | swept | _SUNG_ROLES])
        self._sung = self._bus([(i, p) for i, p in chosen if p.track.role in _SUNG_ROLES])
        self._automation = Automation(score, mixing)
        self._sweeps = Sweeps(score, mixing.sweep, BLOCK)
        self._room = Reverb(room(mixing.room, mixing.bright, 7), BLOCK, room_top(mixing.bright))
        tone = _tone_curve(mixing) if any(mixing.tone) or mixing.lofi > 0 else ()
        upper = _added(_UPPER, tone)
        curves = (upper, _added(upper, _lowered(_scaled(BAND, mixing.pocket), mixing.dip)), tone)
        self._sum = Blend([drawn_filter(curve) if curve else None for curve in curves], BLOCK)
        self._soften = Soften()
        self._wow = Wow(mixing.lofi) if mixing.lofi > 0 else None

    def __iter__(self) -> Iterator[Signal]:
        for index in range(self.blocks):
            yield self._block(index)

    def _bus(self, parts: list[tuple[int, PlayedTrack]]) -> Bus:
        mixing = self._mixing

        def strip(i: int, part: PlayedTrack) -> tuple[PlayedTrack, Player, float, float]:
            role = part.track.role
            wet = mixing.wet_by.get(role, 0.2) * mixing.wet * 0.7
            gains = partial(self._rides.gains, ride_db=part.ride_db)
            return (
                part,
                Player(part, self._spb, i, self._drum_curve, gains),
                wet,
                mixing.echo if role in _ECHOED else 0.0,
            )

        return Bus([strip(i, part) for i, part in parts], self._room_for_tracks)

    def _drum_curve(self, frame: int) -> Curve:
        """Return the filter of a drum that is hit at this frame: it makes room for the voice, if there is singing."""
        return self._drums_dip if self._pocket.covers(frame) else ()

    def _played(self, index: int) -> list[Signal | None]:
        """Return block `index` of each bus."""
        buses = (self._drums, self._low, self._upper, self._swept, self._sung)
        span, number = divmod(index, SPAN // BLOCK)
        if number == 0:
            levels = [self._automation.level(i) for i in range(index, index + SPAN // BLOCK)]
            for bus in buses:
                bus.play(span, levels)
        return [bus.block(number) for bus in buses]

    def _block(self, index: int) -> Signal:
        ducking = self._automation.ducking(index)
        drums, low, upper, swept, sung = self._played(index)
        echoed = _sum([bus[ROWS:] for bus in (upper, swept, sung) if bus is not None and len(bus) > ROWS])
        opened = None if swept is None else self._sweeps.opened(swept[:ROWS], index)
        band = _sum([None if upper is None else upper[:ROWS], opened])
        if ducking is not None:
            for sound in (band, low, None if sung is None else sung[:ROWS], echoed):
                if sound is not None:
                    sound *= ducking
        wet = self._room(_sum([None if bus is None else bus[2] for bus in (band, drums, low, sung)], (BLOCK,)))
        # The room gives way as well: else it would fill what the band leaves to the words.
        open_, dipped = self._pocket.divided(_sum([_dry(band), wet]), index)
        heavy = _sum([_dry(drums), _dry(low)])
        if self._sweeps.lightens(index):
            heavy = self._sweeps.lightened(np.zeros((2, BLOCK), dtype=np.float32) if heavy is None else heavy, index)
        echo = None if self._echo is None else self._echo(_sum([echoed], (2, BLOCK)))
        total = self._sum([open_, dipped, _sum([heavy, _dry(sung), echo])])
        softness = self._automation.softness(index)
        self.meter.add(self._sum.spectra, BLOCK // CONVOLVED, softness)
        total = self._soften(total, softness)
        return total if self._wow is None else self._wow(total)


def _dry(bus: Signal | None) -> Signal | None:
    """Return the left and right of a bus."""
    return None if bus is None else bus[:2]


@overload
def _sum(signals: Sequence[Signal | None]) -> Signal | None: ...


@overload
def _sum(signals: Sequence[Signal | None], shape: tuple[int, ...]) -> Signal: ...


def _sum(signals: Sequence[Signal | None], shape: tuple[int, ...] | None = None) -> Signal | None:
    """Return the sum, in the first one's place; of nothing but None (silence), zeros of `shape`, or None."""
    sounding = [signal for signal in signals if signal is not None]
    if not sounding:
        return None if shape is None else np.zeros(shape, dtype=np.float32)
    for more in sounding[1:]:
        sounding[0] += more
    return sounding[0]
