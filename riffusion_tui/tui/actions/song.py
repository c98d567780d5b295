"""Commands on a song: rate, copy, save, inspect."""

from __future__ import annotations

from pathlib import Path

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui import saving
from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.state.song.lyric_lines import words_and_chords
from riffusion_tui.tui.widgets.song_pane import SongPane
from riffusion_tui.tui.workers import in_worker


class SongActions(MainActions):
    """Keep or reject, copy, save, inspect."""

    song: SongPane

    def action_open_song(self) -> None:
        """Focus the song; in one-column layouts it replaces the list."""
        self.add_class("-song")
        self.song.show()
        self.song.focus()

    def action_leave_song(self) -> None:
        """Go back to the list."""
        self.remove_class("-song")
        self.jobs.view.focus()

    # -- rating

    def _judge(self, verdict: str) -> None:
        review = self._owner.playback.sequence.review
        if review is not None and review.current is not None:
            self._judge_take(review.current, verdict)
            return
        if self.job_list.marks:
            self._judge_marked(verdict)
            return
        job = self.current()
        if job is not None:
            self.undoable.judge({job.id: "" if job.verdict == verdict else verdict})
            self.jobs.view.action_step(1)

    @in_worker
    async def _judge_marked(self, verdict: str) -> None:
        await self.undoable.judge_all(self.targets(), verdict)

    @in_worker
    async def _judge_take(self, id: int, verdict: str) -> None:
        self.undoable.judge({id: verdict})
        self._owner.show_changes()  # before searching the next take without a verdict
        await self._owner.playback.sequence.judged(id)

    def action_keep_take(self) -> None:
        """Toggle the take's keep mark."""
        self._judge("keep")

    def action_reject_take(self) -> None:
        """Toggle the take's reject mark."""
        self._judge("reject")

    # -- copying and saving

    @in_worker
    async def action_copy_from_job(self) -> None:
        """Choose what to copy to the clipboard."""
        job = self.current(finished=False)
        if job is None:
            return
        texts = self._copyable(job)
        choices = [Choice(name, message(f"copy.{name}"), text) for name, text in texts.items()]
        chosen = await self._owner.pick(message("pick.copy"), choices)
        if chosen is not None:
            self._owner.copy_text(texts[chosen], message(f"copy.{chosen}"))

    def _copyable(self, job: Job) -> dict[str, str]:
        from riffusion_tui.tui.playing.players import line_for_elsewhere
        from riffusion_tui.tui.state.song.sheet_lines import sheet_text

        song = self._owner.model.song(job)
        served = not self.deps.capabilities.local  # songs made in this process have no URL that others could open
        found = {
            "prompt": job.prompt,
            "line": line_for_elsewhere(self.deps.environ, self.deps.command, job.id) if job.file else "",
            "file": job.file,
            "link": song.share_url if song and served else "",
            "lyrics": song.lyrics if song else "",
            "lead_sheet": sheet_text(song),
            "curl": self.deps.callbacks.curl(job.id) if self.deps.callbacks.curl is not None else "",
            "id": job.remote_id or "",
        }
        return {name: text for name, text in found.items() if text}

    @in_worker
    async def action_save_as(self) -> None:
        """Save the songs elsewhere, or in another format."""
        jobs = self._with_songs()
        if len(jobs) == 1:
            await saving.save_as(self._owner, jobs[0])
        elif jobs:
            await saving.save_all_as(self._owner, jobs)

    @in_worker
    async def action_save_midi(self) -> None:
        """Save the MIDI file next to each song."""
        if jobs := self._with_songs():
            await saving.save_midi(self._owner, jobs)

    def _with_songs(self) -> list[Job]:
        """Return the marked jobs that have a song, or the selected one; show a message if there are none."""
        if not self.job_list.marks:
            job = self.current()
            return [job] if job is not None else []
        jobs = [job for job in self.job_list.known(self.targets()) if job.status is Status.DONE and job.file]
        if not jobs:
            self.show_message(message("song.not_yet"))
        return jobs

    def action_open_folder(self) -> None:
        """Open the song's folder, or copy its path if there is no file manager."""
        from riffusion_tui.tui.file_manager import open_folder

        job = self.current()
        if job is None:
            return
        folder = str(Path(job.file).parent)
        open_folder(folder, self.deps.environ)
        self._owner.copy_text(folder, folder)

    # -- inspecting

    def action_open_detail(self) -> None:
        """Open the detail screen for the selected job."""
        job = self.current(finished=False)
        if job is not None:
            from riffusion_tui.tui.screens.detail import DetailScreen

            self._owner.push_screen(DetailScreen(self._owner, job.id))

    def action_open_sheet(self) -> None:
        """Show the selected song's chords and words on the whole screen, or those of the song that plays."""
        job = self.job_list.current
        if job is None or job.status is not Status.DONE:
            job = self._owner.playback.job or self.current()
        if job is None:
            return
        from riffusion_tui.tui.screens.sheet import SheetScreen

        if words_and_chords(self._owner.model.song(job), 1):
            self._owner.push_screen(SheetScreen(self._owner, job.id))
        else:
            self.show_message(message("sheet.none"), "waits")

    def action_compare(self) -> None:
        """Compare two takes: two marked songs, or the selected one and another of its prompt."""
        model, jobs = self._owner.model, self.job_list.jobs
        pair = [job for job in (jobs[id] for id in self.job_list.chosen()) if job.status is Status.DONE][:2]
        if len(pair) == 1:
            others = [job for job in model.takes_of(pair[0]) if job.id != pair[0].id]
            source = jobs.get(pair[0].parent or 0) if pair[0].options.operation else None
            if not others and source is not None and source.status is Status.DONE:
                others = [source]
            pair = sorted(pair + others[-1:], key=lambda job: job.id)
        if len(pair) < 2:
            self.show_message(message("compare.none", key=self.hint("jobs.mark")))
            return
        from riffusion_tui.tui.screens.compare import CompareScreen

        self._owner.push_screen(CompareScreen(self._owner, pair[0].id, pair[1].id))
