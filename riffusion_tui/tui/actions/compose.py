"""Writing and making: the prompt pane's commands."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from riffusion_tui.config.library import Library, PresetValue, load_library, save_library
from riffusion_tui.jobs.matrix import MatrixError, Prompt, expand
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, Job
from riffusion_tui.tui.actions import can
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Ask, Confirm
from riffusion_tui.tui.screens.picker import Choice, Picker
from riffusion_tui.tui.state.job_row import first_line

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp

EMPTIED = -1
"""What an emptied line stands for where a number is asked for: 0 is a seed like any other."""
_NAME = 40
"""Letters of a prompt that is suggested as its own name."""


async def make(app: RiffusionApp) -> None:
    """Queue what the text says; a large batch asks once. The text stays, the first new job is selected."""
    editor = app.main.prompt.editor
    text = editor.said
    try:
        prompts = expand(text)
    except MatrixError as error:
        app.tell(str(error), "held")
        return
    if not prompts:
        app.tell(say("make.empty"), "waits")
        editor.focus()
        return
    _, songs = app.composing.count(text)
    if songs > app.deps.settings.batch.confirm_above:
        asked = Confirm(say("make.title"), say("make.many", n=songs * app.deps.capabilities.songs))
        if not await app.push_screen_wait(asked):
            return
    jobs, said = _queued(app, prompts, songs)
    app.deps.store.remember_prompt(text.strip("\n"))
    editor.offer("")
    if not editor.text.strip():
        editor.put(text)
    app.composing.written(text)
    app.remembering.soon()
    app.look_now()
    app.model.list.select(jobs[0].id)
    app.main.jobs.rearranged()
    app.main.preview()
    app.tell(said, "done")


def _queued(app: RiffusionApp, prompts: tuple[Prompt, ...], songs: int) -> tuple[tuple[Job, ...], str]:
    """Queue them, or change the job whose prompt was taken into the editor; return the jobs and what to say."""
    job_commands, composing = app.deps.job_commands, app.composing
    old, changes = composing.replaced(app.model.list.jobs, songs)
    if old is not None and changes:
        composing.anew()
        return (job_commands.edit_queued(old.id, prompts[0].text, composing.options),), say("make.changed", id=old.id)
    if composing.source in app.model.list.jobs and songs == 1:
        jobs = job_commands.again((composing.source,), prompt=prompts[0].text, options=composing.options)
    else:
        jobs = job_commands.submit(prompts, composing.options, composing.takes)
    if composing.source is not None:
        composing.source, composing.replaces = jobs[0].id, False
    made = len(jobs) * app.deps.capabilities.songs
    if old is None or not job_commands.delete((old.id,)).jobs:
        return jobs, say("make.done", n=made)
    return jobs, say("make.instead", n=made, id=old.id, key=app.keys.shown("job.undo"))


def write(app: RiffusionApp) -> None:
    """Go to the prompt."""
    app.main.remove_class("-song")
    app.main.prompt.editor.focus()


def to_jobs(app: RiffusionApp) -> None:
    """Go to the list."""
    app.main.jobs.view.focus()


def options(app: RiffusionApp) -> None:
    """Go to the options; in a window too low for their line, open them as a list."""
    if app.main.prompt.options.display and not app.main.has_class("-short"):
        app.main.prompt.options.focus()
    else:
        app.run_worker(_options_list(app), group="options", exclusive=True)


async def _options_list(app: RiffusionApp) -> None:
    from riffusion_tui.tui.commands import CommandScope, of

    known = [one for one in of(CommandScope.OPTIONS) if can(app, one)]
    choices = [Choice(one.id, one.label, one.help, app.keys.shown(one.id)) for one in known]
    chosen = await app.push_screen_wait(Picker(say("pick.options"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen:
        app.action_command(chosen)


def new(app: RiffusionApp) -> None:
    """Begin anew; what was written is kept in the history."""
    editor = app.main.prompt.editor
    if editor.text.strip():
        app.deps.store.remember_prompt(editor.text.strip("\n"))
    editor.offer("")
    editor.put("")
    app.composing.written()
    app.composing.anew()
    app.main.preview()
    write(app)


async def editor(app: RiffusionApp) -> None:
    """Write in $EDITOR."""
    from riffusion_tui.tui.external_editor import edited

    area = app.main.prompt.editor
    text = await edited(app, area.text, ".txt")
    if text is not None and text != area.text:
        area.put(text)


# -- history and library


async def history(app: RiffusionApp) -> None:
    """Take an earlier prompt into the editor."""
    prompts = app.deps.store.prompts()
    choices = [Choice(str(number), first_line(text)) for number, text in enumerate(prompts)]
    chosen = await app.push_screen_wait(Picker(say("pick.history"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen is not None:
        app.composing.anew()
        app.main.prompt.editor.put(prompts[int(chosen)])
        write(app)


async def library(app: RiffusionApp) -> None:
    """Take a named prompt into the editor, or a preset's options."""
    held = load_library(app.deps.library_file)
    choices = [Choice(f"prompt:{name}", name, first_line(text)) for name, text in held.prompts.items()]
    choices += [
        Choice(f"preset:{name}", name, say("pick.preset", options=_told(options)))
        for name, options in held.presets.items()
    ]
    if not choices:
        app.tell(say("library.empty"), "soft")
        return
    chosen = await app.push_screen_wait(Picker(say("pick.library"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen is None:
        return
    kind, _, name = chosen.partition(":")
    if kind == "prompt":
        app.composing.anew()
        app.main.prompt.editor.put(held.prompts[name])
    else:
        app.composing.reset()
        app.composing.change(**held.presets[name])
        _options_changed(app)
    write(app)


def _told(options: object) -> str:
    return ", ".join(f"{name} {value}" for name, value in dict(options).items()) if isinstance(options, dict) else ""


async def keep(app: RiffusionApp) -> None:
    """Give the prompt a name in the library."""
    text = app.main.prompt.editor.text.strip()
    if not text:
        app.tell(say("make.empty"), "waits")
        return
    name = await app.push_screen_wait(Ask(say("library.keep"), say("library.name"), value=_name(text)))
    if name and name.strip():
        held = load_library(app.deps.library_file)
        save_library(app.deps.library_file, held.with_prompt(name, text))
        app.tell(say("library.kept", name=name.strip()), "done")


def _name(text: str) -> str:
    """Suggest a name for a prompt: its first words."""
    return textwrap.shorten(text.split("\n---")[0], _NAME, placeholder="") or first_line(text)[:_NAME]


async def preset(app: RiffusionApp) -> None:
    """Give the options a name in the library."""
    name = await app.push_screen_wait(Ask(say("library.preset"), say("library.name")))
    if name and name.strip():
        held: Library = load_library(app.deps.library_file)
        save_library(app.deps.library_file, held.with_preset(name, _preset(app)))
        app.tell(say("library.kept", name=name.strip()), "done")


def _preset(app: RiffusionApp) -> dict[str, PresetValue]:
    from riffusion_tui.config.library import PRESET_FIELDS

    wanted: dict[str, PresetValue] = {"takes": app.composing.takes}
    for name in PRESET_FIELDS:
        value = getattr(app.composing.options, name, None)
        if value is not None and value != getattr(app.composing.usual, name):
            wanted[name] = value
    return wanted


# -- options


def _options_changed(app: RiffusionApp) -> None:
    app.remembering.soon()
    app.main.prompt.options.show()
    app.main.preview()


def vocals(app: RiffusionApp) -> None:
    """Sung, or instrumental."""
    app.composing.change(instrumental=not app.composing.options.instrumental)
    _options_changed(app)


async def takes(app: RiffusionApp) -> None:
    """Ask how many songs of each prompt."""
    number = await _number(app, "takes", app.composing.takes, 1, 100)
    if number is not None:
        app.composing.change(takes=1 if number == EMPTIED else number)
        _options_changed(app)


async def account(app: RiffusionApp) -> None:
    """Choose the account, or any."""
    choices = [Choice("", say("options.any_account"), say("pick.any_account"))]
    choices += [Choice(one.account, one.account, f"{one.used}/{one.total}") for one in app.model.summary.slots]
    chosen = await app.push_screen_wait(Picker(say("pick.account"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen is not None:
        app.composing.change(account=chosen or None)
        _options_changed(app)


async def model(app: RiffusionApp) -> None:
    """Choose the model."""
    known = app.deps.capabilities.models or (app.composing.options.model,)
    chosen = await app.push_screen_wait(
        Picker(say("pick.model"), [Choice(name, name) for name in known], ellipsis=app.glyphs.ellipsis)
    )
    if chosen:
        app.composing.change(model=chosen)
        _options_changed(app)


async def max_jobs(app: RiffusionApp) -> None:
    """Ask for maxJobs."""
    low, high = MAX_JOBS_RANGE[0], MAX_JOBS_RANGE[-1]
    number = await _number(app, "max_jobs", app.composing.options.max_jobs, low, high)
    if number is not None:
        app.composing.change(max_jobs=None if number == EMPTIED else number)
        _options_changed(app)


async def seed(app: RiffusionApp) -> None:
    """Ask for the seed."""
    number = await _number(app, "seed", app.composing.options.seed, 0, 2**63 - 1)
    if number is not None:
        app.composing.change(seed=None if number == EMPTIED else number)
        _options_changed(app)


async def length(app: RiffusionApp) -> None:
    """Ask for the length."""
    now = app.composing.options.length_s
    number = await _number(app, "length", int(now) if now else None, 1, 600)
    if number is not None:
        app.composing.change(length_s=None if number == EMPTIED else float(number))
        _options_changed(app)


async def title(app: RiffusionApp) -> None:
    """Ask for the title."""
    await _text(app, "title")


async def reply_url(app: RiffusionApp) -> None:
    """Ask for replyUrl."""
    await _text(app, "reply_url")


async def reply_ref(app: RiffusionApp) -> None:
    """Ask for replyRef."""
    await _text(app, "reply_ref")


def clear_options(app: RiffusionApp) -> None:
    """Set all options back; pressed once more, bring back what they were."""
    was = app.composing.reset()
    _options_changed(app)
    form = {True: "options.reset", False: "options.back", None: "options.are_usual"}[was]
    app.tell(say(form, key=app.keys.shown("options.clear") or app.keys.shown("palette")))


async def _text(app: RiffusionApp, name: str) -> None:
    now = getattr(app.composing.options, name) or ""
    text = await app.push_screen_wait(Ask(say(f"ask.{name}.title"), say(f"ask.{name}.text"), value=now))
    if text is not None:
        app.composing.change(**{name: text.strip() or None})
        _options_changed(app)


async def _number(app: RiffusionApp, name: str, now: int | None, low: int, high: int) -> int | None:
    """Ask for a whole number; `EMPTIED` where the line was emptied, None where it was left."""
    value = "" if now is None else str(now)
    text = await app.push_screen_wait(Ask(say(f"ask.{name}.title"), say(f"ask.{name}.text"), value=value))
    if text is None:
        return None
    if not text.strip():
        return EMPTIED
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        app.tell(say("ask.range", low=low, high=high), "held")
        return None
    return number
