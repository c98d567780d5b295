"""How much may be on its way to the terminal before it has answered.

Every so often a frame carries a question (`ESC[6n`, where is the cursor) that a terminal answers at once. While the
answer is out, only so many bytes are sent as the line has shown it can take without a key having to wait behind them.
"""

from __future__ import annotations

QUESTION = "\x1b[6n"

_FIRST_WINDOW = 16_384
_LEAST_WINDOW = 768
_MOST_WINDOW = 262_144
_ASK_EVERY = 512
_PATIENCE_S = 3.0
"""A terminal that is silent for so long is taken to be one that does not answer, or the answer to be lost."""
_QUEUED_S = 0.03
"""Time above the line's shortest answer that bytes may wait on it: about a frame."""


class Pacer:
    """Decides when the next bytes may go. Times are seconds of a steady clock.

    A terminal that has never answered is not asked again: then nothing is held back.
    """

    def __init__(self) -> None:
        self._window = _FIRST_WINDOW
        self._on_their_way = 0
        self._unasked = 0
        self._asked: list[tuple[float, int]] = []
        self._shortest_s = float("inf")
        self._silent = False
        self._answered_once = False

    def room(self, now: float) -> int:
        """Return the bytes that may go now; 0 while the terminal has to catch up first."""
        if self._silent:
            return _MOST_WINDOW
        if self._asked and now - self._asked[0][0] > _PATIENCE_S:
            self._give_up_waiting()
        return max(0, self._window - self._on_their_way)

    def sent(self, size: int, now: float) -> bool:
        """Note that `size` bytes went; return whether a question is to follow them."""
        if self._silent:
            return False
        self._on_their_way += size
        self._unasked += size
        if self._unasked < _ASK_EVERY:
            return False
        self._asked.append((now, self._unasked))
        self._unasked = 0
        return True

    def answered(self, now: float) -> None:
        """Note an answer: what was asked first has arrived."""
        self._answered_once = True
        if not self._asked:
            return
        asked_at, size = self._asked.pop(0)
        self._on_their_way = max(0, self._on_their_way - size)
        took = now - asked_at
        self._shortest_s = min(self._shortest_s, took)
        if took > self._shortest_s + _QUEUED_S:
            self._window = max(_LEAST_WINDOW, self._window // 2)
        else:
            self._window = min(_MOST_WINDOW, self._window * 2)

    def wait_s(self, now: float) -> float:
        """Return seconds after which to look again even if nothing is answered."""
        if not self._asked:
            return 0.0
        return max(0.01, self._asked[0][0] + _PATIENCE_S - now + 0.01)

    def _give_up_waiting(self) -> None:
        self._silent = not self._answered_once
        self._asked.clear()
        self._on_their_way = self._unasked = 0
