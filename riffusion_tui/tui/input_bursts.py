"""Text that comes faster than hands type is a paste, even when the terminal puts no brackets around it.

Dictation, `xdotool type` and tmux's `send-keys -l` send text as if it were typed. In a text field it is text, line
breaks too; in a list it does nothing. It never runs a command. Fast hands do end a line: in a field of one line, an
enter that comes on its own after a burst, and that nothing follows, is the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

GAP_S = 0.025
"""Seconds between two keys from which on the second begins something new; a held key repeats every 33 ms."""
_HANDS_S = 0.013
"""Seconds before an enter from which on hands may have pressed it; `xdotool type` leaves 12 ms."""
_LEAST = 4
"""Different characters that hands do not type in one go; a held key gives many of the same."""
_LEAST_BEFORE_BREAK = 2
"""Characters before a line break that make the line pasted."""
_MOST = 8_192
"""Characters after which a part of a long burst is passed on."""
_BREAKS = frozenset({"enter", "ctrl+j", "shift+enter"})


class Bursts:
    """Passes keys on, or gives them as `events.Paste` when they are a burst. Times are seconds of a steady clock."""

    def __init__(self, takes_text: Callable[[], bool], is_one_line: Callable[[], bool]) -> None:
        """Take what says whether characters are text now, and whether the text is one line.

        Where characters are commands, they wait for what follows.
        """
        self._takes_text = takes_text
        self._is_one_line = is_one_line
        self._enter: events.Key | None = None
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
        messages = list(messages)
        self._enter = self._pressed_enter(messages, now)
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
        enter = self._enter if self._is_burst and self._is_one_line() else None
        if enter is not None:
            self._text.pop()
        out = self._release()
        if enter is not None:
            out.append(enter)
        self._enter = None
        self._typed.clear()
        self._is_burst = False
        return out

    def _pressed_enter(self, messages: list[Message], now: float) -> events.Key | None:
        """Return the enter that hands may have pressed after a line typed fast: the first, alone and not at once."""
        if len(messages) != 1 or now - self._last < _HANDS_S or "\n" in self._typed + self._text:
            return None
        key = messages[0]
        return key if self._typed and isinstance(key, events.Key) and key.key == "enter" else None

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
