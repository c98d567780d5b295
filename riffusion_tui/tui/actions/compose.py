"""Commands of the prompt."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from riffusion_tui.jobs.matrix import MatrixError, Prompt, escaped, expand
from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.state.job_list.job_row import first_line
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.config.library import Library
    from riffusion_tui.services.base import WrittenLyrics

_NAME = 40
"""Maximum length of a suggested name."""


class ComposeActions(MainActions):
    """Generate, edit, history, library."""

    @in_worker
    async def action_make(self) -> None:
        """Queue the editor's prompts, after asking if there are many. The text stays; the first new job is selected."""
        editor = self.prompt.editor
        text = editor.effective_text
        try:
            prompts = expand(text)
        except MatrixError as error:
            self._owner.show_error(str(error))
            return
        if not prompts:
            self.show_message(message("make.empty"), "waits")
            editor.focus()
            return
        if not self.prompt.has_focus_within and not self.draft.unsent_text(text):
            editor.focus()  # the key was probably meant for text that went elsewhere
            self.show_message(message("make.same", key=self.hint("make")), "waits")
            return
        _, songs = self.draft.count(text)
        self.job_commands.check_songs(songs)
        if songs > self.deps.settings.batch.confirm_above:
            question = message("make.many", n=songs * self.deps.capabilities.songs)
            if not await self._owner.confirm(message("make.title"), question):
                return
        jobs, queued = self._queued(prompts, songs, text)
        editor.offer("")
        if not editor.text.strip():
            editor.put(text)
        if self.prompt.has_focus_within:
            editor.focus()  # from the options: esc then goes to the jobs, as everywhere
        self.draft.written(text)
        self.job_list.select(jobs[0].id)
        self.show_message(queued, "done")

    @contextmanager
    def _remembered(self, text: str) -> Iterator[None]:
        """Add the text to the history together with the jobs, so that a crash can't leave it as an unsent draft."""
        with self.deps.store.transaction():
            yield
            self.deps.store.remember_prompt(text.strip("\n"))

    def _queued(self, prompts: tuple[Prompt, ...], songs: int, text: str) -> tuple[tuple[Job, ...], str]:
        """Queue the prompts of a text, or change the job whose prompt is edited; return the jobs and a message."""
        commands, draft = self.job_commands, self.draft
        old, changes = draft.replaced(self.job_list.jobs, songs)
        if old is not None and changes:
            with self._remembered(text):
                job = commands.edit_queued(old.id, prompts[0].text, draft.options)
            before = old

            async def change_back(ids: tuple[int, ...]) -> None:
                from riffusion_tui.dispatch.errors import NotPossible

                try:
                    commands.edit_queued(before.id, before.prompt, before.options)
                except NotPossible as error:  # another instance deleted it, or it was sent
                    self.show_message(message("make.not_undone", why=str(error)), "waits")
                    return
                self.show_message(message("make.unchanged", id=before.id), "done")

            self.undo_steps.note([job.id], change_back)
            draft.detach()
            return (job,), message("make.changed", id=old.id)
        with self._remembered(text):
            if draft.source in self.job_list.jobs and songs == 1:
                jobs = commands.again(
                    (draft.source,), prompt=prompts[0].text, options=draft.options, service=prompts[0].service
                )
            else:
                jobs = commands.submit(prompts, draft.options, draft.takes)
        if draft.source is not None:
            draft.source, draft.replaces = jobs[0].id, False
        self.deps.dispatch_jobs_too(jobs)
        made, ids = len(jobs) * self.deps.capabilities.songs, [job.id for job in jobs]
        if old is None or not commands.delete((old.id,)).ids:
            self.undo_steps.note_made(ids)
            return jobs, message("make.done", n=made)
        self.undo_steps.note_replaced(old.id, ids)
        return jobs, message("make.instead", n=made, id=old.id, key=self.hint("job.undo"))

    def action_write(self) -> None:
        """Go to the prompt."""
        self.remove_class("-song")
        self.prompt.editor.focus()

    def action_focus_jobs(self) -> None:
        """Go to the list."""
        self.jobs.view.focus()

    def action_new_prompt(self) -> None:
        """Start a new prompt with default options; the old prompt stays in the history."""
        editor = self.prompt.editor
        if editor.text.strip():
            self.deps.store.remember_prompt(editor.text.strip("\n"))
        editor.offer("")
        editor.put("")
        self.draft.written()
        self.action_write()
        if self.draft.start_new():
            self.show_message(message("options.new", key=self.hint("options.clear")))

    @in_worker
    async def action_edit_prompt(self) -> None:
        """Edit the prompt in $EDITOR."""
        from riffusion_tui.tui.external_editor import edited

        area = self.prompt.editor
        before = area.effective_text
        text = await edited(self._owner, before, ".txt")
        if text is not None and text != before:
            area.put(text)

    # -- history and library

    @in_worker
    async def action_history(self) -> None:
        """Load an earlier prompt into the editor."""
        prompts = self.deps.store.prompts()
        choices = [Choice(str(number), first_line(text)) for number, text in enumerate(prompts)]
        chosen = await self._owner.pick(message("pick.history"), choices)
        if chosen is not None:
            self._put(prompts[int(chosen)])

    def _put(self, text: str) -> None:
        """Load another prompt into the editor and reset the options of the previous one."""
        self.draft.change_prompt()
        self.prompt.editor.put(text)
        self.action_write()

    @in_worker
    async def action_library(self) -> None:
        """Load a saved prompt or a preset's options."""
        from riffusion_tui.config.library import load_library

        held = load_library(self.deps.paths.library_file)
        choices = [Choice(f"prompt:{name}", name, first_line(text)) for name, text in held.prompts.items()]
        choices += [
            Choice(f"preset:{name}", name, message("pick.preset", options=_listed(options)))
            for name, options in held.presets.items()
        ]
        if not choices:
            self.show_message(message("library.empty"))
            return
        picked = await self._owner.pick_or_remove(message("pick.library"), choices)
        if picked is None:
            return
        kind, _, name = picked.id.partition(":")
        if picked.remove:
            await self._remove_from_library(held, kind, name)
            return
        if kind == "prompt":
            self._put(held.prompts[name])
            return
        self.draft.reset()
        self.draft.change(**held.presets[name])
        self.action_write()

    async def _remove_from_library(self, held: Library, kind: str, name: str) -> None:
        from riffusion_tui.config.library import save_library

        if not await self._owner.confirm(message("library.remove"), message("library.removes", name=name)):
            return
        left = held.without_prompt(name) if kind == "prompt" else held.without_preset(name)
        save_library(self.deps.paths.library_file, left)
        self.show_message(message("library.removed", name=name), "done")

    @in_worker
    async def action_keep_prompt(self) -> None:
        """Save the prompt under a name in the library."""
        from riffusion_tui.config.library import load_library, save_library

        text = self.prompt.editor.effective_text.strip()
        if not text:
            self.show_message(message("make.empty"), "waits")
            return
        name = await self._owner.ask(message("library.keep"), message("library.name"), value=_name(text))
        if name and name.strip():
            held = load_library(self.deps.paths.library_file)
            save_library(self.deps.paths.library_file, held.with_prompt(name, text))
            self.show_message(message("library.kept", name=name.strip()), "done")

    @in_worker
    async def action_keep_preset(self) -> None:
        """Save the options under a name in the library."""
        from riffusion_tui.config.library import PRESET_FIELDS, load_library, save_library

        name = await self._owner.ask(message("library.preset"), message("library.name"))
        if name and name.strip():
            held = load_library(self.deps.paths.library_file)
            save_library(self.deps.paths.library_file, held.with_preset(name, self.draft.preset(PRESET_FIELDS)))
            self.show_message(message("library.kept", name=name.strip()), "done")

    # -- lyrics

    @in_worker
    async def action_own_lyrics(self) -> None:
        """Show, edit or remove the lyrics of this prompt."""
        await self._lyrics()

    @in_worker
    async def action_write_lyrics(self) -> None:
        """Let the service write lyrics for the prompt; they are shown before they are used."""
        if not self.deps.capabilities.lyrics:
            self.show_message(message("lyrics.not_here"), "waits")
        elif not self._first_prompt():
            self.show_message(message("make.empty"), "waits")
        else:
            await self._lyrics(ask=True)

    async def _lyrics(self, *, ask: bool = False) -> None:
        from riffusion_tui.tui.screens.lyrics import LyricsScreen

        prompt, now = self._first_prompt(), self.draft.options.lyrics or ""

        async def written(lyrics: str) -> WrittenLyrics:
            return await self.job_commands.write_lyrics(prompt, lyrics or None)

        can = self.deps.capabilities.lyrics and prompt
        screen = LyricsScreen(self._owner, "" if ask else now, written if can else None, ask_now=ask)
        wanted = await self._owner.push_screen_wait(screen)
        if wanted is None:
            return
        lyrics = wanted.lyrics
        if lyrics and wanted.suggestion is not None:
            self._use(wanted.suggestion)
        self.draft.change(lyrics=lyrics or None)
        if lyrics:
            self.draft.change(instrumental=False)  # lyrics imply vocals
        self.show_message(message("lyrics.kept" if lyrics else "lyrics.none"), "done")

    def _use(self, written: WrittenLyrics) -> None:
        """Set what a service suggests with its lyrics; its caption goes to the end of the prompt, if it is one."""
        self.draft.change(extra=tuple((dict(self.draft.options.extra) | dict(written.extra)).items()))
        if written.length_s:
            self.draft.change(length_s=written.length_s)
        editor = self.prompt.editor
        if written.caption and self.draft.count(editor.text)[0] == 1 and not self.draft.services:
            editor.put(f"{editor.text.rstrip()}\n{escaped(written.caption)}")

    def _first_prompt(self) -> str:
        """Return the first prompt in the editor."""
        try:
            prompts = expand(self.prompt.editor.text)
        except MatrixError:
            return self.prompt.editor.text.strip()
        return prompts[0].text if prompts else ""


def _listed(options: Mapping[str, object]) -> str:
    """Return the options of a preset in words: `takes 2, instrumental, target length 1:30`."""
    from riffusion_tui.tui.state.song.lineage import OPTION_NAMES, option_text  # not needed for the first frame

    def option(name: str, value: object) -> str:
        if name == "instrumental":
            return message("options.instrumental" if value else "options.vocals")
        return f"{OPTION_NAMES.get(name, name)} {first_line(option_text(name, value))}"

    return ", ".join(option(name, value) for name, value in options.items())


def _name(text: str) -> str:
    """Suggest a name for a prompt: its first words."""
    return textwrap.shorten(text.split("\n---")[0], _NAME, placeholder="") or first_line(text)[:_NAME]
