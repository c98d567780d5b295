"""Commands on what plays, for every screen that follows it: seek, skip, stop, volume."""

from __future__ import annotations

from riffusion_tui.tui.screens.app_screen import AppScreen
from riffusion_tui.tui.state.song.song_chart import jump, sections
from riffusion_tui.tui.workers import in_worker

_SEEK_S = 5
_VOLUME_STEP = 5
"""Percent."""


class TransportActions(AppScreen[None]):
    """Seek, skip, stop, change the volume."""

    @in_worker
    async def action_seek_back(self) -> None:
        """Seek back 5 seconds."""
        await self._owner.playback.seek(-_SEEK_S)

    @in_worker
    async def action_seek_forward(self) -> None:
        """Seek forward 5 seconds."""
        await self._owner.playback.seek(_SEEK_S)

    @in_worker
    async def action_section_back(self) -> None:
        """Seek to the previous section."""
        await self._jump(-1)

    @in_worker
    async def action_section_forward(self) -> None:
        """Seek to the next section."""
        await self._jump(1)

    async def _jump(self, steps: int) -> None:
        now, job = self._owner.playback.now(), self._owner.playback.job
        if now is None or job is None:
            return
        start_s = jump(sections(self._owner.model.song(job)), now[1].position_s, steps)
        if start_s is not None:
            await self._owner.playback.seek(start_s - now[1].position_s)

    @in_worker
    async def action_next_song(self) -> None:
        """Play the next song of the list; in a review the next new take."""
        await self._owner.playback.sequence.skip(1)

    @in_worker
    async def action_previous_song(self) -> None:
        """Play the previous song."""
        await self._owner.playback.sequence.skip(-1)

    @in_worker
    async def action_louder(self) -> None:
        """Raise the volume."""
        await self._owner.playback.louder(_VOLUME_STEP)

    @in_worker
    async def action_softer(self) -> None:
        """Lower the volume."""
        await self._owner.playback.louder(-_VOLUME_STEP)

    def action_stop_playing(self) -> None:
        """Stop."""
        self._owner.playback.stop()
