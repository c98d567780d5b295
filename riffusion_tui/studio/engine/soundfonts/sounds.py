"""Chooses the sounds: a soundfont if there is one, else the engine's own voices."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riffusion_tui.studio.engine.soundfonts.soundfont import SoundFont

SYNTHESIZED = "synthesized"
"""The value of the setting, and of `RenderedSong.sounds`, for the engine's own voices."""

FOLDERS = (
    "/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts", "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts", "~/.local/share/soundfonts", "~/Library/Audio/Sounds/Banks",
)  # fmt: skip
"""System folders of soundfonts, in search order."""

_PREFERRED = ("FluidR3_GM.sf2", "FluidR3Mono_GM.sf3", "FluidR3_GM.sf3")


def candidates(setting: str | None) -> Iterator[Path]:
    """Yield soundfonts in order: the setting's, or else the one in pretty_midi and, if that is missing, the system's.

    The one in pretty_midi is the same everywhere, so that a prompt and a seed give the same song on every machine; the
    mix was tuned with it.

    Args:
        setting: a path, or None for the default. `synthesized` yields none.
    """
    if setting == SYNTHESIZED:
        return
    if setting:
        yield _expanded(setting)
        return
    bundled = _bundled()
    if bundled is not None:
        yield bundled
    for folder in FOLDERS:
        found = sorted(p for p in _expanded(folder).glob("*.sf[23]") if p.is_file())
        yield from sorted(found, key=lambda p: p.name not in _PREFERRED)


def _expanded(path: str) -> Path:
    """Return a path with `~` expanded, unless no such home folder is known: then there is no such file either."""
    with suppress(RuntimeError):
        return Path(path).expanduser()
    return Path(path)


def _bundled() -> Path | None:
    """Find pretty_midi's soundfont without importing pretty_midi, which takes 0.1 s."""
    spec = importlib.util.find_spec("pretty_midi")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / "TimGM6mb.sf2"
    with suppress(PermissionError):  # it may be in a folder of another user
        return path if path.is_file() else None
    return None


def open_sounds(setting: str | None) -> SoundFont | None:
    """Open the first usable soundfont, or return None to use the engine's own voices.

    Args:
        setting: as for `candidates`.
    """
    from riffusion_tui.studio.engine.engine_errors import SoundfontError
    from riffusion_tui.studio.engine.soundfonts.soundfont import SoundFont

    for path in candidates(setting):
        try:
            font = SoundFont(path)
        except SoundfontError:
            continue
        if font.has(0, 0):
            return font
    return None
