"""The app with its player, which screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.tui.base_app import BaseApp

if TYPE_CHECKING:
    from riffusion_tui.tui.playing.playback import Playback


class PlayingApp(BaseApp):
    """An app that plays songs."""

    playback: Playback
