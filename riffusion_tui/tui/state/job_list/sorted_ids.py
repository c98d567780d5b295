"""A list of ids sorted by their jobs; a change costs a binary search and a memory move, not a new sort.

Sort keys aren't stored but computed from the jobs. So an id must be removed before its job changes and inserted again
afterwards.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

Key = tuple[Any, ...]
"""A job's sort key; its last item is the job's id or negative id, which makes it unique."""

_REBUILD_FROM = 64
"""Number of changes above which rebuilding the list is cheaper than moving parts of it."""


class Shift(NamedTuple):
    """The effect of an update on the visible rows."""

    rows: tuple[int, ...] = ()
    """Rows with changed content; they didn't move unless `moved_from` is set."""
    moved_from: int | None = None
    """The first row that may show another job; None if no row moved."""


class SortedIds:
    """Ids sorted by key; `key` returns an id's current sort key."""

    def __init__(self, key: Callable[[int], Key]) -> None:
        self.ids: list[int] = []
        self._key = key

    def row(self, id: int) -> int | None:
        """Return the index of an id, or None."""
        row = self._place(self._key(id))
        return row if row < len(self.ids) and self.ids[row] == id else None

    def _place(self, key: Key, first: int = 0) -> int:
        return bisect_left(self.ids, key, first, key=self._key)

    def take(self, ids: Collection[int]) -> int | None:
        """Remove ids; return the first changed row."""
        if not ids:
            return None
        first = self._place(min(map(self._key, ids)))
        if len(ids) <= _REBUILD_FROM:
            for row in sorted((self._place(self._key(id), first) for id in ids), reverse=True):
                del self.ids[row]
        else:
            gone = frozenset(ids)
            self.ids[first:] = [id for id in self.ids[first:] if id not in gone]
        return first

    def put(self, ids: Collection[int]) -> int | None:
        """Insert ids; return the first changed row."""
        if not ids:
            return None
        groups = list(self._gaps(ids))
        first = groups[0][0]
        if len(groups) <= _REBUILD_FROM:
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
        """Return the rows before which sorted ids belong; consecutive ids often share a row."""
        row, some = 0, list[int]()
        for key, id in sorted((self._key(id), id) for id in ids):
            if row < len(self.ids) and self._key(self.ids[row]) < key:
                if some:
                    yield row, some
                row, some = self._place(key, row), []
            some.append(id)
        yield row, some
