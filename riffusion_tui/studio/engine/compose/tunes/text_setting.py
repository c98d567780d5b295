"""Sets words to the rhythm of a tune: stressed syllables on strong beats, none too short, the last one held.

The onsets of a line are chosen together: those with the least sum of costs (dynamic programming), near the tune's own.
Costs are in arbitrary units; a stressed syllable on a sixteenth costs about 1.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import ceil, inf, log2, pi, sin

from riffusion_tui.studio.engine.compose.humanize import swung
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.tunes.motif import Motif
from riffusion_tui.studio.engine.lyrics import SungLine
from riffusion_tui.studio.engine.score import CONTINUED
from riffusion_tui.studio.engine.spoken import Delivery

_GRAINS = (0.5, 0.25, 0.125, 0.0625, 0.03125)
"""Beats between possible onsets: the first by which there are enough, and that is not slow."""
_SLOW_S, _SPARE = 0.28, 2
"""Seconds between onsets beyond which there are too few to choose from, and how many onsets are to be spare."""
_EASY_S, _SPOKEN_S, _LAST_S, _CALM_S = 0.28, 0.12, 0.45, 0.36
"""Seconds that a sung syllable, a spoken one, and the last one of a line last at least, if there is time, and a sung
one on the average, if the tune would be over sooner."""
_STRESSED_S, _UNSTRESSED_S, _FINAL, _BREAK_S = 0.25, 0.17, 1.4, 0.2
"""Seconds of a recited syllable, factor on the last one of a line, and seconds of a pause at a comma."""
_SHORT, _CUT = 5.0, 5.0
"""Cost of a syllable, and of a last one, that has no time at all."""
_STRESSED_ON, _UNSTRESSED_ON = (0.0, 0.2, 0.45, 1.4, 1.8), (0.3, 0.12, 0.0, 0.45, 0.9)
"""Costs of a syllable by the weakness of its place in the bar."""
_OFF_THE_TUNE, _UNSUNG = 0.3, 0.35
"""Costs of an onset that the tune does not have, and of one of the tune's that no syllable has."""
_UNEVEN = 0.35
"""Cost of a syllable twice or half as long as the others, if it is not a longer stressed one."""
_LATE, _UPBEAT = 0.15, 0.4
"""Cost of each beat by which a line starts late; share of `_UNSUNG` before an unstressed first syllable."""
_EARLY, _HELD = 0.15, 4.0
"""Cost of each average syllable that the last one lasts longer than so many."""
_LONGEST = 3.0
"""Beats of a syllable within a line, at most."""
_PAUSE = 0.75
"""Share of its time that a syllable before a comma lasts."""
_MANY, _ARCH = 6, 3
"""Syllables that are many for a tune of two notes, and the scale steps by which it rises or falls then."""
_PAUSES = tuple(",.!?;:")


@lru_cache(maxsize=4096)
def weakness(meter: tuple[int, int], beat: float) -> int:
    """Return how weak a place in the bar is: 0 on its strong beats, to 4 off the grid. `beat` is counted from a bar."""
    bar = meter[0] * 4 / meter[1]
    offset = round(beat % bar, 6) % bar
    strong = steps.strong_beats(meter)
    if any(abs(offset - one) < 1e-6 for one in strong):
        return 0
    if steps.is_compound(meter):
        grains: tuple[float, ...] = (1.5, 0.75, 0.5, 0.25)
    else:
        grains = (1.0, 1.0, 0.5, 0.25)
    return next((rank for rank, grain in enumerate(grains) if abs(offset / grain - round(offset / grain)) < 1e-6), 4)


@dataclass(frozen=True, slots=True)
class Setting:
    """What words are set to: a tune's rhythm, the meter, the beats that they may take, and how fast they may be."""

    tune: Motif
    meter: tuple[int, int]
    span: float
    room: float
    """Beats until which the last syllable may be held, without a breath."""
    seconds_per_beat: float
    swing: float = 0.0
    swing_unit: float = 0.5
    """See `humanize.Feel`."""
    delivery: Delivery = "sung"


def set_words(line: SungLine, setting: Setting) -> Motif:
    """Return the tune with a note for each syllable of a line, which has at least one."""
    if setting.delivery == "recited":
        return _recited(line, setting)
    stresses = tuple(syllable.stressed for syllable in line.syllables)
    onsets = _onsets(stresses, setting)
    tune = setting.tune
    ends = [*onsets[1:], _end(onsets, setting)]
    times = []
    for pauses, begin, end in zip(_pauses(line), onsets, ends, strict=True):
        pause = pauses and end - begin >= 1 and end is not ends[-1]
        times.append((begin, (end - begin) * (_PAUSE if pause else 1.0)))
    return replace(tune, times=tuple(times), contour=_contour(onsets, tune))


def _pauses(line: SungLine) -> list[bool]:
    """Return after which syllables there is a punctuation mark."""
    found: list[bool] = []
    for syllable in line.syllables:
        if syllable.text == CONTINUED:
            found.append(found[-1])
            found[-2] = False
        else:
            found.append(syllable.text.endswith(_PAUSES))
    return found


def _recited(line: SungLine, setting: Setting) -> Motif:
    """Return the tune with a note for each syllable at the pace of speech: a word does not wait for the beat."""
    lengths = [_STRESSED_S if syllable.stressed else _UNSTRESSED_S for syllable in line.syllables]
    lengths[-1] *= _FINAL
    pauses = [_BREAK_S if pause else 0.0 for pause in _pauses(line)]
    ends = list(accumulate(map(sum, zip(lengths, pauses, strict=True))))
    beats = min(1 / setting.seconds_per_beat, setting.span / ends[-1])
    begin = max(0.0, min(setting.tune.times[0][0], setting.span - ends[-1] * beats))
    onsets = [begin + at * beats for at in (0.0, *ends[:-1])]
    times = tuple((at, length * beats) for at, length in zip(onsets, lengths, strict=True))
    return replace(setting.tune, times=times, contour=_contour(onsets, setting.tune))


def _end(onsets: Sequence[float], setting: Setting) -> float:
    """Return where the last syllable ends: with the tune, if that is not at once."""
    at, length = setting.tune.times[-1]
    last, spb = onsets[-1], setting.seconds_per_beat
    usual = max(at + length, last + max(_LAST_S / spb, 1.0))
    return max(min(usual, setting.span), min(last + _LAST_S / spb, setting.room), last + 0.02)


def _contour(onsets: Sequence[float], tune: Motif) -> tuple[int, ...]:
    """Return the tune's contour at the onsets; between two of its notes, one step on the way to the next."""
    starts = [at for at, _ in tune.times]
    found = []
    for onset in onsets:
        place = max((i for i, at in enumerate(starts) if at <= onset + 1e-6), default=0)
        step, after = tune.contour[place], tune.contour[min(place + 1, len(starts) - 1)]
        between = onset - starts[place] > 1e-6
        found.append(step + (1 if after > step + 1 else -1 if after < step - 1 else 0) * between)
    if tune.chants or len(found) < _MANY or max(found) - min(found) > 1:
        return tuple(found)
    # Many syllables on two notes of a tune that has few: they rise and fall, or fall and rise.
    way = _ARCH if sum(tune.contour) <= 0 else -_ARCH
    return tuple(step + round(way * sin(pi * i / (len(found) - 1))) for i, step in enumerate(found))


@lru_cache(maxsize=512)
def _onsets(stresses: tuple[bool, ...], setting: Setting) -> tuple[float, ...]:
    places = _places(len(stresses), setting)
    costs = _Costs(stresses, places, setting)
    ways: list[dict[int, int]] = []
    totals = {place: costs.first(place) for place in range(len(places))}
    for number in range(1, len(stresses)):
        found: dict[int, float] = {}
        way: dict[int, int] = {}
        for place in range(number, len(places) - (len(stresses) - 1 - number)):
            own = costs.here(number, place)
            least, origin = inf, -1
            for before in range(place - 1, -1, -1):
                gap = costs.heard[place] - costs.heard[before]
                if gap > _LONGEST and origin >= 0:
                    break
                total = totals.get(before, inf)
                if total < least and (cost := total + costs.move(number - 1, before, place, gap)) < least:
                    least, origin = cost, before
            if origin >= 0:
                found[place], way[place] = least + own, origin
        totals = found
        ways.append(way)
    last = min(totals, key=lambda place: (totals[place] + costs.end(place), place))
    chosen = [last]
    for way in reversed(ways):
        chosen.append(way[chosen[-1]])
    return tuple(places[place] for place in reversed(chosen))


def _places(count: int, setting: Setting) -> list[float]:
    """Return where syllables may begin, in beats: enough places on a grid, and the tune's own."""
    own = {at for at, _ in setting.tune.times if at < setting.span - 0.1}
    for grain in _GRAINS:
        grid = {step * grain for step in range(ceil((setting.span - 0.1) / grain))}
        enough = len(grid) >= count + (_SPARE if grain == _GRAINS[0] else 1)
        if (enough and grain * setting.seconds_per_beat <= _SLOW_S) or grain == _GRAINS[-1]:
            break
    found = sorted(grid | own)
    while len(found) < count:
        found.append((found[-1] if found else 0.0) + _GRAINS[-1])
    return found


class _Costs:
    """What it costs to sing each syllable at each place."""

    def __init__(self, stresses: tuple[bool, ...], places: Sequence[float], setting: Setting) -> None:
        tune, spb = setting.tune, setting.seconds_per_beat
        self._stresses, self._places, self._spb = stresses, places, spb
        self.heard = [swung(at, setting.swing, setting.swing_unit) for at in places]
        spoken = setting.delivery != "sung"
        self._least = _SPOKEN_S if spoken else _EASY_S
        weak = [weakness(setting.meter, at) for at in places]
        starts = {round(at, 6) for at, _ in tune.times}
        own = [round(at, 6) in starts for at in places]
        self._on = [
            [costs[rank] + (0.0 if there else _OFF_THE_TUNE) for rank, there in zip(weak, own, strict=True)]
            for costs in (_UNSTRESSED_ON, _STRESSED_ON)
        ]
        self._passed = [0.0, *accumulate(_UNSUNG * there for there in own)]
        easy = (len(stresses) + 1) * (_SPOKEN_S if spoken else _CALM_S) / spb
        self._stop = min(setting.span, max(tune.times[-1][0] + tune.times[-1][1], tune.times[0][0] + easy))
        self._begin = max(0.0, min(tune.times[0][0], self._stop - easy))
        self._usual = max(self._least / spb, (self._stop - self._begin) / (len(stresses) + 1))

    def here(self, number: int, place: int) -> float:
        """Return the cost of a syllable at a place."""
        return self._on[self._stresses[number]][place]

    def first(self, place: int) -> float:
        """Return the cost of the first syllable at a place."""
        skipped = self._passed[place] * (1.0 if self._stresses[0] else _UPBEAT)
        return self.here(0, place) + skipped + _LATE * max(0.0, self._places[place] - self._begin)

    def move(self, number: int, before: int, place: int, gap: float) -> float:
        """Return the cost of a syllable that lasts from one place to another, `gap` beats."""
        skipped = self._passed[place] - self._passed[before + 1]
        short = max(0.0, 1 - gap * self._spb / self._least)
        bend = log2(max(gap, _GRAINS[-1]) / self._usual)
        longer = bend > 0 and self._stresses[number]
        return skipped + _SHORT * short + _UNEVEN * abs(bend) * (0.3 if longer else 1.0)

    def end(self, place: int) -> float:
        """Return the cost of a last syllable at a place."""
        left = self._stop - self._places[place]
        skipped = self._passed[-1] - self._passed[place + 1]
        rest = _EARLY * max(0.0, left / self._usual - _HELD)
        return skipped + _CUT * max(0.0, 1 - left * self._spb / _LAST_S) + rest
