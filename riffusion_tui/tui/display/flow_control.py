"""Limit the bytes in flight to the terminal.

Some frames end with a query (`ESC[6n`, cursor position) that terminals answer immediately. Until the answer arrives,
only as many bytes are sent as the connection can carry without delaying the response to a key.
"""

from __future__ import annotations

QUESTION = "\x1b[6n"

_FIRST_WINDOW = 16_384
_MIN_WINDOW = 768
_MAX_WINDOW = 262_144
_ASK_EVERY = 512
_TIMEOUT_S = 3.0
"""Timeout for an answer, in seconds; after it the terminal is assumed not to answer."""
_MAX_QUEUEING_S = 0.03
"""Allowed queueing delay above the minimum round-trip time, in seconds: about a frame."""


class Pacer:
    """Decides when the next bytes may be sent. Times are in seconds of a monotonic clock.

    If a terminal never answers, there are no more queries and nothing is held back.
    """

    def __init__(self) -> None:
        self._window = _FIRST_WINDOW
        self._on_their_way = 0
        self._unqueried = 0
        self._queries: list[tuple[float, int]] = []
        self._shortest_s = float("inf")
        self._silent = False
        self._answered_once = False

    def room(self, now: float) -> int:
        """Return the number of bytes that may be sent now; 0 if the terminal has to catch up first."""
        if self._silent:
            return _MAX_WINDOW
        if self._queries and now - self._queries[0][0] > _TIMEOUT_S:
            self._give_up_waiting()
        return max(0, self._window - self._on_their_way)

    def sent(self, size: int, now: float) -> bool:
        """Record `size` sent bytes; return whether to send a query after them."""
        if self._silent:
            return False
        self._on_their_way += size
        self._unqueried += size
        if self._unqueried < _ASK_EVERY:
            return False
        self._queries.append((now, self._unqueried))
        self._unqueried = 0
        return True

    def answered(self, now: float) -> None:
        """Record the answer to the oldest query."""
        self._answered_once = True
        if not self._queries:
            return
        queried_at, size = self._queries.pop(0)
        self._on_their_way = max(0, self._on_their_way - size)
        took = now - queried_at
        self._shortest_s = min(self._shortest_s, took)
        if took > self._shortest_s + _MAX_QUEUEING_S:
            self._window = max(_MIN_WINDOW, self._window // 2)
        else:
            self._window = min(_MAX_WINDOW, self._window * 2)

    def awaits_answer(self, now: float) -> bool:
        """Whether a query may still be answered."""
        queries = self._queries[:1]  # one read: this is called from the input thread
        return bool(queries) and now - queries[0][0] <= _TIMEOUT_S

    def wait_s(self, now: float) -> float:
        """Return the seconds after which to check again even without an answer."""
        if not self._queries:
            return 0.0
        return max(0.01, self._queries[0][0] + _TIMEOUT_S - now + 0.01)

    def _give_up_waiting(self) -> None:
        self._silent = not self._answered_once
        self._queries.clear()
        self._on_their_way = self._unqueried = 0
