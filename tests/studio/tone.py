"""A tiny engine for the studio's tests: short real sounds, with the length and faults that the prompt requests."""

from __future__ import annotations

import os
import re
import time
import wave
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from riffusion_tui.studio.engine.engine_errors import Cancelled, EngineError
from riffusion_tui.studio.engine.engine_protocol import Progress, RenderedSong
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

_FORMATS = ("mp3", "wav", "midi")


class ToneEngine:
    """Makes a beep. It obeys words of the prompt: `slow=SECONDS`, `until=FILE`, and those that name a fault.

    With `full=FILE`, the disk is full while that file exists. A song doesn't wait for a file whose folder is gone: its
    test is over.
    """

    name = "tone"
    version = 1
    formats = _FORMATS

    def __init__(self, soundfont: str | None = None) -> None:
        self.soundfont = soundfont

    def make(
        self, request: Request, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        words = request.prompt.split()
        _trouble(words)
        if "nospace" in words and not (to.parent / "tried").exists():
            (to.parent / "tried").touch()
            raise OSError(28, "No space left on device")
        if any(word.startswith("full=") and Path(word[5:]).exists() for word in words):
            raise EngineError("The song can't be written.") from OSError(28, "No space left on device")
        if "crashwav" in words and format == "wav":
            os._exit(9)
        slow = next((float(word[5:]) for word in words if re.fullmatch(r"slow=[0-9.]+", word)), 0.0)
        until = time.monotonic() + slow
        while time.monotonic() < until:
            progress(1 - (until - time.monotonic()) / slow, "humming")
            if cancelled() and "stuck" not in words:
                raise Cancelled
            time.sleep(0.02)
        awaited = [Path(word[6:]) for word in words if word.startswith("until=")]
        while any(file.parent.exists() and not file.exists() for file in awaited):
            progress(0.5, "waiting")
            if cancelled():
                raise Cancelled
            time.sleep(0.02)
        digest = sha256(f"{request.prompt} {request.seed}".encode()).digest()
        with wave.open(str(to), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(digest * 250)
        return _made(request, to, format)

    def write_lyrics(self, request: Request) -> str:
        if request.prompt == "mute":
            raise EngineError("The engine tone is mute today.")
        if request.prompt == "fall":
            raise KeyError("fall")
        if request.prompt == "crash":
            os._exit(9)
        if request.prompt.startswith("slow="):
            time.sleep(float(request.prompt.split()[0][5:]))
        return f"[Verse]\n{request.prompt}"


def _trouble(words: list[str]) -> None:
    if "crash" in words:
        os._exit(9)
    if "fault" in words:
        raise ZeroDivisionError("by nothing")
    if "error" in words:
        raise EngineError("This prompt asks for an error.")


def _made(request: Request, to: Path, format: str) -> RenderedSong:
    plan = Plan(
        prompt=request.prompt, seed=request.seed, genre="tone", blend=None, bpm=120.0, key="A", mode="minor",
        meter=(4, 4), swing=0.0, moods=(), scenes=(), era=None, instruments=(), avoided=(), vocals="none",
        production=(), energy=0.5, density=0.5, brightness=0.5, structure=(), length_s=0.5, language="en",
        understood=(), ignored=(), chosen=(),
        limits=("There is no theremin.",) if "theremin" in request.prompt else (),
    )  # fmt: skip
    return RenderedSong(
        file=to,
        format=format,
        title=request.title or f"Tone {request.seed}",
        lyrics="[Instrumental]" if request.instrumental else f"[Verse]\n{request.prompt}",
        timed_lyrics=() if request.instrumental else ((0.0, request.prompt),),
        words=() if request.instrumental else (((0.0, request.prompt),),),
        duration_s=0.5,
        plan=plan,
        waveform=(0.1, 0.9, 0.4),
        loudness_lufs=-14.0,
        sounds="synthesized",
    )
