"""Pictures of the screen's main states, made from the real app: `python -m tests.screenshots` writes them.

The clock is stopped and the time zone is UTC; store, commands and prompt analysis are real, and nothing is sent.
The same code gives the same pictures, byte by byte; `tests/tui/test_screenshots.py` fails if they are out of date.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from textual.pilot import Pilot

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.matrix import expand
from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.studio.engine.engine_protocol import RenderedSong
from riffusion_tui.studio.engine.prompt import recognize
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.playing.audio_player import AudioPlayer
from riffusion_tui.tui.state.song.song_facts import Playing
from tests.tui import frames
from tests.tui.stage import SECOND, Stage, busy_evening, set_stage, wave

FOLDER = Path(__file__).parent.parent / "screenshots"
MATRIX = "{lofi|garage} house, rainy window, {90|120} bpm\n---\njazzy k-pop song about a distant lover"
SKETCHES = "{soul|bossa nova} about the harbour at night, {84|120} bpm, female singer"
LOVER = "jazzy k-pop song about a distant lover"

_NAMES = re.compile(r"terminal-\d+")
"""Rich names a picture's parts by a sum over objects that look alike and are not always called alike."""

Act = Callable[[RiffusionApp, "Pilot[int]"], Awaitable[None]]


def songs(stage: Stage) -> None:
    """An evening's finished songs on two accounts."""
    stage.accounts()
    stage.done("8-bit chiptune about clouds, 150 bpm", "Eight Bit Weather", 108, 150, "Cm", "chiptune", age=900.0)
    stage.done("slow soul at the harbour", "Harbour Lights", 182, 84, "F", "soul", age=600.0)
    stage.done(LOVER, "Far Off Signal", 162, 124, "C#m", "k-pop", age=420.0, options=Options(seed=7))
    stage.done(LOVER, "Vivid Daydream", 154, 118, "Am", "k-pop", age=300.0)


def batch(stage: Stage) -> None:
    """A batch under way."""
    songs(stage)
    for prompt in ("lofi house, rainy window, 120 bpm", "garage house, rainy window, 90 bpm", "garage house, 120 bpm"):
        stage.add(prompt)
    stage.add("bossa nova for a slow sunday", Status.MAKING, age=19, account=SECOND)
    stage.add("lofi house, rainy window, 90 bpm", Status.MAKING, age=4)
    stage.add("dark synthwave night drive, 100 bpm", Status.MAKING, age=31)
    stage.add("string quartet in 3/4, D minor", Status.MAKING, age=72)


def limited(stage: Stage) -> None:
    """One account answers 429."""
    batch(stage)
    stage.busy(seconds=17, tries=2)


def composed(stage: Stage) -> None:
    """A matrix of four songs that the studio composed; only their waveforms are made up."""
    stage.service.capabilities = profile_of("studio").capabilities
    stage.accounts()
    for place, made in enumerate(_sketches()):
        verdict = "keep" if place in (0, 3) else ""
        _put(stage, made, 400.0 - 60 * place, verdict)


@cache
def _sketches() -> list[RenderedSong]:
    """Compose the matrix once for all pictures; its chords are the file that is written fastest."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for place, prompt in enumerate(expand(SKETCHES)):
            request = Request(prompt.text, seed=11 + place, length_s=110.0)
            file = Path(folder) / "chords.txt"
            found.append(SketchEngine().make(request, file, "chordpro", lambda *_: None, lambda: False))
    return found


def _put(stage: Stage, made: RenderedSong, age: float, verdict: str) -> None:
    """Store a song as a client does."""
    plan = made.plan
    job = stage.add(
        plan.prompt, Status.DONE, title=made.title, duration_s=made.duration_s, bpm=plan.pulse, genre=plan.genre,
        key=f"{plan.key} {plan.mode}", file=str(stage.songs / f"{made.title}.mp3"), seed=plan.seed, age=age,
        batch="matrix", verdict=verdict,
    )  # fmt: skip
    chart = [[part.start_s, part.name, [[at, symbol] for at, symbol in part.chords]] for part in made.chart]
    more = {"chart": chart, "roll": made.roll, "form": made.form, "band": made.band, "stems": list(made.stems)}
    stage.store.put_song(
        Song(
            job.id,
            lyrics=made.lyrics,
            timed_lyrics=made.timed_lyrics,
            timed_words=tuple(word for line in made.words for word in line),
            waveform=tuple(wave(i) for i in range(200)),
            plan={**plan.as_kept(), **more, "sections": [part.name for part in made.chart], "loudness_lufs": -14.0},
        )
    )
    stage.store.add_time("studio", 12.0)


async def nothing(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Do nothing."""


def keys(*pressed: str) -> Act:
    """Press keys."""

    async def act(app: RiffusionApp, pilot: Pilot[int]) -> None:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()

    return act


async def analyzed(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Wait until the words in the editor are detected."""
    await pilot.pause()
    for _ in range(1500):
        await asyncio.sleep(0.02)
        if app.main.prompt.detected._detected:
            break
    await pilot.pause()


async def written(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Write a matrix."""
    app.main.prompt.editor.put(MATRIX)
    await analyzed(app, pilot)


class StillPlayer(AudioPlayer):
    """Plays, but its position doesn't advance."""

    def state(self) -> Playing:
        return Playing(62.0, False)


async def listening(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """A written matrix, and a song that plays."""
    await written(app, pilot)
    song = next(job for job in app.model.list.jobs.values() if job.title == "Vivid Daydream")
    app.model.list.select(song.id)
    app.show_changes()
    player = StillPlayer(lambda: None, lambda text: None)
    player.job_id = song.id
    app.playback._player = player
    app.player_moved()
    await pilot.pause()


async def scored(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """A song that plays, with its score."""
    app.main.prompt.editor.put(SKETCHES)
    await analyzed(app, pilot)
    app.model.list.select(1)
    app.show_changes()
    player = StillPlayer(lambda: None, lambda text: None)
    player.job_id = 1
    app.playback._player = player
    app.player_moved()
    await pilot.pause()
    await pilot.pause()


async def played_along(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """The lead sheet of a song that plays."""
    await scored(app, pilot)
    await keys("escape", "l")(app, pilot)


async def compared(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Two takes of a prompt."""
    song = next(job for job in app.model.list.jobs.values() if job.title == "Vivid Daydream")
    app.model.list.select(song.id)
    await keys("escape", "v")(app, pilot)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    size: tuple[int, int]
    scene: Callable[[Stage], None] | None = None
    act: Act = nothing
    theme: str = "night"


SHOTS = (
    Shot("first-start", (80, 24), act=analyzed),
    Shot("compose", (120, 32), songs, written),
    Shot("batch", (120, 32), batch, listening),
    Shot("countdown-429", (120, 32), limited, listening),
    Shot("banner-596", (120, 32), busy_evening, written),
    Shot("accounts", (80, 24), busy_evening, keys("f4")),
    Shot("detail", (100, 40), songs, keys("escape", "d")),
    Shot("compare", (110, 30), songs, compared),
    Shot("score", (200, 50), composed, scored),
    Shot("lead-sheet", (80, 24), composed, played_along),
    Shot("locks", (120, 32), composed, keys("escape", "L")),
    Shot("grid", (110, 30), composed, keys("escape", "M")),
    Shot("dashboard", (110, 30), busy_evening, keys("escape", "D")),
    Shot("help", (80, 24), batch, keys("escape", "f1")),
    Shot("palette", (80, 24), batch, keys("ctrl+p")),
    Shot("settings", (80, 24), songs, keys("f2")),
    Shot("80x24", (80, 24), busy_evening, written),
    Shot("40x12", (40, 12), busy_evening, written),
    Shot("light", (120, 32), batch, listening, "day"),
)


@contextmanager
def fixed_surroundings() -> Iterator[None]:
    """Fix the time zone, terminal and colors, which pictures depend on."""
    wanted = {"TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    before = {name: os.environ.get(name) for name in (*wanted, "NO_COLOR")}
    os.environ.update(wanted)
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        time.tzset()


async def take(shot: Shot, folder: Path) -> str:
    """Return a picture as SVG; `folder` holds the store meanwhile."""
    screen = Settings().screen._replace(theme=shot.theme, motion=False, glyphs="unicode")
    stage = set_stage(folder, Settings()._replace(screen=screen))
    stage.sounds, stage.songs = False, Path("/home/ann/Music/riffusion-tui")
    stage.deps.callbacks.understand = lambda prompt, options: recognize(prompt)
    stage.deps.paths = stage.deps.paths._replace(config=Path("/home/ann/.config/riffusion-tui"))
    with stage.store:
        if shot.scene is not None:
            shot.scene(stage)
        app = RiffusionApp(stage.deps)
        frames.leave_frames(app)
        async with app.run_test(size=shot.size) as pilot:
            await pilot.pause()
            await shot.act(app, pilot)
            await pilot.pause()
            return _NAMES.sub(f"riffusion-tui-{shot.name}", app.export_screenshot(title="riffusion-tui"))


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    with fixed_surroundings():
        for shot in SHOTS:
            with tempfile.TemporaryDirectory() as folder:
                (FOLDER / f"{shot.name}.svg").write_text(asyncio.run(take(shot, Path(folder))), "utf-8")


if __name__ == "__main__":
    main()
