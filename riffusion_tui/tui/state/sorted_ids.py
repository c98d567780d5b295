"""Ids kept sorted by what their jobs say: a change costs its own place and a move of memory, not a new order.

No key is kept beside an id: a place is found by asking the jobs on the way to it. So an id is taken out while its job
still says what it was put in by, and put in again once it says the new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

Key = tuple[Any, ...]
"""What a job is sorted by; its last part is the job's id, or its negative, so that no two are the same."""

_MANY = 64
"""Places at once from which to write the list anew is cheaper than to move what follows each."""


class Shift(NamedTuple):
    """What an update did to the visible rows."""

    rows: tuple[int, ...] = ()
    """Rows that say something else now; nothing moved, unless `moved_from` says so."""
    moved_from: int | None = None
    """The first row that may hold another job than before; None where every row kept its job."""


class SortedIds:
    """Ids in the order of their keys; `key` says what an id is sorted by now."""

    def __init__(self, key: Callable[[int], Key]) -> None:
        self.ids: list[int] = []
        self._key = key

    def row(self, id: int) -> int | None:
        """Return where an id stands, or None."""
        row = self._place(self._key(id))
        return row if row < len(self.ids) and self.ids[row] == id else None

    def _place(self, key: Key, first: int = 0) -> int:
        return bisect_left(self.ids, key, first, key=self._key)

    def take(self, ids: Collection[int]) -> int | None:
        """Take out ids that are here; return the first row that changed."""
        if not ids:
            return None
        first = self._place(min(map(self._key, ids)))
        if len(ids) <= _MANY:
            for row in sorted((self._place(self._key(id), first) for id in ids), reverse=True):
                del self.ids[row]
        else:
            gone = frozenset(ids)
            self.ids[first:] = [id for id in self.ids[first:] if id not in gone]
        return first

    def put(self, ids: Collection[int]) -> int | None:
        """Put in ids that are not here; return the first row that changed."""
        if not ids:
            return None
        groups = list(self._gaps(ids))
        first = groups[0][0]
        if len(groups) <= _MANY:
            for row, some in reversed(groups):
                self.ids[row:row] = some
        else:
            merged: list[int] = []
            for (row, some), (then, _) in pairwise([*groups, (len(self.ids), [])]):
                merged += some
                merged += self.ids[row:then]
            self.ids[first:] = merged
        return first

    def _gaps(self, ids: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
        """Say before which rows ids belong, in their order: many that come together often share one."""
        row, some = 0, list[int]()
        for key, id in sorted((self._key(id), id) for id in ids):
            if row < len(self.ids) and self._key(self.ids[row]) < key:
                if some:
                    yield row, some
                row, some = self._place(key, row), []
            some.append(id)
        yield row, some
