"""What plays next: the next song of the list, or the next new take of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.play_order import Review, adjacent, playable, songs_of

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp
    from riffusion_tui.tui.state.song.song_facts import Playing


class SequencePlayer(Protocol):
    """What a sequence needs of the player."""

    def now(self) -> tuple[int, Playing] | None:
        """Return the playing job's id and the position."""

    async def begin(self, job: Job) -> None:
        """Start a song, even if it is playing already."""

    def silence(self) -> None:
        """Stop the song."""


class PlaySequence:
    """Chooses the next song, on command or when one ends."""

    def __init__(self, app: BaseApp, player: SequencePlayer) -> None:
        self._app = app
        self._player = player
        self.continues = False
        """Whether the next song of the list starts when one ends."""
        self.review: Review | None = None

    def stop(self) -> None:
        """End the review and automatic continuation."""
        self.continues = False
        self._end_review()

    def give_up(self) -> None:
        """End both without a message: the one that no player was found says more."""
        self.continues, self.review = False, None
        self._app.player_moved()

    def ended(self, job_id: int) -> None:
        """Start the next song after this one, if that is on."""
        if self.continues:
            self._app.run_worker(self._after(job_id), group="player")

    async def skip(self, step: int) -> None:
        """Play the next or the previous song of the list; in a review, the next new take."""
        if self.review is not None and step > 0:
            await self._next_take()
            return
        now, jobs = self._player.now(), self._app.model.list
        job = adjacent(songs_of(jobs), now[0] if now is not None else jobs.selected, step)
        if job is None:
            self._app.show_message(message("player.no_more"))
        else:
            await self._play(job)

    async def toggle_continues(self) -> None:
        """Toggle whether the next song of the list starts when one ends."""
        self.continues = not self.continues
        self._app.show_message(message("player.continues" if self.continues else "player.ends"))
        jobs = self._app.model.list
        if self.continues and self._player.now() is None:
            current = jobs.current if not jobs.marks else None
            first = current if current is not None and playable(current) else adjacent(songs_of(jobs), None, 1)
            if first is not None:
                await self._play(first)

    async def toggle_review(self) -> None:
        """Start or end a review, which plays each new take of the batch to keep or reject it."""
        if self.review is not None:
            self._end_review()
            return
        review = Review(self._app.model.list, self._app.model.list.current)
        if not review.new_takes() and not review.more_to_come:
            self._app.show_message(message("review.none"))
            return
        self.continues, self.review = False, review
        await self._next_take()

    async def judged(self, id: int) -> None:
        """Play the next take after a verdict on this one."""
        if self.review is not None:
            self.review.judged(id)
            await self._next_take()

    async def more_songs(self) -> None:
        """Continue a review that was waiting for new songs."""
        if self.review is not None and self.review.current is None:
            await self._next_take()

    async def _next_take(self) -> None:
        review = self.review
        if review is None:
            return
        take = review.next()
        if take is not None:
            await self._play(take)
        elif review.more_to_come:
            self._player.silence()
            self._app.show_message(message("review.waits"))
        else:
            self._player.silence()
            self._end_review()
        self._app.player_moved()

    def _end_review(self) -> None:
        if self.review is not None:
            kept, rejected = self.review.count("keep"), self.review.count("reject")
            self.review = None
            self._app.show_message(message("review.done", kept=kept, rejected=rejected), "done")
            self._app.player_moved()

    async def _after(self, job_id: int) -> None:
        job = adjacent(songs_of(self._app.model.list), job_id, 1)
        if job is None:
            self.continues = False
            self._app.show_message(message("player.no_more"))
        else:
            await self._play(job)

    async def _play(self, job: Job) -> None:
        self._app.model.list.select(job.id)
        await self._player.begin(job)
