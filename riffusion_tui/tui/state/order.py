"""Ids kept sorted by their keys: a change costs its own place and a move of memory, not a new order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Key = tuple[Any, ...]
"""What a job is sorted by; its last part is the job's id, or its negative, so that no two are the same."""

_MANY = 64
"""Keys at once from which to sort them in is cheaper than to place each."""


class Shift(NamedTuple):
    """What an update did to the visible rows."""

    rows: tuple[int, ...] = ()
    """Rows that say something else now; nothing moved, unless `moved_from` says so."""
    moved_from: int | None = None
    """The first row that may hold another job than before; None where every row kept its job."""


class Order:
    """Ids in the order of their keys."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.key_of: dict[int, Key] = {}
        self._keys: list[Key] = []

    def row(self, id: int) -> int | None:
        """Return where an id stands, or None."""
        key = self.key_of.get(id)
        return None if key is None else bisect_left(self._keys, key)

    def keys(self) -> list[Key]:
        """Return the keys as they stand now."""
        return self._keys.copy()

    def append(self, keys: Iterable[Key]) -> None:
        """Add keys that all come after those that are here, in order."""
        for key in keys:
            id = abs(key[-1])
            self._keys.append(key)
            self.ids.append(id)
            self.key_of[id] = key

    def place(self, wanted: Mapping[int, Key | None]) -> Shift:
        """Give each id its key; None takes it out."""
        stay, leave, enter = [], [], []
        for id, key in wanted.items():
            before = self.key_of.get(id)
            if before != key:
                if before is not None:
                    leave.append(id)
                if key is not None:
                    enter.append(key)
            elif before is not None:
                stay.append(before)
        moved = [row for row in (self._take(leave), self._put(enter)) if row is not None]
        return Shift(tuple(bisect_left(self._keys, key) for key in stay), min(moved, default=None))

    def _take(self, ids: list[int]) -> int | None:
        """Take ids out; return the first row that changed."""
        if not ids:
            return None
        rows = [bisect_left(self._keys, self.key_of.pop(id)) for id in ids]
        rows.sort()
        if len(rows) <= _MANY:
            for row in reversed(rows):
                del self._keys[row], self.ids[row]
        else:
            first = rows[0]
            self._keys[first:] = [key for key in self._keys[first:] if abs(key[-1]) in self.key_of]
            self.ids[first:] = [id for id in self.ids[first:] if id in self.key_of]
        return rows[0]

    def _put(self, keys: list[Key]) -> int | None:
        """Put keys in; return the first row that changed."""
        if not keys:
            return None
        keys.sort()
        first = bisect_left(self._keys, keys[0])
        if len(keys) <= _MANY:
            for key in keys:
                row = bisect_left(self._keys, key, first)
                self._keys.insert(row, key)
                self.ids.insert(row, abs(key[-1]))
        else:  # two sorted runs, which sorting makes use of
            self._keys[first:] = sorted(self._keys[first:] + keys)
            self.ids[first:] = [abs(key[-1]) for key in self._keys[first:]]
        self.key_of.update((abs(key[-1]), key) for key in keys)
        return first
