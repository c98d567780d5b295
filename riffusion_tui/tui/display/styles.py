"""Style numbers, and the shortest escape sequence from one style to another."""

from __future__ import annotations

from collections import deque

from riffusion_tui.tui.display.palette256 import nearest

UNKNOWN = -1
"""The style of a cell with unknown content."""
PLAIN = 0
"""The terminal's default colors, no attributes."""

_Parts = tuple[frozenset[str], str, str]
"""Attributes, foreground, background, as SGR codes; an empty color is the terminal's own."""
_ATTRIBUTES = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53"})
_FOREGROUNDS = frozenset(str(code) for code in [*range(30, 38), *range(90, 98)])
_BACKGROUNDS = frozenset(str(code) for code in [*range(40, 48), *range(100, 108)])
_SEEN_ON_SPACE = frozenset({"4", "5", "6", "7", "9", "21", "51", "52", "53"})
"""Attributes visible on a blank cell: underline, blink, reverse, strike, frame, overline."""


class StyleTable:
    """Assigns a small number to each distinct style."""

    def __init__(self, *, colors_256: bool) -> None:
        self._colors_256 = colors_256
        self._styled: dict[tuple[int, str], int] = {}
        self._by_parts: dict[_Parts, int] = {(frozenset(), "", ""): PLAIN}
        self._parts: list[_Parts] = [(frozenset(), "", "")]
        self._on_space: dict[int, int] = {}
        self._deltas: dict[tuple[int, int], str] = {}

    def styled(self, number: int, codes: str) -> int:
        """Return the style after an SGR sequence with these codes, given the style `number` before it."""
        known = self._styled.get((number, codes))
        if known is None:
            known = self._styled[number, codes] = self._intern(self._apply(self._parts[number], codes))
        return known

    def on_space(self, number: int) -> int:
        """Return the style of a blank cell in this style, whose foreground isn't visible."""
        known = self._on_space.get(number)
        if known is None:
            attributes, _, background = self._parts[number]
            seen = attributes & _SEEN_ON_SPACE
            known = number if seen else self._intern((frozenset(), "", background))
            self._on_space[number] = known
        return known

    def erases(self, number: int) -> bool:
        """Whether erasing in this style looks like a blank: it has only a background."""
        attributes, foreground, _ = self._parts[number]
        return not attributes and not foreground

    def delta(self, now: int, then: int) -> str:
        """Return the sequence that changes the style from `now` to `then`; empty if they are equal."""
        if now == then:
            return ""
        known = self._deltas.get((now, then))
        if known is None:
            known = self._deltas[now, then] = self._make_delta(now, then)
        return known

    def _make_delta(self, now: int, then: int) -> str:
        attributes, foreground, background = self._parts[then]
        whole = f"\x1b[{';'.join(['0', *sorted(attributes), *filter(None, (foreground, background))])}m"
        if now == UNKNOWN:
            return whole
        had_attributes, had_foreground, had_background = self._parts[now]
        if had_attributes - attributes:
            return whole
        codes = sorted(attributes - had_attributes)
        if foreground != had_foreground:
            codes.append(foreground or "39")
        if background != had_background:
            codes.append(background or "49")
        return min(f"\x1b[{';'.join(codes)}m", whole, key=len)

    def _intern(self, parts: _Parts) -> int:
        known = self._by_parts.get(parts)
        if known is None:
            known = self._by_parts[parts] = len(self._parts)
            self._parts.append(parts)
        return known

    def _apply(self, parts: _Parts, codes: str) -> _Parts:
        attributes, foreground, background = parts
        left = deque(codes.split(";"))
        while left:
            code = left.popleft()
            if code in ("", "0"):
                attributes, foreground, background = frozenset(), "", ""
            elif code in _ATTRIBUTES:
                attributes |= {code}
            elif code in ("38", "39") or code in _FOREGROUNDS:
                foreground = self._color(code, left)
            elif code in ("48", "49") or code in _BACKGROUNDS:
                background = self._color(code, left)
        return attributes, foreground, background

    def _color(self, code: str, left: deque[str]) -> str:
        """Return the codes of a color that begins with `code`, reduced to what the terminal has."""
        if code in ("39", "49"):  # what a reset leaves: naming it again would only cost bytes
            return ""
        if code not in ("38", "48"):
            return code
        kind = left.popleft()
        values = [left.popleft() for _ in range(1 if kind == "5" else 3)]
        if kind == "2" and self._colors_256:
            kind, values = "5", [str(nearest(*map(int, values)))]
        return ";".join([code, kind, *values])
