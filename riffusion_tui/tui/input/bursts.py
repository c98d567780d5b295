"""Treat text that arrives faster than typing as a paste, even without bracketed paste.

Dictation, `xdotool type` and tmux's `send-keys -l` send text as key presses. In a text field it is inserted, including
line breaks; in a list it is ignored. Fast typing, and typing over a slow connection, looks the same; therefore some
keys are key presses nevertheless:

- outside text fields, a few ASCII characters in one line: terminals bracket pastes, so these were typed;
- keys that edit a text field, such as backspace;
- keys that are no text, such as F5, at the end of a burst that may have been typed: a few words in one line. At the end
  of a longer one they must arrive by themselves, since a paste of a log may end in any bytes;
- in a single-line field, an enter that arrives separately after a burst, with nothing after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

GAP_S = 0.025
"""Gap between two keys, in seconds, that ends a burst; a held key repeats every 33 ms."""
_TYPED_GAP_S = 0.013
"""Minimum gap before a key that was pressed by hand after a burst, in seconds; `xdotool type` leaves 12 ms."""
_MIN_BURST = 4
"""Number of different characters in a burst that makes it a paste; a held key repeats the same character."""
_MIN_BEFORE_BREAK = 2
"""Number of characters before a line break that makes the line a paste."""
_FOCUS_MOVES_S = 0.25
"""Time after a key that is no character, in seconds, in which the focus may not have moved yet."""
_MAX_TYPED = 64
"""Number of characters that may be typed while a slow connection stalls."""
_MAX_KEYS = 8
"""Longest burst that counts as keys outside text fields, in characters; pasted lines are usually longer."""
_PASTE_GOES_ON_S = 1.0
"""Time after a paste, in seconds, in which such a burst is the rest of it, which a slow line held back."""
_MAX_BURST = 8_192
"""Length after which the beginning of a long burst is passed on."""
_BREAKS = frozenset({"enter", "ctrl+j", "shift+enter"})
_EDITS = frozenset({"backspace", "delete", "left", "right", "home", "end", "ctrl+w", "ctrl+u", "ctrl+k"})


class Bursts:
    """Passes keys on, or converts bursts to `events.Paste`. Times are in seconds of a monotonic clock."""

    def __init__(self, takes_text: Callable[[], bool], is_one_line: Callable[[], bool]) -> None:
        """Take callbacks that return whether characters are text now, and whether the field has a single line.

        Outside text fields, characters are delayed to see what follows.
        """
        self._takes_text = takes_text
        self._is_one_line = is_one_line
        self._enter: events.Key | None = None
        self._held: list[events.Key] = []
        self._typed: list[str] = []
        self._burst: list[events.Key] = []
        self._separate: list[events.Key] = []
        """Keys of the burst that are no text and arrived by themselves."""
        self._is_burst = False
        self._is_paste = False
        """Whether hands can't have typed the burst."""
        self._last = 0.0
        self._ignored = -_PASTE_GOES_ON_S
        """When a paste outside text fields was passed on."""
        self._acted = -_FOCUS_MOVES_S
        """When a key that may move the focus was passed on."""

    @property
    def waits(self) -> bool:
        """Whether `tick` must be called soon."""
        return bool(self._held or self._burst)

    def add(self, messages: Iterable[Message], now: float) -> list[Message]:
        """Process events that arrived together; return those to pass on."""
        out = self.tick(now)
        messages = list(messages)
        self._enter = self._pressed_enter(messages, now)
        keys = [message for message in messages if isinstance(message, events.Key)]
        has_text = any(map(_text_of, keys)) or any(isinstance(message, events.Paste) for message in messages)
        if now - self._last >= _TYPED_GAP_S and not has_text:
            self._separate += keys
        seen = False
        for message in messages:
            if isinstance(message, events.Key):
                seen = True
                self._key(message)
            elif isinstance(message, events.Paste):
                seen = True
                out += self._end(now)
                out.append(message)
                self._is_burst = self._is_paste = True  # text right after an end bracket belongs to the paste
            else:
                out.append(message)
        if seen:
            self._last = now
            out += self._passed(now)
        return out

    def tick(self, now: float) -> list[Message]:
        """Return events that nothing followed; after a gap a new burst starts."""
        if now - self._last < GAP_S:
            return []
        enter = self._enter if self._is_burst and self._is_one_line() else None
        if enter is not None:
            self._burst.pop()
        out = self._end(now) if self.waits else []
        if enter is not None:
            out.append(enter)
        self._enter = None
        self._typed.clear()
        self._separate.clear()
        self._is_burst = self._is_paste = False
        return out

    def _pressed_enter(self, messages: list[Message], now: float) -> events.Key | None:
        """Return an enter pressed by hand after a quickly typed line: the first, alone, after a short gap."""
        if len(messages) != 1 or now - self._last < _TYPED_GAP_S or "\n" in [*self._typed, *map(_text_of, self._burst)]:
            return None
        key = messages[0]
        return key if self._typed and isinstance(key, events.Key) and key.key == "enter" else None

    def _key(self, key: events.Key) -> None:
        text = _text_of(key)
        if self._is_burst:
            self._burst.append(key)
            return
        self._held.append(key)
        if not text:
            return
        self._typed.append(text)
        if _too_fast_for_typing(self._typed):
            self._is_burst = True
            self._burst, self._held = self._held, []

    def _passed(self, now: float) -> list[Message]:
        """Return the keys that need no delay: characters in a text field, and non-text keys."""
        if self._is_burst:
            if len(self._burst) < _MAX_BURST:
                return []
            self._is_paste = True
            return self._release(now)
        if any(not _text_of(key) for key in self._held):
            self._acted = now
        plain = "\n\t" if self._takes_text() and now - self._acted >= _FOCUS_MOVES_S else None
        for at, key in enumerate(self._held):
            text = _text_of(key)
            if text and (plain is None or text in plain):
                going, self._held = self._held[:at], self._held[at:]
                return list(going)
        return self._release(now)

    def _release(self, now: float) -> list[Message]:
        """Return the delayed keys; those of a burst as pastes, with the keys that edit between them."""
        out: list[Message] = list(self._held)
        if self._are_keys(now):
            out += self._burst
            self._held, self._burst = [], []
            return out
        edits = _EDITS if self._takes_text() else frozenset()
        text = ""
        for key in self._burst:
            if key.key not in edits:
                text += _text_of(key)
                continue
            if text:
                out.append(events.Paste(text))
            out.append(key)
            text = ""
        if text:
            out.append(events.Paste(text))
            self._ignored = self._ignored if edits else now
        self._held, self._burst = [], []
        return out

    def _end(self, now: float) -> list[Message]:
        """Return the delayed keys, and those pressed after the last character of a burst."""
        last = max((at for at, key in enumerate(self._burst) if _text_of(key)), default=-1)
        after, self._burst = self._burst[last + 1 :], self._burst[: last + 1]
        if self._is_paste or not self._may_be_typed():
            after = [key for key in after if key in self._separate]
        if after:
            self._acted = now
        return [*self._release(now), *after]

    def _are_keys(self, now: float) -> bool:
        """Whether the burst is a few keys for a list, not a paste."""
        if self._is_paste or now - self._ignored < _PASTE_GOES_ON_S:
            return False
        if len(self._burst) > _MAX_KEYS or self._takes_text():
            return False
        return all(text.isascii() and text.isprintable() and text for text in map(_text_of, self._burst))

    def _may_be_typed(self) -> bool:
        """Whether the burst is short and in one line."""
        texts = [_text_of(key) for key in self._burst]
        return len(texts) <= _MAX_TYPED and "\n" not in texts


def _text_of(key: events.Key) -> str:
    if key.key in _BREAKS:
        return "\n"
    if key.key == "tab":
        return "\t"
    return key.character if key.is_printable and key.character else ""


def _too_fast_for_typing(typed: list[str]) -> bool:
    if len(typed) >= _MIN_BURST and len(set(typed)) > 1:
        return True
    return "\n" in typed and sum(text != "\n" for text in typed) >= _MIN_BEFORE_BREAK
