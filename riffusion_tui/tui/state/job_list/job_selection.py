"""The job list of the screen: the arranged jobs, marks, and a selection that stays on its job."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_ATTENTION, Status
from riffusion_tui.tui.state.job_list.arranged_jobs import ArrangedJobs
from riffusion_tui.tui.state.job_list.sorted_ids import Shift


class JobList(ArrangedJobs):
    """Jobs in display order, one selected, any marked."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: set[int] = set()
        self.selected: int | None = None
        self._wanted: int | None = None
        """The job to select as soon as it is loaded."""

    def update(self, changed: Iterable[Job], deleted: Iterable[int] = ()) -> Shift:
        """Apply changes from the store; keep the selection and the marks on their jobs."""
        deleted = tuple(deleted)
        row = self.row_of(self.selected)
        shift = super().update(changed, deleted)
        self.marks.difference_update(id for id in deleted if id not in self.jobs)
        self._keep_selection(row)
        if self._wanted in self.jobs and self._wanted is not None:
            self.select(self._wanted)
        return shift

    def arrange(self) -> bool:
        """Compute the next slice of a new order; return False if nothing is left."""
        if not self.arranging:
            return False
        row = self.row_of(self.selected)
        if super().arrange():
            return True
        self._keep_selection(row)
        return False

    @property
    def current(self) -> Job | None:
        """The selected job."""
        return self.jobs.get(self.selected) if self.selected is not None else None

    def chosen(self) -> tuple[int, ...]:
        """Return the jobs a command acts on: the marked ones in display order, or the selected one."""
        self.finish()
        if self.marks:
            shown = [id for id in self.order if id in self.marks]
            return tuple(shown + sorted(self.marks.difference(shown)))
        return (self.selected,) if self.selected in self.jobs and self.selected is not None else ()

    def statuses(self) -> frozenset[Status]:
        """Return the states of the jobs a command acts on; works even while a new order is incomplete."""
        if self.marks:
            return frozenset(self.jobs[id].status for id in self.marks)
        return frozenset() if self.current is None else frozenset({self.current.status})

    def _keep_selection(self, row: int | None) -> None:
        """Keep the selection on its job; if it is gone, on its row; if there was none, select the first."""
        if self.selected in self.jobs and self.row_of(self.selected) is not None:
            return
        if not self.order:
            self.selected = None
        else:
            self.selected = self.order[min(row or 0, len(self.order) - 1)]

    def step(self, rows: int) -> None:
        """Move the selection by `rows`; stops at the ends."""
        if self.order:
            row = self.row_of(self.selected) or 0
            self.selected = self.order[min(len(self.order) - 1, max(0, row + rows))]

    def select(self, id: int) -> None:
        """Select a job unless the filter hides it; if it isn't loaded yet, select it later."""
        self._wanted = id if id not in self.jobs else None
        if self.row_of(id) is not None:
            self.selected = id
            self.touched = True

    def toggle_mark(self) -> None:
        """Toggle the selected job's mark."""
        if self.selected is not None:
            self.marks ^= {self.selected}
            self.touched = True

    def mark_all(self) -> None:
        """Mark all shown jobs; if all are marked, unmark them."""
        self.finish()
        shown = set(self.order)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
        self.touched = True

    def mark(self, ids: Iterable[int]) -> None:
        """Mark these jobs, except deleted ones, and no others."""
        self.marks = {id for id in ids if id in self.jobs}
        self.touched = True

    def unmark(self) -> None:
        """Clear all marks."""
        self.marks.clear()
        self.touched = True

    def invert(self) -> None:
        """Invert the marks of the shown jobs."""
        self.finish()
        self.marks ^= set(self.order)
        self.touched = True

    def next_needing_attention(self, held: Sequence[int] = ()) -> int | None:
        """Select and return the next job below (then from the top) that needs attention; after the last one, `held`."""
        self.finish()
        needs = {id: row for row, id in enumerate(self.order) if self.jobs[id].status in NEEDS_ATTENTION}
        found = [*needs, *held]
        if not found:
            return None
        if self.selected in found:
            place = (found.index(self.selected) + 1) % len(found)
        else:
            here = self.row_of(self.selected) or 0
            place = next((place for place, row in enumerate(needs.values()) if row > here), 0)
        self.selected = found[place]
        self.touched = True
        return self.selected
