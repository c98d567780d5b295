"""How long a service's songs take to make, learned from the latest ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_MIN_TIMES = 4
"""Minimum number of songs for learning how their length affects the time."""
_VARIED = 0.25
"""Minimum range of their lengths, as a share of the usual length."""
_SHORTEST_S, _LONGEST_S = 1e-9, 1e9
"""Times that a song may take, and lengths that it may have: others come from damaged pages, or from other programs."""
_MIN_SHARE = 0.1
"""The shortest estimate, as a share of the median."""


class UsualDuration(NamedTuple):
    """Typical seconds from accepted request to finished song, without waiting at the service if it reports that."""

    median_s: float
    early_s: float
    """5th percentile."""
    late_s: float
    """95th percentile."""
    songs: int
    length_s: float | None = None
    """Usual length of the songs; None if unknown."""
    slope: float = 0.0
    """Additional seconds per second of song."""
    default_length_s: float | None = None
    """The service's length of a song for which none is requested; None: the usual length."""

    @property
    def unrequested_s(self) -> float | None:
        """Likely length of a song for which none is requested; None if unknown."""
        return None if self.length_s is None else self.default_length_s or self.length_s

    def at(self, length_s: float | None) -> float:
        """Return how long a song of this length takes, in seconds; None: no length is requested."""
        length_s = length_s or self.unrequested_s
        if length_s is None or self.length_s is None:
            return self.median_s
        return max(_MIN_SHARE * self.median_s, self.median_s + self.slope * (length_s - self.length_s))


def usual_duration(rows: Sequence[tuple[float, float | None]]) -> UsualDuration | None:
    """Return how long songs take, from (seconds, length) of the latest ones; None if there are none.

    Raises `ValueError` for a time or a length that no song has.
    """
    if not all(_SHORTEST_S <= value <= _LONGEST_S for row in rows for value in row if value is not None):
        raise ValueError
    times = sorted(seconds for seconds, _ in rows)
    if not times:
        return None
    twentieth = len(times) // 20
    middle = _median(times)
    usual = UsualDuration(middle, times[twentieth], times[-1 - twentieth], len(times))
    known = [(length, seconds) for seconds, length in rows if length]
    if not known:
        return usual
    length = _median([length for length, _ in known])
    return usual._replace(length_s=length, slope=_slope(known, middle / length))


def _slope(known: Sequence[tuple[float, float]], proportional: float) -> float:
    """Return the slope of a line through the songs; `proportional` if their lengths are too much alike."""
    lengths = [length for length, _ in known]
    if len(known) < _MIN_TIMES or max(lengths) - min(lengths) < _VARIED * _median(lengths):
        return proportional
    x, y = sum(lengths) / len(known), sum(seconds for _, seconds in known) / len(known)
    slope = sum((a - x) * (b - y) for a, b in known) / sum((a - x) ** 2 for a in lengths)
    return min(max(0.0, slope), 2 * proportional)


def _median(values: Sequence[float]) -> float:
    """Return the median; the module `statistics` would be loaded before the first frame for it."""
    ordered, half = sorted(values), len(values) // 2
    return (ordered[half] + ordered[-1 - half]) / 2  # the same value twice if the count is odd
