"""A stage for the screen: a stopped clock, a real store, real job commands, and a scripted service.

The jobs on it are written into the store as a dispatcher would leave them, so that every state can be looked at.
"""

from __future__ import annotations

import asyncio
import io
import math
import random
import wave as wavefile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.pilot import Pilot
from textual.strip import Strip

from riffusion_tui.config.paths import Paths
from riffusion_tui.config.settings import Settings
from riffusion_tui.dispatch.commands.account_commands import AccountCommands
from riffusion_tui.dispatch.commands.job_commands import JobCommands
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, Options, Song, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import (
    Accepted,
    AccountBroken,
    AccountInfo,
    Capabilities,
    Capacity,
    CreateRequest,
    PolledJob,
    PollResult,
    RemoteSong,
    Workload,
    WrittenLyrics,
)
from riffusion_tui.services.inspection import AlwaysReady
from riffusion_tui.store import NewJob, Store
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.dependencies import Dependencies, ScreenCallbacks, UnderstoodWord
from tests.tui import frames

NOON = 1_739_797_200.0
"""2025-02-17 13:00 UTC."""
FIRST, SECOND = "5f72c91e-2b3d-42a4-9fb1-0b8c2e293b2c", "9ab0d1aa-77c1-4f0e-8c55-6a3a2f6f1c10"


class StillClock:
    """A clock that stands still until moved."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.at

    def steady(self) -> float:
        return self.at - NOON

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class StageService(AlwaysReady):
    """A service with two accounts; any cookie but `refused` repairs one."""

    name: str = "studio"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            formats=("mp3", "wav", "stems", "midi"),
            models=("FUZZ-0.8",),
            lyrics=True,
            given_lyrics=True,
            seed=True,
            length=True,
            title=True,
        )
    )
    known: dict[str, AccountInfo] = field(default_factory=lambda: {one: AccountInfo(one, 3) for one in (FIRST, SECOND)})
    suggestion: WrittenLyrics = field(default_factory=lambda: WrittenLyrics(""))
    unknown: Capabilities | None = None
    """Features that it has only after `fetch_capabilities`."""
    posted: list[tuple[Secret | None, int, str | None]] = field(default_factory=list)

    async def fetch_capabilities(self) -> None:
        self.capabilities = self.unknown or self.capabilities

    async def create(self, request: CreateRequest) -> Accepted:
        return Accepted(("00000000-0000-4000-8000-000000000000",), FIRST)

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        return ()

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        return None

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        return PollResult()

    async def workload(self) -> Workload:
        return Workload((), tuple(Capacity(one.user_id, one.max_jobs, 0) for one in self.known.values()))

    async def cancel(self, remote_id: str) -> None:
        return None

    async def accounts(self) -> tuple[AccountInfo, ...]:
        return tuple(self.known.values())

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        self.posted.append((credential, max_jobs, user_id))
        if credential is not None and credential.reveal() == "refused":
            raise AccountBroken("The cookie was not accepted.", account=user_id)
        account = AccountInfo(user_id or "new-account", max_jobs)
        self.known[account.user_id] = account
        return account

    async def remove_account(self, user_id: str) -> None:
        del self.known[user_id]

    async def download(
        self,
        song: RemoteSong,
        to: Path,
        progress: Callable[[int, int | None], None],
        format: str | None = None,
    ) -> None:
        await asyncio.to_thread(to.write_bytes, b"MThd")

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        return self.suggestion._replace(text=f"[Verse]\n{prompt}")

    async def aclose(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Word:
    """A detected word."""

    word: str
    kind: str
    meaning: str


_LEXICON = {
    "lofi": "genre", "garage": "genre", "house": "genre", "jazzy": "genre", "k-pop": "genre", "bpm": "tempo",
    "rainy": "scene", "window": "scene", "lover": "mood",
}  # fmt: skip


def analyze(prompt: str, options: Options) -> Sequence[UnderstoodWord]:
    """Detect a few words, so that the line under the editor isn't empty."""
    words = prompt.replace("{", " ").replace("}", " ").replace("|", " ").replace(",", " ").split()
    return [Word(word, _LEXICON.get(word, "ignored"), word) for word in words if word not in ("a", "about", "---")]


@dataclass(slots=True)
class Stage:
    """Everything a screen needs, and ways to set it."""

    deps: Dependencies
    store: Store
    clock: StillClock
    service: StageService
    songs: Path
    sounds: bool = True
    """Whether its songs are real files; a picture needs none."""
    paints_every_frame: bool = False
    """Whether its apps paint every frame."""

    def accounts(self, broken: str = "") -> None:
        """Add the two accounts, optionally with one broken."""
        self.store.put_accounts(
            "studio",
            [
                Account("studio", one, 3, error="Session expired." if one == broken else "", seen_at=NOON)
                for one in (FIRST, SECOND)
            ],
        )
        if broken:
            self.service.known[broken] = AccountInfo(broken, 3, "Session expired.")
            self.store.put_gate(Gate("studio", broken, WaitCause.BROKEN, NOON - 240))

    def busy(self, seconds: float = 17, tries: int = 2) -> None:
        """Make the second account answer 429."""
        self.store.put_gate(Gate("studio", SECOND, WaitCause.BUSY, NOON - 40, self.clock.at + seconds, tries))

    def add(self, prompt: str, status: Status = Status.QUEUED, *, age: float = 0.0, **fields: Any) -> Job:
        """Add a job that reached `status` `age` seconds ago."""
        options: Options = fields.pop("options", Options())
        number = len(self.store.jobs()) + 1
        batch = fields.pop("batch", f"b{number}")
        (job,) = self.store.add([NewJob(prompt, options, "studio", f"rt-{number}", batch)])
        for step in _WAYS[status]:
            extra: dict[str, Any] = {}
            if step is Status.SENDING:
                extra["sent_at"] = self.clock.at - age
            if step is Status.MAKING:
                extra |= {"accepted_at": self.clock.at - age, "account": FIRST, "remote_id": f"{number:08}-song"}
            if step is status:
                extra |= fields
            if step in (Status.DONE, Status.FAILED, Status.REFUSED, Status.CANCELLED):
                extra.setdefault("ended_at", self.clock.at - age)
            job = self.store.update(job.id, step, step.value, **extra)
        return job

    def done(self, prompt: str, title: str, length: float, bpm: float, key: str, genre: str, **more: Any) -> Job:
        """Add a finished song with a file, a waveform, lyrics and a plan."""
        file = self.songs / f"{title}.mp3"
        if self.sounds:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(tone())
        job = self.add(
            prompt, Status.DONE, title=title, duration_s=length, bpm=bpm, key=key, genre=genre, file=str(file), **more
        )
        self.store.put_song(
            Song(
                job.id,
                lyrics="[Verse]\nNeon on the river, your letter in my coat\n"
                "Half a world of weather in every word you wrote\n"
                "\n[Chorus]\nCall me when it's morning where you are\nI'll leave the kitchen light on for a star",
                timed_lyrics=((8.0, "Neon on the river, your letter in my coat"),),
                waveform=tuple(wave(i) for i in range(200)),
                plan={
                    "genre": genre,
                    "understood": [["jazzy", "genre", "jazz"], ["k-pop", "genre", "k-pop"]],
                    "ignored": ["distant"],
                    "chosen": [["bpm", f"{bpm:.0f}"], ["key", key]],
                    "loudness_lufs": -14.1,
                    "sounds": "synthesized",
                },
                share_url="https://example.org/song/1",
                raw={"id": "1", "status": "completed"},
            )
        )
        self.store.add_time("studio", 120.0)
        return job


def tone(seconds: float = 0.1) -> bytes:
    """Return a short sound as a WAV file."""
    held = io.BytesIO()
    with wavefile.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = (int(9000 * math.sin(i / 3)) for i in range(int(8000 * seconds)))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return held.getvalue()


def wave(step: int) -> float:
    """Return a waveform that rises into two choruses."""
    swell = 0.35 + 0.3 * math.sin(step / 200 * math.tau * 1.5 - 1) ** 2
    return min(1.0, swell + 0.25 * abs(math.sin(step * 1.7)))


_WAYS: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (),
    Status.HELD: (Status.HELD,),
    Status.SENDING: (Status.SENDING,),
    Status.MAYBE_SENT: (Status.SENDING, Status.MAYBE_SENT),
    Status.MAKING: (Status.SENDING, Status.MAKING),
    Status.FETCHING: (Status.SENDING, Status.MAKING, Status.FETCHING),
    Status.DONE: (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE),
    Status.REFUSED: (Status.SENDING, Status.REFUSED),
    Status.FAILED: (Status.SENDING, Status.MAKING, Status.FAILED),
    Status.CANCELLED: (Status.CANCELLED,),
}


def set_stage(folder: Path, settings: Settings | None = None, environ: dict[str, str] | None = None) -> Stage:
    """Create an empty stage in `folder`."""
    clock, service = StillClock(), StageService()
    file = folder / "jobs.sqlite3"
    file.write_bytes(_empty_store())
    store = Store.open(file, clock)
    job_commands = JobCommands(store, service, clock=clock, rng=random.Random(7))
    deps = Dependencies(
        open_job_commands=lambda: job_commands,
        open_account_commands=lambda: AccountCommands(store, service, clock=clock, rng=random.Random(7)),
        store=store,
        service="studio",
        capabilities=lambda: service.capabilities,
        settings=settings or Settings(),
        paths=Paths(folder, folder, folder, folder / "songs"),
        clock=clock,
        environ=environ or {"TERM": "xterm-256color"},
        callbacks=ScreenCallbacks(understand=analyze),
    )
    return Stage(deps, store, clock, service, folder / "songs")


@cache
def _empty_store() -> bytes:
    """Return an empty store's file: creating its tables takes longer than a test's own statements."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "jobs.sqlite3")
        Store.open(file, StillClock()).close()
        return file.read_bytes()


def busy_evening(stage: Stage) -> None:
    """Add two accounts, one broken, a 429, three running songs, some waiting and some ended."""
    stage.accounts(broken=FIRST)
    stage.busy()
    stage.done("8-bit chiptune about clouds, 150 bpm", "Eight Bit Weather", 108, 150, "Cm", "chiptune", age=900.0)
    stage.add(
        "a song like that famous one", Status.REFUSED, age=800, trouble=FailureKind.MODERATION, error="Moderated."
    )
    stage.done("slow soul at the harbour", "Harbour Lights", 182, 84, "F", "soul", age=600.0)
    stage.done("jazzy k-pop song about a distant lover", "Vivid Daydream", 154, 118, "Am", "k-pop", age=300.0)
    stage.add("bossa nova for a slow sunday", options=Options(account=FIRST))
    for prompt in ("lofi house, rainy window, 120 bpm", "garage house, rainy window, 90 bpm", "garage house, 120 bpm"):
        stage.add(prompt)
    stage.add("lofi house, rainy window, 90 bpm", Status.MAKING, age=4, account=SECOND)
    stage.add("dark synthwave night drive, 100 bpm", Status.MAKING, age=31, account=SECOND)
    stage.add("jazzy k-pop song about a distant lover", Status.MAKING, age=72, account=SECOND)


Scene = Callable[[Stage], None]


@dataclass(slots=True)
class Shown:
    """A running screen, and methods to use it."""

    app: RiffusionApp
    pilot: Pilot[int]
    sent: list[str]
    stage: Stage

    async def resize(self, width: int, height: int) -> None:
        """Resize the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until their effects are shown."""
        for key in keys:
            frames.paint_once(self.app)
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type letters."""
        frames.paint_once(self.app)
        await self.pilot.press(*(_KEY.get(letter, letter) for letter in text))
        await self.pilot.pause()

    async def settle(self) -> None:
        """Wait until the app is idle."""
        for _ in range(2):
            await asyncio.sleep(0)
            await self.pilot.pause()

    def text(self) -> str:
        """Return the screen's text."""
        return "\n".join(strip.text.rstrip() for strip in self.strips())

    def strips(self) -> list[Strip]:
        """Return the lines of the screen, with their styles."""
        frames.seen(self.app.screen)
        return self.app.screen._compositor.render_strips()

    def words(self) -> str:
        """Return the screen's text as one line, without frames."""
        return " ".join(self.text().translate(_FRAMES).split())

    def status(self) -> str:
        """Return the text of the status bar."""
        frames.paint(self.app)
        strip = self.app.main.status._strip
        return strip.text.strip() if strip is not None else ""

    @property
    def jobs(self) -> list[Job]:
        """The jobs in the store, oldest first."""
        return list(reversed(self.stage.store.jobs()))


_FRAMES = str.maketrans(dict.fromkeys("│─╭╮╰╯", " "))
_KEY = {
    " ": "space",
    "\n": "enter",
    ",": "comma",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "|": "vertical_line",
}
