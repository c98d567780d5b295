"""What can be done to jobs: to the marked ones, or to the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.dispatch.job_commands import BulkResult, QueuePlace
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import TAKES_SLOT, Status
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Confirm
from riffusion_tui.tui.screens.picker import Choice, Picker
from riffusion_tui.tui.state.job_selection import ORDERS

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


def chosen(app: RiffusionApp) -> tuple[int, ...]:
    """Return what is acted on; says so where there is nothing."""
    ids = app.model.list.chosen()
    if not ids:
        app.tell(say("jobs.none"), "soft")
    return ids


def _told(app: RiffusionApp, what: str, acted: BulkResult) -> None:
    """Say what was done, and why not to the others."""
    app.look_now()
    if acted.jobs:
        app.tell(say(f"acted.{what}", n=len(acted.jobs)), "done")
    if acted.left:
        first = acted.left[0]
        text = say("acted.left", n=len(acted.left), id=first[0], why=first[1])
        app.tell(text if not acted.jobs else say(f"acted.{what}", n=len(acted.jobs)) + " " + text, "waits")


def _made(app: RiffusionApp, jobs: tuple[Job, ...]) -> None:
    app.look_now()
    if jobs:
        app.model.list.select(jobs[0].id)
        app.main.jobs.rearranged()
        pair = app.deps.capabilities.songs  # an edit gives one song where a prompt gives two
        app.tell(say("make.done", n=sum(1 if job.options.operation else pair for job in jobs)), "done")


# -- making again


def again(app: RiffusionApp) -> None:
    """Make them again as they are."""
    if ids := chosen(app):
        _made(app, app.deps.job_commands.again(ids))


def other_seed(app: RiffusionApp) -> None:
    """Make them again with another seed."""
    if ids := chosen(app):
        _made(app, app.deps.job_commands.again(ids, other_seed=True))


def retry(app: RiffusionApp) -> None:
    """Let failed, refused or cancelled jobs go on."""
    if ids := chosen(app):
        _told(app, "retried", app.deps.job_commands.retry(ids))


def edit(app: RiffusionApp) -> None:
    """Take the prompt and options of the selected job into the editor."""
    job = app.model.list.current
    if job is None:
        return
    if job.options.operation:
        from riffusion_tui.tui.actions.edits import anew

        app.run_worker(anew(app, job), group="job.edit", exclusive=True)
        return
    editor = app.main.prompt.editor
    if editor.text.strip() and editor.text.strip() != job.prompt.strip():
        app.deps.store.remember_prompt(editor.text.strip("\n"))
    app.composing.take(job)
    editor.put(escaped(job.prompt))
    app.main.prompt.options.show()
    app.main.preview()
    app.main.remove_class("-song")
    editor.focus()


def escaped(prompt: str) -> str:
    """Write a prompt so that the editor's language reads it as the same prompt."""
    safe = "".join(f"\\{sign}" if sign in "\\{|}" else sign for sign in prompt)
    return "\n".join(
        f"\\{line}" if line.strip("- ") == "" and line.count("-") >= 3 else line for line in safe.split("\n")
    )


# -- the queue


async def cancel(app: RiffusionApp) -> None:
    """Cancel; what is being made may still be made, and that is said before."""
    ids = chosen(app)
    if not ids:
        return
    running = [id for id in ids if app.model.list.jobs[id].status in TAKES_SLOT]
    if running and not await app.push_screen_wait(Confirm(say("cancel.title"), say("cancel.running", n=len(running)))):
        return
    _told(app, "cancelled", await app.deps.job_commands.cancel(ids))


def hold(app: RiffusionApp) -> None:
    """Keep from being sent."""
    if ids := chosen(app):
        _told(app, "held", app.deps.job_commands.hold(ids))


def release(app: RiffusionApp) -> None:
    """Let go on."""
    if ids := chosen(app):
        _told(app, "released", app.deps.job_commands.release(ids))


def _move(app: RiffusionApp, where: QueuePlace) -> None:
    if ids := chosen(app):
        acted = app.deps.job_commands.move(ids, where)
        app.look_now()
        if acted.left and not acted.jobs:
            app.tell(say("acted.left", n=len(acted.left), id=acted.left[0][0], why=acted.left[0][1]), "waits")


def up(app: RiffusionApp) -> None:
    """Move up in the queue."""
    _move(app, QueuePlace.UP)


def down(app: RiffusionApp) -> None:
    """Move down in the queue."""
    _move(app, QueuePlace.DOWN)


def top(app: RiffusionApp) -> None:
    """Make the next to be sent."""
    _move(app, QueuePlace.TOP)


def now(app: RiffusionApp) -> None:
    """End the waits."""
    app.tell(say("now.done") if app.deps.job_commands.next_now() else say("now.nothing"), "soft")
    app.look_now()


def pause(app: RiffusionApp) -> None:
    """Stop sending, or go on."""
    if app.model.summary.paused:
        app.deps.job_commands.resume()
        app.tell(say("queue.resumed"), "done")
    else:
        app.deps.job_commands.pause()
        app.tell(say("queue.paused"), "waits")
    app.look_now()


async def settle(app: RiffusionApp) -> None:
    """Ask whether a maybe sent job was sent."""
    job = app.model.list.current
    if job is None or job.status is not Status.MAYBE_SENT:
        app.tell(say("settle.not"), "soft")
        return
    choices = [
        Choice("sent", say("settle.sent"), say("settle.sent_help")),
        Choice("not", say("settle.not_sent"), say("settle.not_sent_help")),
    ]
    answer = await app.push_screen_wait(Picker(say("settle.title", id=job.id), choices, ellipsis=app.glyphs.ellipsis))
    if answer is not None:
        app.deps.job_commands.settle(job.id, sent=answer == "sent")
        app.look_now()


async def delete(app: RiffusionApp) -> None:
    """Take out of the list, after asking; no is the default."""
    ids = chosen(app)
    if not ids:
        return
    if await app.push_screen_wait(
        Confirm(say("delete.title"), say("delete.ask", n=len(ids), key=app.keys.shown("job.undo")))
    ):
        _told(app, "deleted", app.deps.job_commands.delete(ids))


def undo(app: RiffusionApp) -> None:
    """Bring back what was deleted last."""
    jobs = app.deps.job_commands.undo()
    app.look_now()
    app.tell(say("undo.done", n=len(jobs)) if jobs else say("undo.nothing"), "done" if jobs else "soft")


# -- the list


def person(app: RiffusionApp) -> None:
    """Go to the next job that needs a person."""
    if app.model.list.next_for_person() is None:
        app.tell(say("person.none"), "done")
        return
    app.main.jobs.rearranged()
    app.main.remove_class("-song")
    app.main.jobs.view.focus()


def filter_(app: RiffusionApp) -> None:
    """Open the filter line."""
    app.main.jobs.open_filter()


def mark(app: RiffusionApp) -> None:
    """Mark and go on to the next row."""
    app.model.list.toggle_mark()
    app.main.jobs.view.action_step(1)
    app.main.jobs.rearranged()


def mark_all(app: RiffusionApp) -> None:
    """Mark all that is shown, or none."""
    app.model.list.mark_all()
    app.main.jobs.rearranged()


def invert(app: RiffusionApp) -> None:
    """Turn the marks round."""
    app.model.list.invert()
    app.main.jobs.rearranged()


def clear(app: RiffusionApp) -> None:
    """Drop marks, then the filter; pressed once too often it changes nothing, least of all where letters go."""
    jobs = app.model.list
    if jobs.marks:
        jobs.marks.clear()
        app.main.jobs.rearranged()
    elif jobs.filter:
        app.main.jobs.close_filter(drop=True)
    else:
        app.tell(say("jobs.stays", key=app.keys.shown("write")), "soft")


async def sort(app: RiffusionApp) -> None:
    """Choose the order."""
    choices = [Choice(name, say(f"sort.{name}"), say(f"sort_help.{name}")) for name in ORDERS]
    picker = Picker(say("pick.sort"), choices, ellipsis=app.glyphs.ellipsis, chosen=app.model.list.sort)
    answer = await app.push_screen_wait(picker)
    if answer:
        app.model.list.set_sort(answer)
        app.main.jobs.arranged()


def follow(app: RiffusionApp) -> None:
    """Let the selection go to each song as it is done, or stay."""
    app.model.list.follow = not app.model.list.follow
    app.tell(say("follow.on" if app.model.list.follow else "follow.off"), "soft")
