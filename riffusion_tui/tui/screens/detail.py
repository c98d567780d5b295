"""Everything about a job, what is asked for most first: request and file, result, origin, timeline, ids, record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from riffusion_tui.dispatch.requests.song_locks import lost_edits
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.store import NoSuchJob
from riffusion_tui.tui.actions.shown_song import ShownSongActions
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.screens.framed import FramedScreen
from riffusion_tui.tui.state.job_list.job_row import edit_of
from riffusion_tui.tui.state.job_list.job_situation import timeline
from riffusion_tui.tui.state.offered_commands import CommandAvailability
from riffusion_tui.tui.state.shaded_lines import Lines, label
from riffusion_tui.tui.state.song.lineage import OPTION_NAMES, ancestors, describe_changes, option_text
from riffusion_tui.tui.state.song.song_facts import Facts
from riffusion_tui.tui.state.song.song_lines import head, result
from riffusion_tui.tui.state.times import clock
from riffusion_tui.tui.widgets.lines_view import SCROLLING, LinesView
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.undo_app import UndoApp


class DetailView(LinesView):
    """The scrolling lines."""

    BINDINGS = [*SCROLLING, *bindings(CommandScope.DETAIL)]


class DetailScreen(ShownSongActions, FramedScreen):
    """One job, in sections."""

    SCOPES = (CommandScope.DETAIL, CommandScope.SCREENS)

    _owner: UndoApp

    def __init__(self, app: UndoApp, job_id: int) -> None:
        super().__init__(app, DetailView(), id="detail")
        self.job_id = job_id
        self._offer(self.job)

    @property
    def job(self) -> Job | None:
        """The job; None if it was deleted."""
        return self._owner.model.list.jobs.get(self.job_id)

    @on(ModelChanged)
    def _model_changed(self, event: ModelChanged) -> None:
        if any(job.id == self.job_id for job in event.change.jobs):
            self.show()
        else:
            self._offer(self.job)  # another take may be finished

    def player_moved(self) -> None:
        """Show what plays."""
        super().player_moved()
        self._show_play_key()

    def _offer(self, job: Job | None) -> None:
        """Show the keys that do something for the job."""
        ids = self._take_ids(job)
        at = ids.index(self.job_id) if self.job_id in ids else None
        lacks = {
            "detail.curl": self._owner.deps.callbacks.curl is None,
            "detail.play": job is None or not job.file,
            "detail.save": job is None or not job.file,
            "detail.before": at in (None, 0),
            "detail.after": at in (None, len(ids) - 1),
        }
        useless = frozenset(id for id, lacking in lacks.items() if lacking)
        self._foot.follow(self.SCOPES[:1], CommandAvailability(unsupported=useless))
        self._show_play_key()

    def _take_ids(self, job: Job | None) -> list[int]:
        return [one.id for one in self._owner.model.takes_of(job)] if job is not None else []

    def _show_play_key(self) -> None:
        self._foot.show_playing(playing=self._owner.playback.sounds(self.job_id))

    # -- commands

    @in_worker
    async def action_play(self) -> None:
        """Play, pause or resume the song."""
        if (job := self.finished_job()) is not None:
            await self._owner.playback.play(job)

    def action_copy_curl(self) -> None:
        """Copy the request as a curl command."""
        curl = self._owner.deps.callbacks.curl
        self._owner.copy_text(curl(self.job_id) if curl is not None else "", message("copy.curl"))

    def action_copy_raw(self) -> None:
        """Copy the service's raw record."""
        self._owner.copy_text(self.raw(), message("copy.raw"))

    @in_worker
    async def action_pager(self) -> None:
        """Show everything in $PAGER."""
        from riffusion_tui.tui.external_editor import paged

        await paged(self._owner, self._view.text())

    def action_previous_take(self) -> None:
        """Show the previous take."""
        self._go(-1)

    def action_next_take(self) -> None:
        """Show the next take."""
        self._go(1)

    def _go(self, step: int) -> None:
        ids = self._take_ids(self.job)
        if self.job_id not in ids or not 0 <= ids.index(self.job_id) + step < len(ids):
            self._owner.show_message(message("detail.no_other"))
            return
        self.job_id = ids[ids.index(self.job_id) + step]
        self.show(home=True)

    # -- drawing

    def show(self, *, home: bool = False) -> None:
        """Draw all sections; with `home`, from the top."""
        job = self.job
        self._offer(job)
        if job is None:
            self._view.put([], [[(message("detail.gone"), "dim")]])
            return
        self._pane.border_title = Content(message("detail.title", id=job.id))
        model = self._owner.model
        facts = Facts(model.shown(job), model.song(job), model.wait(job), None, len(model.takes_of(job)), model.now)
        wide = max(1, self._view.content_region.width - 1)
        lines: Lines = [*head(facts, wide, 2, self._owner.glyphs), []]
        for title, section in (
            ("request", self._request_lines(job)),
            ("song", result(facts, self.hint, wide)),
            ("lineage", self._lineage(job)),
            ("timeline", timeline(model.deps.store.timeline(job.id), job.created_at, model.names)),
            ("ids", self._ids(job)),
            ("raw", _raw_lines(self.raw())),
        ):
            if section:
                lines += [[(message(f"detail.{title}"), "focus")], *section, []]
        self._view.put([], lines, home=home)

    def _request_lines(self, job: Job) -> Lines:
        """Return the request: the prompt, all options that aren't defaults, who made it, and its file."""
        rows = {OPTION_NAMES.get(name, name): option_text(name, value) for name, value in _given(job.options).items()}
        if width(job.title) > self._view.content_region.width // 2:
            rows["title"] = job.title  # the first line may have cut it
        if edit := edit_of(job):
            rows["edit"] = edit
        rows |= {
            "file": job.file,
            "created": clock(job.created_at, self._owner.model.now),
            "service": job.service,
            "account": self._owner.model.names.get(_account(job), ""),
        }
        return [[(line, "ink")] for line in job.prompt.split("\n")] + _rows(rows)

    def _ids(self, job: Job) -> Lines:
        """Return what programs know the job by."""
        return _rows(
            {
                "replyRef": self._owner.model.deps.store.job(job.id).ref,  # the list's rows don't have it
                "job_id": job.remote_id or "",
                "source": job.options.source or "",
                "user_id": _account(job),
                "tries": str(job.tries) if job.tries else "",
                "sha256": job.sha256,
            }
        )

    def _lineage(self, job: Job) -> Lines:
        lost = lost_edits(job, self._found)
        lines: Lines = [[(lost, "attention")]] if lost else []
        later = job
        for earlier in ancestors(job, self._found):
            what = later.options.operation
            again = message("lineage.edit" if what else "lineage.again", later=later.id, earlier=earlier.id, what=what)
            lines += [
                [(again, "soft")],
                *describe_changes(self._owner.model.shown(earlier), self._owner.model.shown(later)),
            ]
            later = earlier
        others = [one for one in self._owner.model.takes_of(job) if one.id != job.id]
        if others and later is job:
            other = others[-1]
            lines += [
                [(message("lineage.beside", other=other.id), "soft")],
                *describe_changes(self._owner.model.shown(other), self._owner.model.shown(job)),
            ]
        return lines

    def _found(self, id: int) -> Job | None:
        """Return a job, even if it is no longer listed, e.g. a refused one that was replaced."""
        try:
            return self._owner.model.list.jobs.get(id) or self._owner.model.deps.store.job(id)
        except NoSuchJob:
            return None

    def raw(self) -> str:
        """Return the service's record as JSON text, or an empty string."""
        job = self._owner.model.list.jobs.get(self.job_id)
        song = self._owner.model.song(job) if job is not None else None
        return json.dumps(song.raw, indent=2, ensure_ascii=False) if song is not None and song.raw else ""


def _raw_lines(text: str) -> Lines:
    """Return JSON text as lines."""
    return [[(line, "dim")] for line in text.split("\n")] if text else []


def _given(options: Options) -> dict[str, object]:
    """Return the options that aren't defaults; the account and an edit's song have their own rows."""
    defaults = Options._field_defaults
    own = ("account", "operation", "source")
    return {name: value for name, value in options._asdict().items() if name not in own and value != defaults[name]}


def _account(job: Job) -> str:
    return job.account or job.options.account or ""


def _rows(rows: Mapping[str, str]) -> Lines:
    """Return labels and their values, in columns; those without a value are left out."""
    return [[label(name), (text, "soft")] for name, text in rows.items() if text]
