"""Textual's events of what a terminal sends: whole pieces only, pastes as pastes, bursts as pastes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual import events
from textual.message import Message

from riffusion_tui.tui.input_bursts import Bursts
from riffusion_tui.tui.input_reader import InputReader, Piece, PieceKind
from riffusion_tui.tui.textual_private import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, XTermParser

_SOON_S = 0.01
_LATER_S = 0.1


class TerminalInput:
    """Takes bytes, gives Textual's events. Times are seconds of a steady clock."""

    def __init__(self, takes_text: Callable[[], bool], is_one_line: Callable[[], bool]) -> None:
        """Take what says whether characters are text now, and not commands, and whether the text is one line."""
        self._reader = InputReader(ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS)
        self._parser = XTermParser()
        self._bursts = Bursts(takes_text, is_one_line)

    @property
    def wait_s(self) -> float:
        """Seconds after which to call `tick`."""
        return _SOON_S if self._bursts.waits or self._reader.waits else _LATER_S

    def feed(self, data: bytes, now: float) -> list[Message]:
        """Take what was read at `now`; return what can go on."""
        return self._bursts.add(self._events(self._reader.feed(data, now)), now)

    def tick(self, now: float) -> list[Message]:
        """Return what can go on since nothing followed it."""
        pieces = self._reader.tick(now)
        return self._bursts.add(self._events(pieces), now) if pieces else self._bursts.tick(now)

    def _events(self, pieces: list[Piece]) -> Iterator[Message]:
        for kind, text in pieces:
            if kind is PieceKind.PASTE:
                yield events.Paste(text)
            elif kind is PieceKind.ESCAPE:
                yield events.Key("escape", "\x1b")
            elif kind is PieceKind.ALT:
                for message in self._parser.feed(text):
                    if isinstance(message, events.Key):  # no character: alt+letter types nothing
                        yield events.Key(f"alt+{_shifted(message.key)}", None)
            else:
                yield from self._parser.feed(text)


def _shifted(key: str) -> str:
    return f"shift+{key.lower()}" if len(key) == 1 and key.isupper() else key
