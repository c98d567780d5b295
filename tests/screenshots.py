"""Pictures of the screen's main states, made from the real app: `python -m tests.screenshots` writes them.

The clock stands, the zone is UTC; store, desk and hearing are real; nothing is sent anywhere: the same code gives the
same pictures, byte by byte, and `tests/tui/test_screenshots.py` says when they are out of date.
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
from pathlib import Path

from textual.pilot import Pilot

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.studio.engine.prompt import recognize
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.audio_player import AudioPlayer
from riffusion_tui.tui.state.song_lines import Playing
from tests.tui.stage import SECOND, Stage, busy_evening, set_stage

FOLDER = Path(__file__).parent.parent / "screenshots"
MATRIX = "{lofi|garage} house, rainy window, {90|120} bpm\n---\njazzy k-pop song about a distant lover"
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


async def nothing(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Leave it as it is."""


def keys(*pressed: str) -> Act:
    """Press keys."""

    async def act(app: RiffusionApp, pilot: Pilot[int]) -> None:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()

    return act


async def heard(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Wait until what stands in the editor is heard."""
    await pilot.pause()
    for _ in range(1500):
        await asyncio.sleep(0.02)
        if app.main.prompt.detected._detected:
            break
    await pilot.pause()


async def written(app: RiffusionApp, pilot: Pilot[int]) -> None:
    """Write a matrix."""
    app.main.prompt.editor.put(MATRIX)
    await heard(app, pilot)


class StillPlayer(AudioPlayer):
    """Plays, and stays where it is."""

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
    Shot("first-start", (80, 24), act=heard),
    Shot("compose", (110, 30), songs, written),
    Shot("batch", (110, 30), batch, listening),
    Shot("countdown-429", (110, 30), limited, listening),
    Shot("banner-596", (110, 30), busy_evening, written),
    Shot("accounts", (80, 24), busy_evening, keys("f4")),
    Shot("detail", (100, 40), songs, keys("escape", "d")),
    Shot("compare", (110, 30), songs, compared),
    Shot("help", (80, 24), batch, keys("escape", "f1")),
    Shot("palette", (80, 24), batch, keys("ctrl+p")),
    Shot("settings", (80, 24), songs, keys("f2")),
    Shot("80x24", (80, 24), busy_evening, written),
    Shot("40x12", (40, 12), busy_evening, written),
    Shot("light", (110, 30), batch, listening, "day"),
)


@contextmanager
def fixed_surroundings() -> Iterator[None]:
    """Hold what a picture could depend on: zone, terminal, colours."""
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
    stage.deps.understand = recognize
    stage.deps.settings_file = Path("/home/ann/.config/riffusion-tui/settings.toml")
    with stage.store:
        if shot.scene is not None:
            shot.scene(stage)
        app = RiffusionApp(stage.deps)
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
