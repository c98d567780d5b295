"""`edit`: queue an edit of a finished song."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.parser import add_service, add_waiting, job_number, path
from riffusion_tui.cli.printing.output import WORDS, json_line, put
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import Capabilities, Edit, EditField
from riffusion_tui.services.profiles import profile_of

_DESCRIPTION_WIDTH = 74
"""Columns of a field's description."""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `edit`."""
    parser.epilog = f"Edits and their fields:\n{_edits()}\n\nExample: riffusion-tui edit 13 mute stem=drums"
    parser.add_argument("job", type=job_number, metavar="JOB", help="number of the finished song's job")
    parser.add_argument("operation", metavar="EDIT", help="one of the service's edits; see below")
    parser.add_argument("fields", nargs="*", default=[], metavar="FIELD=VALUE", help="fields of the edit")
    parser.add_argument("--prompt", default="", help="prompt of the edit, if it has one")
    parser.add_argument(
        "--lyrics", type=path, metavar="FILE", help="new lyrics, if the edit supports them; - for standard input"
    )
    add_service(parser)
    add_waiting(parser, asks=False)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the edit."""
    from riffusion_tui.cli.job_options import read_text
    from riffusion_tui.cli.runner import run_async
    from riffusion_tui.cli.wait_for_jobs import check_out
    from riffusion_tui.cli.wiring.session import open_store

    check_out(args.out)
    fields = _given(args.fields)
    lyrics = read_text(args.lyrics) if args.lyrics else None
    if not context.named:
        with open_store(context) as store:
            found = store.jobs_by_id([args.job]).get(args.job)
        context = context if found is None else context.with_service(found.service)
    return run_async(_edit(args, fields, lyrics, context))


async def _edit(args: Namespace, fields: dict[str, str], lyrics: str | None, context: CommandContext) -> int:
    from riffusion_tui.cli.enqueue import made, waits
    from riffusion_tui.cli.wiring.session import open_session

    async with open_session(context) as session:
        if args.operation not in session.service.capabilities.operations:
            await session.service.fetch_capabilities()
        _check(args, fields, session.service.capabilities)
        await session.refresh_studio()
        job = session.job_commands.edit(args.job, args.operation, fields, prompt=args.prompt, lyrics=lyrics)
        if waits(args):
            return await made(session, (job,), args)
        shown = f"{job.id}  {WORDS[job.status]}  {job.options.operation} of {job.parent}"
        put(json_line(job) if args.json else shown)
    return DONE


def _check(args: Namespace, fields: Mapping[str, str], can: Capabilities) -> None:
    """Raise `WrongUse` for what the edit would ignore."""
    from riffusion_tui.dispatch.requests.job_builder import edit_of
    from riffusion_tui.dispatch.requests.song_edits import visible_fields

    edit = edit_of(args.operation, can)
    wrong_choice = any(one.choices and one.spelled(fields.get(one.name, "")) not in one.choices for one in edit.fields)
    known = [field.name for field in (edit.fields if wrong_choice else visible_fields(edit, fields))]
    for name in fields:
        if name not in known:
            raise WrongUse(f"{edit.name} has no field {name!r}; its fields: {', '.join(known) or 'none'}.")
    if args.prompt and not edit.prompt:
        raise WrongUse(f"{edit.name} takes no prompt.")
    if args.lyrics and not (edit.lyrics or can.uploads):
        raise WrongUse(f"{edit.name} takes no lyrics.")


def _given(texts: Sequence[str]) -> dict[str, str]:
    """Parse `stem=drums`. Raises `WrongUse`."""
    fields = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongUse(f"{text!r} is not a field; write it as FIELD=VALUE, such as stem=drums.")
        if (name := name.strip()) in fields:
            raise WrongUse(f"Field {name!r} is given twice.")
        fields[name] = value
    return fields


def _edits() -> str:
    """Return every service's edits with their fields."""
    lines = []
    for name in SERVICES:
        profile = profile_of(name)
        lines += [line for edit in profile.capabilities.edits for line in _lines(name, edit)]
    return "\n".join(lines)


def _lines(service: str, edit: Edit) -> list[str]:
    head = f"  {edit.name} ({service})"
    return [f"{head:<28}{edit.meaning}", *(f"    {_field(field)}" for field in edit.fields)]


def _field(field: EditField) -> str:
    words = f"{field.meaning}{': ' + ', '.join(field.choices) if field.choices else ''}"
    return f"{field.name + '=':<24}{words}"[: _DESCRIPTION_WIDTH + 24]
