"""Make every song of a file of prompts with the sketch engine: no queue, no server, one process per core.

File names end in a hash of the request, so a repeated run makes only missing songs.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import re
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, SOME_FAILED, Interrupted, WrongUse
from riffusion_tui.cli.job_options import read_lyrics
from riffusion_tui.cli.printing.output import LiveLine, counted, json_text, length, put, put_message
from riffusion_tui.cli.printing.unsung_lines import unsung_text
from riffusion_tui.cli.prompt_file import read_prompts
from riffusion_tui.cli.runner import run_async
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.fetching.file_names import cut
from riffusion_tui.dispatch.requests.job_builder import check_length, check_seed
from riffusion_tui.draft_folder import draft_folder
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.errors import listed
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.own_lyrics import sung_lines
from riffusion_tui.services.riffusion.profile import STUDIO
from riffusion_tui.studio.engine.song_request import BUILT_IN, ENGINE_VERSION, WITHOUT_AUDIO, extension
from riffusion_tui.studio.engine.understand.limits.engine_limits import UNSUNG
from riffusion_tui.studio.queue.pool_renderers import PoolRenderers
from riffusion_tui.studio.queue.process_pool import LifelineProcess
from riffusion_tui.studio.queue.render_task import Outcome, RenderOrder, make
from riffusion_tui.studio.queue.renderers import Crashed, Stuck
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE, cores

_WITHOUT_COVER = f"{SKETCH_ENGINE.partition(':')[0]}:without_cover"
_TIMEOUT_S = 900.0
_MAX_NAME, _MAX_BYTES = 60, 200
"""Longest part of a file name that comes from the title or prompt, in characters and in bytes."""


@dataclass(frozen=True, slots=True)
class _Song:
    """A song to make and its file."""

    number: int
    request: dict[str, Any]
    file: Path


def make_file(args: Namespace, format: str, context: CommandContext) -> int:
    """Make the songs of `args.prompts[0]`, a file, in `args.out`. Raises `WrongUse`, `BatchError`, `Interrupted`."""
    folder: Path = args.out.absolute() if args.out else Path.cwd()
    table = context.settings.studio
    songs = list(_songs(_items(args, context), args.seed, folder, format, table.pronunciation))
    run = _Run(songs, format, table.soundfont or None, table.pronunciation, args)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft_folder(folder) as drafts:
            return run_async(run.all(drafts))
    except KeyboardInterrupt:
        raise Interrupted("Interrupted. Finished songs are kept; run the same command again to continue.") from None
    except BrokenPipeError:
        raise
    except FileExistsError:
        raise WrongUse(
            f"The songs can't be written to {clean_line(str(folder))}: it is a file, not a folder."
        ) from None
    except OSError as error:
        raise WrongUse(
            f"The songs can't be written to {clean_line(str(folder))}: {error.strerror or error}."
            " Finished songs are kept; run the same command again to continue."
        ) from None


def _items(args: Namespace, context: CommandContext) -> tuple[BatchItem, ...]:
    options = Options(
        instrumental=args.instrumental,
        length_s=args.length,
        title=clean_line(args.title) if args.title else None,
        lyrics=read_lyrics(args.lyrics) if args.lyrics else None,
    )
    items = read_prompts(args.prompts[0], args.kind, options, 1, context, may_ask=True)
    problems: list[str] = []
    for item in items:
        try:
            _check(item, args.seed)
        except (NotPossible, WrongUse) as error:
            problems.append(f"{item.where}: {error}" if item.where else str(error))
    if problems:
        raise WrongUse(listed(problems))
    return items


def _check(item: BatchItem, seed: int) -> None:
    """Raise `NotPossible` or `WrongUse` for what sketch can't make; `seed` is for an item without its own."""
    check_length(item.options.length_s, STUDIO.capabilities)
    check_seed(_first_seed(item, seed), item.takes, STUDIO.capabilities)
    if item.service not in ("", "studio"):
        raise WrongUse(f"This prompt is for {item.service}: queue it with `riffusion-tui batch`.")
    if item.options.operation:
        raise WrongUse("This prompt edits a song: queue it with `riffusion-tui batch`.")
    if item.options.extra:
        name = item.options.extra[0][0]
        raise WrongUse(f"This prompt sets {name}, which sketch doesn't support: state it in the prompt.")


def _first_seed(item: BatchItem, seed: int) -> int:
    return seed if item.options.seed is None else item.options.seed


def _songs(items: Iterable[BatchItem], seed: int, folder: Path, format: str, pronunciation: str) -> Iterator[_Song]:
    takes = [(item, take) for item in items for take in range(item.takes)]
    digits = max(3, len(str(len(takes))))
    for number, (item, take) in enumerate(takes, start=1):
        request = {
            "prompt": item.prompt,
            "seed": _first_seed(item, seed) + take,
            "instrumental": item.options.instrumental,
            "length_s": item.options.length_s,
            "title": item.options.title,
            "lyrics": item.options.lyrics,
        }
        words = _words(item.options.title or item.prompt)
        name = f"{number:0{digits}} {words} {_hash(request, pronunciation)}.{extension(format)}"
        yield _Song(number, request, folder / name)


def _words(text: str) -> str:
    return cut(re.sub(r"\W+", " ", clean_line(text, _MAX_NAME)).strip(), _MAX_BYTES) or "song"


def _hash(request: dict[str, Any], pronunciation: str) -> str:
    """Return a short hash that identifies a song in file names."""
    made_from = json.dumps([ENGINE_VERSION, request, *{pronunciation} - {BUILT_IN}], sort_keys=True)
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class _Run:
    """One run over a list of songs."""

    def __init__(
        self, songs: list[_Song], format: str, soundfont: str | None, pronunciation: str, args: Namespace
    ) -> None:
        self._songs, self._format, self._soundfont, self._pronunciation = songs, format, soundfont, pronunciation
        self._engine = _WITHOUT_COVER if args.no_cover else SKETCH_ENGINE
        self._jobs = min(args.jobs or cores(), max(1, len(songs)))
        self._as_json: bool = args.json
        self._line = LiveLine()
        self._made = self._failed = self._kept = 0
        self._began = time.monotonic()
        self._umask = os.umask(0o077)
        os.umask(self._umask)

    async def all(self, drafts: Path) -> int:
        """Make missing songs and print a line for each; return the exit code."""
        missing = list(self._missing())
        renderers = PoolRenderers(lambda: LifelineProcess(0, drafts / "engine.log"), self._jobs)
        rest = iter(missing)
        self._show(len(missing))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._jobs):
                    group.create_task(self._some(rest, renderers, drafts, len(missing)))
        except* OSError as errors:
            raise errors.exceptions[0] from None
        finally:
            self._line.clear()
            await renderers.close()
        if not self._as_json:
            self._summarize()
        return SOME_FAILED if self._failed else DONE

    def _missing(self) -> Iterator[_Song]:
        """Yield songs without a file; their position in the file of prompts may have changed."""
        there = {path.stem[-8:] + path.suffix: path for path in self._songs[0].file.parent.iterdir()}
        for song in self._songs:
            kept = there.get(song.file.stem[-8:] + song.file.suffix)
            if kept is None:
                yield song
                continue
            self._kept += 1
            if self._as_json:
                self._put(song, "kept", file=str(kept))

    async def _some(self, rest: Iterator[_Song], renderers: PoolRenderers, drafts: Path, missing: int) -> None:
        """Make one song after the other."""
        for song in rest:
            folder = drafts / str(song.number)
            folder.mkdir()
            order = RenderOrder(
                self._engine, song.request, str(folder), self._format, self._soundfont, self._pronunciation
            )
            try:
                outcome = await renderers.run(make, order, _TIMEOUT_S)
            except Crashed:
                outcome = Outcome(error="The engine crashed.")
            except Stuck:
                outcome = Outcome(error=f"The engine did not finish within {_TIMEOUT_S:g} seconds.")
            self._line.clear()
            self._settle(song, outcome, folder)
            self._show(missing)

    def _put_in_place(self, fresh: Path, to: Path) -> None:
        fresh.chmod(0o666 & ~self._umask)  # a renderer's files are private
        fresh.replace(to)

    def _settle(self, song: _Song, outcome: Outcome, folder: Path) -> None:
        if outcome.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if outcome.made is None:
            self._failed += 1
            if self._as_json:
                self._put(song, "failed", error=outcome.error)
            put_message(
                f"{song.number} failed: {outcome.error} Its prompt: {clean_line(song.request['prompt'], _MAX_NAME)}"
            )
            return
        self._keep(song, outcome.made, folder)

    def _keep(self, song: _Song, made: dict[str, Any], folder: Path) -> None:
        """Move a song's files into place and print its line."""
        if made["cover"]:
            self._put_in_place(folder / made["cover"], song.file.with_suffix(".png"))
        self._put_in_place(folder / made["file"], song.file)
        self._made += 1
        plan = made["plan"]
        lines = sung_lines(song.request["lyrics"] or "", [line for _, line in made["timed_lyrics"]])
        if self._as_json:
            known = {name: made[name] for name in ("title", "duration_s", "loudness_lufs", "sounds", "pronunciation")}
            if self._format in WITHOUT_AUDIO:
                known["loudness_lufs"] = None
            words = {"lines_given": lines.given, "lines_sung": lines.sung, "limits": plan["limits"]}
            self._put(song, "done", file=str(song.file), **known, **words)
        else:
            put(f"{song.file.name}  {made['title']}  {length(made['duration_s'])}")
        silent, requested = plan["vocals"] == "none", "'instrumental'" * song.request["instrumental"]
        needed_s = plan["lyrics_length_s"]
        if unsung := unsung_text(lines, plan["length_s"], needed_s, instrumental=silent, requested=requested):
            put_message(f"{song.number}: {unsung}")
        for limit in plan["limits"]:
            if limit != UNSUNG:  # just said, with the number of lines
                put_message(f"{song.number}: {limit}")

    def _put(self, song: _Song, status: str, **more: object) -> None:
        row = {"number": song.number, "status": status, "prompt": song.request["prompt"], "seed": song.request["seed"]}
        put(json_text(row | more))

    def _show(self, missing: int) -> None:
        ended = self._made + self._failed
        share = ended / missing if missing else 1.0
        line = f"{'█' * round(20 * share):░<20} {ended:,} of {counted(missing, 'song')}"
        if ended:
            left = (time.monotonic() - self._began) / ended * (missing - ended)
            line += f" · {length(left)} left"
        self._line.show(line)

    def _summarize(self) -> None:
        counts = [f"{self._made:,} made", f"{self._kept:,} already present", f"{self._failed:,} failed"]
        took = length(time.monotonic() - self._began)
        put_message(f"{', '.join(counts)} in {took}: {clean_line(str(self._songs[0].file.parent))}")
