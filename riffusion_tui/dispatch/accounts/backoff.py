"""Backoff times after rate limits and failures. Pure: the random source is passed in."""

from __future__ import annotations

import math
import random

MIN_S, MAX_S = 10.0, 30.0
"""The vendor's: "Wait in a loop for at least 10..30 seconds and retry again".
https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt"""
GROWTH = 1.6
MAX_BACKOFF_S = 300.0
"""Maximum of our own backoff."""
RETRY_AFTER_S = (MIN_S, 600.0)
"""Minimum and maximum of a wait that a server asks for with Retry-After."""


def rate_limited(tries: int, retry_after_s: float | None, rng: random.Random) -> float:
    """Return the wait after the `tries`-th 429 in a row, in seconds: jittered, growing, never under 10.

    An hour of nothing but 429s costs about two dozen requests, also if each asks for a short wait: once the service has
    limited again after the wait that it asked for, the longer of that and our own counts.
    """
    grown = rng.uniform(MIN_S, MAX_S) * GROWTH ** min(tries - 1, 20)
    own = min(grown, rng.uniform(MAX_BACKOFF_S / 2, MAX_BACKOFF_S))
    if retry_after_s is None or not math.isfinite(retry_after_s):
        return own
    low, high = RETRY_AFTER_S
    asked = min(max(retry_after_s, low), high) * rng.uniform(1.0, 1.1)
    return asked if tries == 1 and retry_after_s >= low else max(asked, own)


def unreachable(tries: int, rng: random.Random) -> float:
    """Return the wait after the `tries`-th failure to reach the service, in seconds: 1 to 2, doubling, to a minute."""
    return float(min(2.0 ** min(tries - 1, 20), 30.0)) * rng.uniform(1.0, 2.0)


def faulty(tries: int, rng: random.Random) -> float:
    """Return the wait after the `tries`-th consecutive server error, in seconds."""
    return float(min(10.0 * 2.0 ** min(tries - 1, 20), 600.0)) * rng.uniform(1.0, 1.5)


def as_asked(wait_s: float, retry_after_s: float | None) -> float:
    """Return our own wait after a failure, or the longer one that the server asks for, in seconds."""
    return max(wait_s, min(retry_after_s or 0.0, RETRY_AFTER_S[1]))
