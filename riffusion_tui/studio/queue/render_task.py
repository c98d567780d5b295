"""The code that runs in a renderer process: it turns one order into one file. Everything here can be pickled."""

from __future__ import annotations

import errno
import importlib
import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riffusion_tui.studio.engine.engine_errors import Cancelled, EngineError
from riffusion_tui.studio.engine.song_request import BUILT_IN, Locks, Request, SongEdit, WeightedPrompt, extension

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from riffusion_tui.studio.engine.engine_protocol import Engine, RenderedSong

TERMINAL_SIGNALS = (signal.SIGINT, signal.SIGHUP)
"""What a terminal sends to all its processes. Renderers ignore it: the server ends them."""
STARTED, PROGRESS, CANCEL = "started", "progress", "cancel"
"""Files in an order's folder through which the renderer and the server communicate."""
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ROOM_BYTES = 1_000_000
"""If less disk space is left, a failure is attributed to the full disk."""
_EVERY_S = 0.2
_LOG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class RenderOrder:
    """A song to make. Plain values only, since it is pickled."""

    engine: str
    request: dict[str, Any]
    folder: str
    format: str = "mp3"
    soundfont: str | None = None
    pronunciation: str = BUILT_IN


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an order. With neither `made` nor `error`, it was cancelled."""

    made: dict[str, Any] | None = None
    error: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    full: bool = False
    """True if the disk was full: the order can be retried once there is space."""


def prepare(lifeline: Connection, niceness: int, log: str | None) -> None:
    """Set up a renderer: low priority, output to a log, and exit when the server's end of `lifeline` is closed.

    Args:
        lifeline: a pipe over which nothing is sent.
        niceness: added to the process's nice value, 0 to 19.
        log: file for standard output and error, if the terminal belongs to the screen.
    """
    import faulthandler

    threading.Thread(target=_leave, args=(lifeline,), daemon=True).start()
    for name in TERMINAL_SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, TERMINAL_SIGNALS)
    os.umask(0o077)  # only the owner may read the files
    os.nice(niceness)
    # One thread per renderer: there is one renderer per core.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    if log is not None:
        _redirect(log)
    faulthandler.enable()


def _redirect(log: str) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(log, flags, 0o600)
    except OSError:  # songs matter more than their log
        descriptor = os.open(os.devnull, os.O_WRONLY)
    if os.fstat(descriptor).st_size > _LOG_BYTES:
        os.ftruncate(descriptor, 0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def _leave(lifeline: Connection) -> None:
    lifeline.poll(None)
    os._exit(0)


def make(order: RenderOrder) -> Outcome:
    """Make a song in `order.folder`; report progress and check for cancellation through files there."""
    folder = Path(order.folder)
    order_folder = _OrderFolder(folder)
    try:
        order_folder.start()
        to = folder / f"song.{extension(order.format)}"
        made = _engine(order).make(
            _request(order.request), to, order.format, order_folder.progress, order_folder.cancelled
        )
        _sync(made.file)
        return Outcome(made=_described(made, order))
    except Cancelled:
        return Outcome()
    except EngineError as error:
        return Outcome(error=str(error) or "The engine could not make this song.", full=_no_space(error))
    except Exception as error:  # noqa: BLE001 (the engine's boundary: a bug in it fails only one song)
        if not folder.exists():  # deleted since the song was cancelled
            return Outcome()
        traceback.print_exc()
        return Outcome(
            error=f"The engine failed: {type(error).__name__}: {error}"[:500], full=_disk_full(error, folder)
        )


def _disk_full(error: Exception, folder: Path) -> bool:
    """Whether the disk is full; an encoder reports only that it failed, so check the free space."""
    if isinstance(error, OSError):
        return _no_space(error)
    return shutil.disk_usage(folder).free < _ROOM_BYTES


def _no_space(error: BaseException | None) -> bool:
    """Whether an error says, or was caused by one that says, that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return True
        error = error.__cause__
    return False


def write_lyrics(order: RenderOrder) -> Outcome:
    """Write lyrics with the engine and return them in `extras["lyrics"]`."""
    from riffusion_tui.studio.engine.engine_protocol import LyricWriter  # not needed in the server's process

    try:
        _OrderFolder(Path(order.folder)).start()
        engine = _engine(order)
        if not isinstance(engine, LyricWriter):
            return Outcome(error=f"The engine {engine.name} can't write lyrics.")
        return Outcome(extras={"lyrics": engine.write_lyrics(_request(order.request))})
    except EngineError as error:
        return Outcome(error=str(error))
    except Exception as error:  # noqa: BLE001 (the engine's boundary, as above)
        traceback.print_exc()
        return Outcome(error=f"The engine failed: {type(error).__name__}: {error}"[:500])


def write_progress(folder: Path, share: float, what: str) -> None:
    """Write an order's progress into its folder: `share`, 0 to 1, and the current step. Raises `OSError`."""
    draft = folder / f"{PROGRESS}.new"
    draft.write_text(json.dumps([max(0.0, min(1.0, float(share))), what[:100]]), encoding="utf-8")
    draft.replace(folder / PROGRESS)


class _OrderFolder:
    """Progress and cancellation through files in an order's folder, accessed a few times per second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reported_at = self._checked_at = -1e9
        self._cancelled = False

    def start(self) -> None:
        (self._folder / STARTED).write_text(str(os.getpid()), encoding="ascii")

    def progress(self, share: float, what: str) -> None:
        if time.monotonic() - self._reported_at < _EVERY_S:
            return
        self._reported_at = time.monotonic()
        write_progress(self._folder, share, what)

    def cancelled(self) -> bool:
        if not self._cancelled and time.monotonic() - self._checked_at >= _EVERY_S:
            self._checked_at = time.monotonic()
            self._cancelled = not self._folder.exists() or (self._folder / CANCEL).exists()
        return self._cancelled


_engines: dict[tuple[str, str | None, str], Engine] = {}


def _engine(order: RenderOrder) -> Engine:
    which = (order.engine, order.soundfont, order.pronunciation)
    if which not in _engines:
        module, _, name = order.engine.partition(":")
        factory = getattr(importlib.import_module(module), name)
        options = {"soundfont": order.soundfont, "pronunciation": order.pronunciation}
        _engines[which] = factory(**{name: value for name, value in options.items() if value not in (None, BUILT_IN)})
    engine = _engines[which]
    if order.format not in engine.formats:
        raise EngineError(f"The engine {engine.name} can't write {order.format}.")
    return engine


def _request(fields: dict[str, Any]) -> Request:
    if fields.get("fails"):
        raise EngineError("The account's test cookie requested this failure.")
    return Request(
        prompt=fields["prompt"],
        seed=fields["seed"],
        instrumental=fields["instrumental"],
        length_s=fields.get("length_s"),
        title=fields.get("title"),
        lyrics=fields.get("lyrics"),
        lyrics_strength=fields.get("lyrics_strength", 0.5),
        prompts=tuple(WeightedPrompt(**prompt) for prompt in fields.get("prompts", ())),
        locks=Locks(**fields.get("locks", {})),
        edits=tuple(SongEdit(**edit) for edit in fields.get("edits", ())),
    )


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        if not opened.seek(0, os.SEEK_END):
            raise EngineError("The engine wrote an empty file.")
        os.fsync(opened.fileno())


def _described(made: RenderedSong, order: RenderOrder) -> dict[str, Any]:
    return {
        "file": made.file.name,
        "cover": made.cover.name if made.cover else None,
        "format": made.format,
        "title": made.title,
        "lyrics": made.lyrics,
        "timed_lyrics": [[round(at, 3), line] for at, line in made.timed_lyrics],
        "words": [[[round(at, 3), word] for at, word in words] for words in made.words],
        "duration_s": round(made.duration_s, 3),
        "plan": made.plan.as_kept(),
        "waveform": [round(peak, 3) for peak in made.waveform],
        "loudness_lufs": round(made.loudness_lufs, 2),
        "sounds": made.sounds,
        "pronunciation": made.pronunciation,
        "chart": [
            [round(part.start_s, 3), part.name, [[round(at, 3), symbol] for at, symbol in part.chords]]
            for part in made.chart
        ],
        "roll": made.roll,
        "spectrum": made.spectrum,
        "form": made.form,
        "band": made.band,
        "stems": list(made.stems),
        "engine": _engine(order).name,
        "engine_version": _engine(order).version,
    }
