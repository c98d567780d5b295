"""Edits of finished songs: extend, cover, stems, and others that the service supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.matrix import escaped
from riffusion_tui.jobs.model import Job
from riffusion_tui.services.capabilities import Capabilities, Edit
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.state.job_list.job_row import first_line
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.screens.edit import Filled


class EditActions(MainActions):
    """Choose an edit, fill in the form, queue it."""

    @in_worker
    async def action_rework(self) -> None:
        """Choose an edit of the selected song and fill in its form."""
        from riffusion_tui.tui.screens.edit import Filled

        edits = {edit.name: edit for edit in (await self._features()).edits}
        if not edits:
            self.show_message(message("edits.not_here", service=self.deps.service), "waits")
            return
        job = self.current()
        if job is None:
            return
        choices = [Choice(edit.name, edit.name, edit.meaning) for edit in edits.values()]
        title = message("edits.pick", id=job.id, title=job.title or first_line(job.prompt))
        chosen = await self._owner.pick(title, choices)
        if chosen:
            song = self._owner.model.song(job)
            await self._form(job, edits[chosen], Filled(job.prompt, song.lyrics.strip() if song else ""))

    async def _features(self, service: str = "") -> Capabilities:
        """Return a service's features; a server that may be a studio is asked once."""
        active = service in ("", self.deps.service)
        can = self.deps.capabilities if active else profile_of(service).capabilities
        return can if can.edits else await self.job_commands.fetch_capabilities(service)

    @in_worker
    async def edit_again(self) -> None:
        """Open the selected edit's form again, filled with its previous values."""
        from riffusion_tui.tui.screens.edit import Filled

        job = self.job_list.current
        options = job.options if job is not None else None
        source = self.deps.store.with_remote_id(self.deps.service, options.source or "") if options else None
        if source is None and job is not None and job.parent is not None and self.deps.capabilities.uploads:
            source = self.deps.store.job(job.parent)
        edit = next((one for one in self.deps.capabilities.edits if options and one.name == options.operation), None)
        if job is None or options is None or source is None or edit is None:
            self.show_message(message("edits.gone"), "waits")
            return
        await self._form(source, edit, Filled(job.prompt, options.lyrics or "", dict(options.extra)))

    @in_worker
    async def action_lock_song(self) -> None:
        """Choose which properties of the selected song the next one keeps, then edit its prompt."""
        from riffusion_tui.dispatch.requests.song_locks import lockable, locked_options, unkept_edits
        from riffusion_tui.tui.screens.lock_picker import LockPicker

        job = self.current()
        if job is None:
            return
        can = await self._features(job.service)  # the prompt goes to the job's own
        song = self._owner.model.song(job)
        locks = lockable(job, song, can)
        if not locks:
            self.show_message(message("locks.none"), "waits")
            return
        title = message("locks.title", id=job.id, title=job.title or first_line(job.prompt))
        lost = unkept_edits(
            job, lambda id: self.deps.store.jobs_by_id([id]).get(id), can, [lock.name for lock in locks]
        )
        screen = LockPicker(title, locks, lost, ellipsis=self._owner.glyphs.ellipsis)
        names = await self._owner.push_screen_wait(screen)
        if names is None:
            return
        self.draft.lock(job, locked_options(job, song, can, names))
        self.put_prompt(job)
        form = "locks.set" if names else "locks.free"
        self.show_message(message(form, names=", ".join(names), key=self.hint("make")), "done")

    def put_prompt(self, job: Job) -> None:
        """Load a job's prompt into the editor; the previous text goes into the history."""
        editor = self.prompt.editor
        if editor.text.strip() and editor.text.strip() != job.prompt.strip():
            self.deps.store.remember_prompt(editor.text.strip("\n"))
        elsewhere = "" if job.service == self.deps.service else f" @{job.service}"
        editor.put(escaped(job.prompt) + elsewhere)
        self.remove_class("-song")
        editor.focus()

    async def _form(self, job: Job, edit: Edit, filled: Filled) -> None:
        """Ask for fields with choices one by one, for the others in a form; queue the edit."""
        from riffusion_tui.dispatch.requests.song_edits import visible_fields, with_choices
        from riffusion_tui.tui.screens.edit import EditScreen, Filled

        given = dict(filled.fields)
        edit = edit._replace(fields=with_choices(edit.fields, self._owner.model.song(job)))
        for field in (one for one in edit.fields if one.choices):
            choices = [Choice(one, one) for one in field.choices]
            title = f"{edit.name} {field.label}" if field.listed else f"{field.label}: {field.meaning}"
            answer = await self._owner.pick(title, choices, chosen=given.get(field.name, ""))
            if answer is None:
                return
            given[field.name] = answer
        fields = visible_fields(edit, given)
        words = " ".join([edit.name, *(given[one.name] for one in fields if one.choices)])

        def send(form: Filled) -> Job:
            return self.job_commands.edit(job.id, edit.name, form.fields, prompt=form.prompt, lyrics=form.lyrics)

        title = message("edits.title", what=words, id=job.id, title=job.title or first_line(job.prompt))
        in_form = [one for one in fields if not one.choices]
        form = EditScreen(self._owner, title, edit, in_form, Filled(filled.prompt, filled.lyrics, given), send)
        made = await self._owner.push_screen_wait(form)
        if made is not None:
            self.undo_steps.note_made([made.id])
            self.job_list.select(made.id)
            self.show_message(message("make.done", n=1), "done")
