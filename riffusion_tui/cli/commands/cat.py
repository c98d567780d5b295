"""`cat JOB`: write a finished song's audio to standard output."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import CommandError, WrongUse
from riffusion_tui.cli.parser import job_number
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.temporary import temporary_folder
from riffusion_tui.cli.wiring.session import open_session, open_store
from riffusion_tui.jobs.status import Status, predicate
from riffusion_tui.regular_file import open_regular

_EPILOG = """\
Examples:
  riffusion-tui cat 13 | mpv -
  ssh host riffusion-tui cat 13 | mpv -
  riffusion-tui cat 13 --format midi > song.mid
  riffusion-tui cat 13 --format lrc > song.lrc
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `cat`."""
    parser.epilog = _EPILOG
    parser.add_argument("job", type=job_number, metavar="JOB", help="job number")
    parser.add_argument(
        "--format", metavar="F", help="another format of the service: wav, stems, midi, lrc, chordpro, …"
    )


def run(args: Namespace, context: CommandContext) -> int:
    """Write the audio."""
    id = args.job
    if sys.stdout.isatty():
        raise WrongUse(f"This would write audio to the terminal. Try: riffusion-tui cat {id} | mpv -")
    with open_store(context, to_read=True) as store:
        job, deleted = store.job(id), store.is_deleted(id)
    file = Path(job.file)
    if deleted:
        kept = job.status is Status.DONE and file.exists()
        where = (
            f"Its file is kept: {clean_line(job.file)}" if kept else f"`riffusion-tui again {id}` makes its song again."
        )
        raise CommandError(f"Job {id} is deleted. {where}")
    if job.status is not Status.DONE:
        raise CommandError(f"Job {id} {predicate(job.status)}: no song yet{f' ({job.error})' if job.error else ''}.")
    if args.format:
        return run_async(_other_format(id, args.format, context.with_service(job.service)))
    if not file.exists():
        again = f"`riffusion-tui cat {id} --format {file.suffix.removeprefix('.')}` downloads it again"
        raise CommandError(f"The file is gone: {clean_line(job.file)}. {again}, if the service still has it.")
    _copy_to_stdout(file)
    return 0


async def _other_format(id: int, format: str, context: CommandContext) -> int:
    async with open_session(context, to_read=True) as session:
        if format not in session.service.capabilities.formats:
            await session.service.fetch_capabilities()
        offered = session.service.capabilities.formats
        if format not in offered:
            raise WrongUse(f"{session.service.name} offers {', '.join(offered)}, not {format}.")
        await session.refresh_studio()
        with TemporaryDirectory(dir=temporary_folder()) as folder:
            _copy_to_stdout(await session.job_commands.save_as(id, Path(folder) / "song", format))
    return 0


def _copy_to_stdout(file: Path) -> None:
    try:
        with os.fdopen(open_regular(file), "rb") as audio:
            shutil.copyfileobj(audio, sys.stdout.buffer, 2**16)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"Can't read {file}: {error.strerror}.") from None
