"""Text that comes faster than hands type is a paste, even when the terminal puts no brackets around it.

Dictation, `xdotool type` and tmux's `send-keys -l` send text as if it were typed. In a text field it is text, line
breaks too; in a list it does nothing. It never runs a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

GAP_S = 0.025
"""Seconds between two keys from which on the second begins something new; a held key repeats every 33 ms."""
_LEAST = 4
"""Different characters that hands do not type in one go; a held key gives many of the same."""
_LEAST_BEFORE_BREAK = 2
"""Characters before a line break that make the line pasted."""
_MOST = 8_192
"""Characters after which a part of a long burst is passed on."""
_BREAKS = frozenset({"enter", "ctrl+j", "shift+enter"})


class Bursts:
    """Passes keys on, or gives them as `events.Paste` when they are a burst. Times are seconds of a steady clock."""

    def __init__(self, takes_text: Callable[[], bool]) -> None:
        """Take what says whether characters are text now; where they are commands, they wait for what follows."""
        self._takes_text = takes_text
        self._held: list[events.Key] = []
        self._typed: list[str] = []
        self._text: list[str] = []
        self._is_burst = False
        self._last = 0.0

    @property
    def waits(self) -> bool:
        """Whether `tick` has to be called soon."""
        return bool(self._held or self._text)

    def add(self, messages: Iterable[Message], now: float) -> list[Message]:
        """Take what came together; return what can go on."""
        out = self.tick(now)
        seen = False
        for message in messages:
            if isinstance(message, events.Key):
                seen = True
                self._key(message)
            elif isinstance(message, events.Paste):
                seen = True
                out += self._release()
                out.append(message)
                self._is_burst = True  # what follows an end bracket at once is of the paste
            else:
                out.append(message)
        if seen:
            self._last = now
            out += self._passed()
        return out

    def tick(self, now: float) -> list[Message]:
        """Return what nothing followed; after a gap something new begins."""
        if now - self._last < GAP_S:
            return []
        out = self._release()
        self._typed.clear()
        self._is_burst = False
        return out

    def _key(self, key: events.Key) -> None:
        text = _text_of(key)
        if self._is_burst:
            self._text.append(text)
            return
        self._held.append(key)
        if not text:
            return
        self._typed.append(text)
        if _faster_than_hands(self._typed):
            self._is_burst = True
            self._text = [_text_of(one) for one in self._held]
            self._held.clear()

    def _passed(self) -> list[Message]:
        """Return the keys that need not wait: characters in a text field, keys that are no text."""
        if self._is_burst:
            return self._release() if len(self._text) >= _MOST else []
        plain = "\n\t" if self._takes_text() else None
        for at, key in enumerate(self._held):
            text = _text_of(key)
            if text and (plain is None or text in plain):
                going, self._held = self._held[:at], self._held[at:]
                return list(going)
        return self._release()

    def _release(self) -> list[Message]:
        text = "".join(self._text)
        out: list[Message] = [events.Paste(text)] if text else list(self._held)
        self._text.clear()
        self._held = []
        return out


def _text_of(key: events.Key) -> str:
    if key.key in _BREAKS:
        return "\n"
    if key.key == "tab":
        return "\t"
    return key.character if key.is_printable and key.character else ""


def _faster_than_hands(typed: list[str]) -> bool:
    if len(typed) >= _LEAST and len(set(typed)) > 1:
        return True
    return "\n" in typed and sum(text != "\n" for text in typed) >= _LEAST_BEFORE_BREAK
