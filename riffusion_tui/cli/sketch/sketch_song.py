"""Make one song with the sketch engine, in this process."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, CommandError, Interrupted, WrongUse
from riffusion_tui.cli.job_options import STANDARD, read_lyrics
from riffusion_tui.cli.printing.output import LiveLine, json_text, length, put, put_message
from riffusion_tui.cli.printing.streams import CLOSED, is_closed
from riffusion_tui.cli.printing.unsung_lines import unsung_text
from riffusion_tui.cli.runner import left_on_signals
from riffusion_tui.cli.sketch.structure_words import structure_words
from riffusion_tui.cli.temporary import temporary_folder
from riffusion_tui.dispatch.fetching.file_names import candidates, stem
from riffusion_tui.dispatch.fetching.placement import free
from riffusion_tui.dispatch.requests.job_builder import check_length
from riffusion_tui.draft_folder import draft_folder
from riffusion_tui.jobs.own_lyrics import SungLines, sung_lines
from riffusion_tui.services.riffusion.profile import STUDIO
from riffusion_tui.studio.engine.compose import with_final_length
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.engine_protocol import RenderedSong
from riffusion_tui.studio.engine.prompt import plan, plan_json
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import WITHOUT_AUDIO, Request, extension

_TEXTS = frozenset({"lrc", "chordpro"})
"""Formats that a terminal can show."""
_SINGERS = {"any": "any singer"}
"""Who sings, in words that people read."""


def _request_of(prompt: str, args: Namespace) -> Request:
    """Convert arguments to an engine request. Raises `NotPossible` for a length that the studio doesn't make."""
    check_length(args.length, STUDIO.capabilities)
    return Request(
        prompt=clean_text(prompt),
        seed=args.seed,
        instrumental=args.instrumental,
        length_s=args.length,
        title=clean_line(args.title) if args.title else None,
        lyrics=read_lyrics(args.lyrics) if args.lyrics else None,
    )


def plan_line(prompt: str, args: Namespace) -> str:
    """Return a prompt's plan as one JSON line."""
    return json_text(_planned(_request_of(prompt, args)))


def _planned(request: Request) -> dict[str, Any]:
    made = plan(request)
    if not request.lyrics or made.vocals == "none":
        made = with_final_length(made)
    return plan_json(made, request.lyrics or "", composed=False)


def make(args: Namespace, format: str, context: CommandContext) -> int:
    """Make the song, move it into place, print its description. Raises `EngineError`, `WrongUse`, `Interrupted`."""
    request = _request_of(args.prompts[0], args)
    piped = args.out == STANDARD or _is_standard(args.out)
    if piped and format not in _TEXTS and sys.stdout.isatty():
        raise WrongUse('This would write audio to the terminal. Try: riffusion-tui sketch "lofi piano" --out - | mpv -')
    if piped and is_closed():
        raise CommandError(f"Can't write to standard output: {CLOSED}.")
    say = put_message if piped else put
    if not args.json:
        _show_plan(_planned(request), say)
    progress = LiveLine()
    table = context.settings.studio
    engine = SketchEngine(table.soundfont or None, pronunciation=table.pronunciation, draws_cover=False)

    def render(fresh: Path) -> RenderedSong:
        try:
            return engine.make(request, fresh, format, lambda s, what: progress.show(f"{s:4.0%} {what}"), lambda: False)
        except EngineError as error:
            if isinstance(error.__cause__, OSError):  # reported with the destination, not with the draft's folder
                raise error.__cause__ from None
            raise

    try:
        with left_on_signals():
            made, target = _to_stdout(render) if piped else _to_file(render, request, args.out, extension(format))
    except KeyboardInterrupt:
        raise Interrupted("Interrupted. No song was written.") from None
    finally:
        progress.clear()
    lines = sung_lines(request.lyrics or "", [line for _, line in made.timed_lyrics])
    _print_result(made, target, lines, say, plan_json(made.plan, request.lyrics or "") if args.json else None)
    silent, requested = made.plan.vocals == "none", "--instrumental" * args.instrumental
    needed_s = made.plan.lyrics_length_s
    if unsung := unsung_text(lines, made.plan.length_s, needed_s, instrumental=silent, requested=requested):
        put_message(unsung)
    return DONE


def _is_standard(out: Path | None) -> bool:
    """Whether a path, such as /dev/stdout, is the standard output, where other texts would be written into the song."""
    try:
        return out is not None and not out.is_dir() and os.path.samestat(out.stat(), os.fstat(1))
    except OSError:
        return False


def _to_stdout(render: Callable[[Path], RenderedSong]) -> tuple[RenderedSong, None]:
    """Render in the temporary folder. Raises `WrongUse`, or `BrokenPipeError` if the reader of the output is gone."""
    where = temporary_folder()
    try:
        with draft_folder(where) as folder:
            song = folder / "song"
            made = render(song)
            with song.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WrongUse(f"The song can't be written to {clean_line(str(where))}: {error.strerror or error}.") from None
    return made, None


def _to_file(
    render: Callable[[Path], RenderedSong], request: Request, given: Path | None, ending: str
) -> tuple[RenderedSong, Path]:
    """Render next to the destination, so that the song can be moved there atomically. Raises `WrongUse`."""
    out = None if given is None or given.is_dir() else given.absolute()
    special = out is not None and out.exists() and not out.is_file()
    file = Path(os.path.realpath(out)) if out else None  # a symbolic link stays
    folder = temporary_folder() if special else file.parent if file else (given or Path.cwd()).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft_folder(folder) as beside:
            fresh = beside / f"song.{ending}"
            made = render(fresh)
            target = out or free(folder, candidates(stem(made.title, request.prompt, request.seed), ending))
            if special:
                _write_into(target, fresh)
            else:
                fresh.replace(file or target)
    except OSError as error:
        where = clean_line(str(out if special else folder))
        raise WrongUse(f"The song can't be written to {where}: {error.strerror or error}.") from None
    return made, target


def _write_into(target: Path, song: Path) -> None:
    """Write a song into a device or a named pipe, which must not be replaced by a file. Raises `OSError`."""
    with song.open("rb") as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)


def _print_result(
    made: RenderedSong,
    target: Path | None,
    lines: SungLines,
    say: Callable[[str], None],
    plan: dict[str, object] | None,
) -> None:
    """Print a song, as a JSON line if its `plan` is given."""
    if plan is None:
        if made.stems:
            say(_row("band", made.stems))
        if made.pronunciation:
            say(_row("pronounced", made.pronunciation))
        sound = () if made.format in WITHOUT_AUDIO else (f"{made.loudness_lufs:.1f} LUFS", made.sounds)
        say("  ".join((made.title, length(made.duration_s), *sound)))
        if target is not None:
            say(str(target))
        return
    say(
        json_text(
            {
                "title": made.title,
                "file": target and str(target),
                "format": made.format,
                "duration_s": round(made.duration_s, 3),
                "seed": made.plan.seed,
                "loudness_lufs": None if made.format in WITHOUT_AUDIO else round(made.loudness_lufs, 2),
                "sounds": made.sounds,
                "pronunciation": made.pronunciation,
                "band": list(made.stems),
                "lyrics": made.lyrics,
                "lines_given": lines.given,
                "lines_sung": lines.sung,
                "plan": plan,
            }
        )
    )


def _show_plan(plan: dict[str, Any], say: Callable[[str], None]) -> None:
    for name, value in plan.items():
        if value in (None, "", [], {}) or (name == "language" and plan["vocals"] == "none"):
            continue
        if name == "limits" and isinstance(value, list):
            for sentence in value:
                say(_row(name, sentence))
        elif name == "length_s":
            say(_row("length", length(value)))
        elif name == "structure":
            say(_row(name, structure_words(value)))
        elif name == "vocals":
            say(_row(name, _SINGERS.get(value, value)))
        else:
            say(_row(name, list(map(_choice, value.items())) if isinstance(value, dict) else value))


def _choice(chosen: tuple[str, str]) -> str:
    name, value = chosen
    return f"length {length(float(value))}" if name == "length_s" else f"{name} {value}"


def _row(name: str, value: object) -> str:
    shown = ", ".join(map(_word, value)) if isinstance(value, list | tuple) else _number(value)
    return f"{name:<12} {shown}"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _word(value: object) -> str:
    if isinstance(value, dict):
        word, *meaning = map(str, value.values())
        return f"{word} = {' '.join(meaning)}"
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
