"""Read a file of prompts and detect its format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riffusion_tui.clean import clean_document, clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.job_options import read_text
from riffusion_tui.cli.printing.output import confirmed, counted, put_message, warn_of_open_brace
from riffusion_tui.cli.replay import warn_of_differences
from riffusion_tui.jobs.batch_file import BatchItem, literal_brace, parse
from riffusion_tui.jobs.batch_kind import BatchKind, kind_of
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.model import Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import all_fields


def read_prompts(
    file: str, kind: str | None, options: Options, takes: int, context: CommandContext, *, may_ask: bool
) -> tuple[BatchItem, ...]:
    """Return the prompts of a file.

    Args:
        file: its path; `-` for standard input.
        kind: one of `KINDS`; None to detect it.
        options: for entries that don't set their own.
        takes: for entries that don't set their own.
        context: the command's context.
        may_ask: ask at the terminal, if there is one, when the file can be read in two ways.

    Raises:
        WrongUse: the file can't be read, or is ambiguous and there is no terminal to ask on.
        BatchError: it is invalid.
    """
    text = read_text(Path(file), clean_document)
    found = BatchKind(kind) if kind else kind_of(Path(file).suffix.lower().removeprefix("."), text)

    def read(kind: str) -> tuple[BatchItem, ...]:
        try:
            parsed = parse(text, kind, options, takes, fields=all_fields(), services=SERVICES)
        except BatchError as error:
            if file == "-":
                raise
            raise BatchError(*(f"{clean_line(file)}: {problem}" for problem in error.problems)) from error
        return parsed if file == "-" else tuple(replace(one, where=_place(file, one)) for one in parsed)

    items = read(found.kind)
    warn_of_open_brace(literal_brace(text, found.kind))
    warn_of_differences((item.made_by for item in items), context.settings.studio.pronunciation)
    if not found.is_sure:
        return (_lines(items, context, may_ask=may_ask) if len(items) > 1 else ()) or read("txt")
    if found.detected_as:
        put_message(f"{counted(len(items), 'prompt')}, {found.detected_as}.")
    return items


def _place(file: str, item: BatchItem) -> str:
    """Return the file's name and where in it the prompt is, for errors."""
    return ": ".join(filter(None, (clean_line(file), item.where)))


def _lines(lines: tuple[BatchItem, ...], context: CommandContext, *, may_ask: bool) -> tuple[BatchItem, ...]:
    """Return the lines if each is a prompt; nothing if all are one. Raises `WrongUse` without a terminal to ask on."""
    number = len(lines)
    if not may_ask or not context.can_ask:
        raise WrongUse(
            f"Ambiguous: {number:,} prompts, one per line, or one prompt of {number:,} lines.\n"
            f"Use --kind lines for {number:,} prompts or --kind txt for one."
            " Or separate prompts by an empty line."
        )
    return lines if confirmed(f"{number:,} prompts, one per line? (n: one prompt of {number:,} lines)") else ()
