"""Convert terminal input to Textual events; bracketed pastes and bursts become pastes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from textual import events
from textual.message import Message

from riffusion_tui.tui.input.bursts import Bursts
from riffusion_tui.tui.input.escape_undo import EscapeTakenBack
from riffusion_tui.tui.input.input_reader import InputReader
from riffusion_tui.tui.input.pieces import Piece, PieceKind
from riffusion_tui.tui.textual_private import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, XTermParser

_FAST_TICK_S = 0.01
_SLOW_TICK_S = 0.1


class TerminalInput:
    """Converts bytes to Textual events. Times are in seconds of a monotonic clock."""

    def __init__(
        self, takes_text: Callable[[], bool], is_one_line: Callable[[], bool], awaits_reply: Callable[[float], bool]
    ) -> None:
        """Create the input.

        Args:
            takes_text: whether characters are text now.
            is_one_line: whether the field has a single line.
            awaits_reply: whether a query to the terminal is unanswered at a time.
        """
        self._reader = InputReader(ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, awaits_reply)
        self._parser = XTermParser()
        self._bursts = Bursts(takes_text, is_one_line)

    @property
    def wait_s(self) -> float:
        """Seconds after which to call `tick`."""
        return _FAST_TICK_S if self._bursts.waits or self._reader.waits else _SLOW_TICK_S

    def feed(self, data: bytes, now: float) -> list[Message]:
        """Process input read at `now`; return the complete events."""
        pressed = self._reader.overdue(data, now)  # by itself: in a burst, a key would be text
        before = self._bursts.add(self._events(pressed), now) if pressed else []
        return before + self._bursts.add(self._events(self._reader.feed(data, now)), now)

    def tick(self, now: float) -> list[Message]:
        """Return events that are complete because nothing followed."""
        pieces = self._reader.tick(now)
        return self._bursts.add(self._events(pieces), now) if pieces else self._bursts.tick(now)

    def _events(self, pieces: list[Piece]) -> Iterator[Message]:
        for kind, text in pieces:
            if kind is PieceKind.PASTE:
                yield events.Paste(text)
            elif kind is PieceKind.ESCAPE:
                yield events.Key("escape", "\x1b")
            elif kind is PieceKind.TAKEN_BACK:
                yield EscapeTakenBack()
            elif kind in (PieceKind.ALT, PieceKind.QUICK):
                yield from self._with_alt(text, f"\x1b{text}" if kind is PieceKind.QUICK else None)
            elif kind is PieceKind.TEXT:
                for key, character in _keys_of(text):
                    yield events.Key(key, character)
            else:
                yield from self._parser.feed(text)

    def _with_alt(self, text: str, sent: str | None) -> Iterator[Message]:
        """Return the key without a printable character, since alt+letter types nothing."""
        for message in self._parser.feed(text):
            if isinstance(message, events.Key):
                yield events.Key(f"alt+{_shifted(message.key)}", sent)


@lru_cache(maxsize=1024)
def _keys_of(character: str) -> tuple[tuple[str, str | None], ...]:
    """Return a character's keys. Textual's parser takes 40 µs for it, which is half a second for a long paste."""
    parsed = XTermParser().feed(character)
    return tuple((event.key, event.character) for event in parsed if isinstance(event, events.Key))


def _shifted(key: str) -> str:
    return f"shift+{key.lower()}" if len(key) == 1 and key.isupper() else key
