"""What the service can do to a finished song: extend it, cover it, part it into stems, whatever it says it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.dispatch.song_edits import asked_fields
from riffusion_tui.jobs.model import Job
from riffusion_tui.services.capabilities import Edit
from riffusion_tui.tui.actions.song import current
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.edit import EditScreen, Filled
from riffusion_tui.tui.screens.picker import Choice, Picker
from riffusion_tui.tui.state.job_row import first_line

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


async def rework(app: RiffusionApp) -> None:
    """Choose what is to be done to the selected song, then fill in how."""
    edits = {edit.name: edit for edit in app.deps.capabilities.edits}
    if not edits:
        app.tell(say("edits.not_here", service=app.deps.service), "waits")
        return
    job = current(app)
    if job is None:
        return
    choices = [Choice(edit.name, edit.name, edit.meaning) for edit in edits.values()]
    picker = Picker(say("edits.pick", id=job.id, title=job.title), choices, ellipsis=app.glyphs.ellipsis)
    chosen = await app.push_screen_wait(picker)
    if chosen:
        song = app.model.song(job)
        await _form(app, job, edits[chosen], Filled(job.prompt, song.lyrics.strip() if song else ""))


async def anew(app: RiffusionApp, job: Job) -> None:
    """Ask for an edit once more, from what it was asked before."""
    options = job.options
    source = app.deps.store.with_remote_id(app.deps.service, options.source or "")
    edit = next((one for one in app.deps.capabilities.edits if one.name == options.operation), None)
    if source is None or edit is None:
        app.tell(say("edits.gone"), "waits")
        return
    await _form(app, source, edit, Filled(job.prompt, options.lyrics or "", dict(options.extra)))


async def _form(app: RiffusionApp, job: Job, edit: Edit, filled: Filled) -> None:
    """Ask for what has few choices one by one, for all else in a form; queue it."""
    given = dict(filled.fields)
    for field in (one for one in edit.fields if one.choices):
        choices = [Choice(one, one) for one in field.choices]
        chosen = given.get(field.name, "")
        picker = Picker(f"{field.name}: {field.meaning}", choices, ellipsis=app.glyphs.ellipsis, chosen=chosen)
        answer = await app.push_screen_wait(picker)
        if answer is None:
            return
        given[field.name] = answer
    fields = asked_fields(edit, given)
    words = " ".join([edit.name, *(given[one.name] for one in fields if one.choices)])

    def send(said: Filled) -> Job:
        return app.deps.job_commands.edit(job.id, edit.name, said.fields, prompt=said.prompt, lyrics=said.lyrics)

    title = say("edits.title", what=words, id=job.id, title=job.title or first_line(job.prompt))
    asked = [one for one in fields if not one.choices]
    made = await app.push_screen_wait(
        EditScreen(app, title, edit, asked, Filled(filled.prompt, filled.lyrics, given), send)
    )
    if made is not None:
        app.look_now()
        app.model.list.select(made.id)
        app.main.jobs.rearranged()
        app.tell(say("make.done", n=1), "done")
