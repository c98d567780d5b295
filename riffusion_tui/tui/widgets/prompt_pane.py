"""The prompt pane: the editor, the options of the next prompt, and the words that the engine hears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from riffusion_tui.tui.commands import CommandScope
from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.glyphs import Glyphs
from riffusion_tui.tui.key_order import OrderedKeys
from riffusion_tui.tui.keys import Keys, bindings
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.state.draft import Draft, Preview
from riffusion_tui.tui.state.job_row import short_account
from riffusion_tui.tui.state.song_lines import meant
from riffusion_tui.tui.state.times import rough
from riffusion_tui.tui.text_cells import Part, cut, width
from riffusion_tui.tui.widgets.editor import PromptEditor
from riffusion_tui.tui.widgets.painted import PaintedLine


class OptionsLine(OrderedKeys, PaintedLine, can_focus=True):
    """What the next prompt is made with; with the focus on it, its letters change it."""

    BINDINGS = [*bindings(CommandScope.OPTIONS)]

    def __init__(self, composing: Draft, glyphs: Glyphs, keys: Keys) -> None:
        super().__init__(id="options")
        self._composing = composing
        self._glyphs = glyphs
        self._keys = keys

    def parts(self) -> Iterator[Part]:
        """Vocals, model, account, takes; then whatever else is set. With the focus each shows its key."""
        options = self._composing.options
        dot = (f" {self._glyphs.dot} ", self.shade("faint"))
        vocals = say("options.instrumental") if options.instrumental else say("options.vocals")
        shown = [
            ("options.vocals", vocals, "done"),
            ("options.model", self._composing.model or say("options.usual_model"), "dim"),
            ("options.account", self._account(), "dim"),
            (
                "options.takes",
                say("options.takes", n=self._composing.takes),
                "dim" if self._composing.takes == 1 else "ink",
            ),
        ]
        names = self._composing.unusual()
        shown += [(f"options.{_COMMAND.get(name, name)}", self._said(name), "ink") for name in names]
        room = self.size.width
        for number, (command, text, shade) in enumerate(shown):
            wide = width(text) + (3 if number else 0) + (3 if self.has_focus else 0)
            if wide > room:
                return
            room -= wide
            if number:
                yield dot
            if self.has_focus:
                yield f"{self._keys.shown(command)} ", self.shade("focus")
            yield text, self.shade(shade)

    def _account(self) -> str:
        account = self._composing.options.account
        return say("options.account", account=short_account(account)) if account else say("options.any_account")

    def _said(self, name: str) -> str:
        value = getattr(self._composing.options, name)
        if name == "extra":
            return cut(" ".join(f"{field} {text}" for field, text in value), 40, self._glyphs.ellipsis)
        return f"{_LABEL.get(name, name)} {cut(str(value), 16, self._glyphs.ellipsis)}"

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the keys, or take them away."""
        super().watch_has_focus(has_focus)
        self.show()


_COMMAND = {"max_jobs": "jobs", "reply_url": "url", "reply_ref": "ref", "length_s": "length", "extra": "fields"}
_LABEL = {"max_jobs": "maxJobs", "reply_url": "replyUrl", "reply_ref": "replyRef", "length_s": "length"}


class HearsLine(PaintedLine):
    """The words that mean something to the engine, and dimly those that don't."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="hears")
        self._glyphs = glyphs
        self._heard: Sequence[UnderstoodWord] = ()

    def hear(self, heard: Sequence[UnderstoodWord]) -> None:
        """Show other words."""
        self._heard = heard
        self.show()

    def parts(self) -> Iterator[Part]:
        """Each meaning once, in the order of the prompt."""
        heard = [word for word in self._heard if word.kind != "ignored"]
        known = list(dict.fromkeys(meant(word.kind, word.meaning or word.word) for word in heard))
        known = one_tempo(known)
        ignored = list(dict.fromkeys(word.word for word in self._heard if word.kind == "ignored"))
        room = self.size.width
        if not known and not ignored:
            return
        lead = say("hears.lead") + " "
        yield lead, self.shade("faint")
        room -= width(lead)
        for words, shade in ((known, "making"), (ignored, "faint")):
            for word in words:
                if width(word) + 2 > room:
                    yield self._glyphs.ellipsis, self.shade("faint")
                    return
                room -= width(word) + 2
                yield f"{word}  ", self.shade(shade)


def one_tempo(words: list[str]) -> list[str]:
    """Join the tempos of a matrix where the first one stands: `90/120 bpm`."""
    unit = " " + say("song.bpm", bpm=0).partition(" ")[2]
    tempos = [word.removesuffix(unit) for word in words if word.endswith(unit)]
    if len(tempos) < 2:
        return words
    first = words.index(tempos[0] + unit)
    rest = [word for word in words if not word.endswith(unit)]
    return [*rest[:first], "/".join(tempos) + unit, *rest[first:]]


class PromptPane(Vertical):
    """Editor, options and hearing in one frame, whose lower edge says what ^J would make."""

    def __init__(self, composing: Draft, glyphs: Glyphs, keys: Keys, *, blink: bool) -> None:
        super().__init__(id="prompt", classes="pane")
        self._keys = keys
        self._glyphs = glyphs
        self.editor = PromptEditor(blink=blink)
        self.options = OptionsLine(composing, glyphs, keys)
        self.hears = HearsLine(glyphs)
        self._subtitle = ""

    def compose(self) -> ComposeResult:
        """Put the three below each other."""
        yield self.editor
        yield self.options
        yield self.hears

    def on_mount(self) -> None:
        """Give the frame its title."""
        self.border_title = Content(say("pane.prompt"))

    def preview(self, preview: Preview) -> None:
        """Say on the frame's lower edge what would be made, how long it takes, and which key does it."""
        text = self._preview(preview)
        if text != self._subtitle:
            self._subtitle = text
            self.border_subtitle = Content(text)

    def _preview(self, preview: Preview) -> str:
        key = self._keys.shown("make")
        dot = f" {self._glyphs.dot} "
        if not preview.songs:
            return say("preview.nothing")
        if preview.changes:
            return dot.join([say("preview.changes", id=preview.job), key])
        parts = [say("preview.songs", n=preview.songs)]
        if preview.job is not None:
            parts = [say("preview.instead", n=preview.songs, id=preview.job)]
        if preview.seconds is not None:
            amount, unit = rough(preview.seconds)
            parts.append(say("preview.about", n=amount, unit=unit))
        if self.size.width >= 60 and preview.slots and preview.songs > 1:
            parts.append(say("preview.slots", n=preview.slots))
        return dot.join([*parts, key])

    def on_resize(self, event: events.Resize) -> None:
        """The edge has another room now."""
        self._subtitle = ""
