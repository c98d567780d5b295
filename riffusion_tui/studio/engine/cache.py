"""A least-recently-used cache bounded by bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
"""Samples at `SAMPLE_RATE`: shape (frames,) for mono, (2, frames) for stereo."""


class SignalCache:
    """Signals by key, at most `limit` bytes in total. A signal larger than that is not kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[Hashable, Signal] = OrderedDict()

    def get(self, key: Hashable) -> Signal | None:
        """Return the signal kept under `key`, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, signal: Signal) -> Signal:
        """Store `signal` under `key`, evict the least recently used, and return it."""
        old = self._kept.pop(key, None)
        if old is not None:
            self.size -= old.nbytes
        if signal.nbytes <= self.limit:
            self._kept[key] = signal
            self.size += signal.nbytes
        while self.size > self.limit:
            _, gone = self._kept.popitem(last=False)
            self.size -= gone.nbytes
        return signal

    def __len__(self) -> int:
        return len(self._kept)
