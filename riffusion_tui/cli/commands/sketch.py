"""`sketch PROMPT` or `sketch FILE`: make songs directly, without queue or server; `--plan` prints plans only."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.clean import clean_line, clean_text, is_blank
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.job_options import STANDARD, check_decoded, check_prompts, check_standard_input, read_text
from riffusion_tui.cli.parser import path, seconds, whole_number
from riffusion_tui.cli.printing.output import put
from riffusion_tui.cli.sketch.path_as_prompt import check_no_path
from riffusion_tui.jobs.batch_file import KINDS
from riffusion_tui.services.riffusion.profile import STUDIO_CAPABILITIES
from riffusion_tui.studio.engine.song_request import FORMATS, extension

_EXTENSIONS = (".txt", ".md", ".json", ".jsonl", ".csv", ".tsv", ".toml", ".yaml", ".yml")
_EXTENSION = re.compile(r"(?=.*[a-z])[a-z0-9]{1,5}")
"""Looks like an extension, not like the end of a title: under another one, an MP3 would mislead other programs."""
_EPILOG = """\
Prints what was detected and chosen, then the file and its length. The same prompt, seed and options give the same
song. With --plan no audio is made: prints one JSON line per prompt, or per line of standard input.

The prompt "-" is read from standard input. With --out - the song goes to standard output, and everything else to
standard error: riffusion-tui sketch "lofi piano" --out - | mpv -

With --jobs, or if the only argument is a file that `riffusion-tui batch` can read, makes its prompts, several at a
time, in the folder --out. Run it again to continue: existing songs are not made again.
"""


class _Destination(NamedTuple):
    """The argument of `--out`."""

    path: Path
    is_folder: bool
    """Whether it is written as a folder, with a slash at the end, which the path doesn't keep."""


def _destination(text: str) -> _Destination:
    return _Destination(path(text), text.endswith(("/", "/.")))


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `sketch`."""
    parser.epilog = _EPILOG
    parser.add_argument("prompts", nargs="*", metavar="PROMPT", help="describes the song; or a file of prompts")
    parser.add_argument(
        "--seed",
        action=whole_number(0, STUDIO_CAPABILITIES.max_seed),
        default=0,
        metavar="N",
        help="random seed (default: 0)",
    )
    parser.add_argument("--length", type=seconds, metavar="S", help="length in seconds or as 2:30")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        metavar="F",
        help=f"{', '.join(FORMATS)} (default: by extension of --out, else mp3); stems: zip of WAV files; lrc: lyrics"
        " with timestamps; chordpro: lyrics with chords",
    )
    parser.add_argument(
        "--out",
        type=_destination,
        metavar="PATH",
        help="output file, folder or pipe; - for standard output (default: the current folder; a song in a folder is"
        " named by its title, those of a file by number and title or prompt; missing folders are created)",
    )
    parser.add_argument("--instrumental", action="store_true", help="no vocals")
    parser.add_argument("--title", help="title of the song")
    parser.add_argument("--lyrics", type=path, metavar="FILE", help="lyrics to sing; - for standard input")
    parser.add_argument("--plan", action="store_true", help="only print the plan, as JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON line per song: plan, file, duration_s, …")
    group = parser.add_argument_group("a file of prompts")
    group.add_argument(
        "--jobs", action=whole_number(1, 256), metavar="N", help="songs at a time (default: one per processor)"
    )
    group.add_argument("--kind", choices=KINDS, help="format of the file; lines: one prompt per line")
    group.add_argument("--no-cover", action="store_true", help="write no cover images")


def run(args: Namespace, context: CommandContext) -> int:
    """Make the song, or print its plan."""
    check_standard_input(*args.prompts, args.lyrics)
    check_prompts("sketch", args.prompts)
    args.out, into_folder = args.out or (None, False)
    if any(is_blank(prompt) for prompt in args.prompts):
        raise WrongUse("The prompt is empty; describe the song.")
    if args.plan:
        if len(args.prompts) == 1 and _is_file(args):
            file = clean_line(args.prompts[0], 200)
            raise WrongUse(f"--plan reads prompts from standard input: riffusion-tui sketch - --plan < {file}")
        _check_no_paths(args)
        return _plans(args)
    if args.prompts == ["-"]:
        args.prompts = [read_text(STANDARD).strip()]
    else:
        _check_no_paths(args)
    if len(args.prompts) != 1 or not args.prompts[0].strip():
        words = clean_line(" ".join(args.prompts), 200) or "lofi piano, rainy night"
        raise WrongUse(f'Give one prompt, in quotes: riffusion-tui sketch "{words}"')
    if _is_file(args):
        _check_file(args)
        if args.out == STANDARD:
            raise WrongUse("The songs of a file need a folder: --out FOLDER.")
        from riffusion_tui.cli.sketch.sketch_file import make_file

        return make_file(args, args.format or "mp3", context)
    _check_name(args.out)
    if into_folder:
        _make_folder(args.out)
    from riffusion_tui.cli.sketch.sketch_song import make

    return make(args, _format(args), context)


def _check_no_paths(args: Namespace) -> None:
    """Raise `WrongUse` for a path among the prompts, unless it is the file of prompts."""
    for prompt in () if _is_file(args) else args.prompts:
        check_no_path(prompt, _EXTENSIONS)


def _is_file(args: Namespace) -> bool:
    """Whether the argument is a file of prompts: because of an option that needs one, or by its extension."""
    given = args.prompts[0] if len(args.prompts) == 1 else ""
    if args.jobs or args.kind or args.no_cover:
        return True
    try:
        return Path(given).suffix.lower() in _EXTENSIONS and Path(given).is_file()
    except (OSError, ValueError):
        return False


def _check_file(args: Namespace) -> None:
    """Raise `WrongUse` for an option for a file of prompts beside a prompt."""
    given = {"--jobs": args.jobs, "--kind": args.kind, "--no-cover": args.no_cover}
    option = next((name for name, value in given.items() if value), None)
    if option is not None and not _exists(args.prompts[0]):
        raise WrongUse(f"{option} is for a file of prompts, and there is no file {clean_line(args.prompts[0], 200)}.")


def _exists(given: str) -> bool:
    try:
        return Path(given).exists()
    except OSError:  # a name that is too long
        return False


def _check_name(out: Path | None) -> None:
    """Raise `WrongUse` for a name that no file can have."""
    try:
        if out is not None:
            out.exists()
    except OSError as error:
        raise _not_written(out, error.strerror) from None


def _make_folder(folder: Path) -> None:
    """Create a folder, so that the song gets its title's name in it. Raises `WrongUse`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise _not_written(folder, "it is a file, not a folder") from None
    except OSError as error:
        raise _not_written(folder, error.strerror) from None


def _not_written(out: Path | None, why: str | None) -> WrongUse:
    return WrongUse(f"The song can't be written to {clean_line(str(out), 200)}: {why}.")


def _plans(args: Namespace) -> int:
    from riffusion_tui.cli.sketch.sketch_song import plan_line

    empty = True
    for prompt in _lines() if args.prompts in ([], ["-"]) else args.prompts:
        empty = False
        put(plan_line(prompt, args))
    if empty:
        raise WrongUse("Standard input is empty; describe the song.")
    return 0


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            check_decoded(line, "The prompt")
            yield clean_text(line).strip()


def _format(args: Namespace) -> str:
    """Return the format of `--format` or of the name of `--out`. Raises `WrongUse` if the two contradict each other."""
    named = args.out is not None and (args.out.is_file() or not args.out.exists())
    ending = args.out.suffix.lower().removeprefix(".") if named else ""
    by_name = next((format for format in FORMATS if ending in (format, extension(format))), "")
    if args.format:
        if by_name not in ("", args.format):
            right = clean_line(str(args.out.with_suffix(f".{extension(args.format)}")), 200)
            raise WrongUse(
                f"--format {args.format} doesn't make a .{ending} file: use --out {right}, or --format {by_name}."
            )
        return str(args.format)
    if not by_name and _EXTENSION.fullmatch(ending):
        *most, last = (f".{extension(format)}" for format in FORMATS)
        raise WrongUse(f"A song can't be written as .{ending}; use {', '.join(most)} or {last}.")
    return by_name or "mp3"
