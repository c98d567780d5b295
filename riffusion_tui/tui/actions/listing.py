"""Commands on the job list: marks, filter, order, and other views of the jobs."""

from __future__ import annotations

from collections.abc import Callable

from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.state.job_list.arranged_jobs import ORDERS
from riffusion_tui.tui.workers import in_worker


class ListingActions(MainActions):
    """Mark, filter, sort, follow; open the grid and the dashboard."""

    def action_next_needing_attention(self) -> None:
        """Go to the next job that needs attention."""
        if self._owner.model.next_needing_attention() is None:
            self.show_message(message("attention.none"), "done")
            return
        self.remove_class("-song")
        self.jobs.view.focus()

    def action_open_filter(self) -> None:
        """Open the filter line."""
        self.jobs.open_filter()

    def action_keep_filter(self) -> None:
        """Keep the filter and go to the list."""
        self.jobs.close_filter()

    def action_clear_filter(self) -> None:
        """Clear the filter and go to the list."""
        self.jobs.close_filter(drop=True)

    def action_mark(self) -> None:
        """Mark the job and move to the next row."""
        self.job_list.toggle_mark()
        self.jobs.view.action_step(1)

    def action_mark_all(self) -> None:
        """Mark all shown jobs, or none; those that aren't loaded yet, too."""
        self._owner.read_all()
        self.job_list.mark_all()

    def action_invert_marks(self) -> None:
        """Invert the marks."""
        self._owner.read_all()
        self.job_list.invert()

    def action_clear_marks(self) -> None:
        """Clear the marks, then the filter; never moves the focus. If the filter hides every job, clear it first."""
        if self.job_list.marks and len(self.job_list):
            self.job_list.unmark()
        elif self.job_list.filter:
            self.jobs.close_filter(drop=True)
        else:
            self.show_message(message("jobs.stays", key=self.hint("write")))

    def before_escape(self) -> Callable[[], None]:
        """Return a function that also restores the marks, the filter and the open song."""
        refocus, marks, text = super().before_escape(), set(self.job_list.marks), self.job_list.filter
        song = self.has_class("-song")

        def undo() -> None:
            if text and not self.job_list.filter:
                self.jobs.filter.value = text
                self.jobs.filter.display = True
            self.job_list.mark(marks)
            self.set_class(song, "-song")
            refocus()

        return undo

    @in_worker
    async def action_sort(self) -> None:
        """Choose the sort order."""
        choices = [Choice(name, message(f"sort.{name}"), message(f"sort_help.{name}")) for name in ORDERS]
        answer = await self._owner.pick(message("pick.sort"), choices, chosen=self.job_list.sort)
        if answer:
            self.job_list.set_sort(answer)

    def action_follow(self) -> None:
        """Toggle whether each finished song is selected."""
        self.job_list.follow = not self.job_list.follow
        self.show_message(message("follow.on" if self.job_list.follow else "follow.off"))

    def action_open_grid(self) -> None:
        """Show the selected job's batch as a grid, unless it has one prompt only."""
        if (job := self.current(finished=False)) is None:
            return
        if {(one.service, one.prompt) for one in self.deps.store.batch(job.batch)} <= {(job.service, job.prompt)}:
            self.show_message(message("grid.single"), "waits")
            return
        from riffusion_tui.tui.screens.grid import GridScreen

        self._owner.push_screen(GridScreen(self._owner, job))

    def action_open_dashboard(self) -> None:
        """Show songs by day and by account."""
        from riffusion_tui.tui.screens.dashboard import DashboardScreen

        self._owner.push_screen(DashboardScreen(self._owner))
