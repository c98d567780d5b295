"""The prompt pane: the editor, the options of the next prompt, and the detected words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from riffusion_tui.config.session_state import PERSISTENT
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.jobs.lock_names import EVERY_LINE
from riffusion_tui.registry import SERVICES
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, cut, width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import by_id
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.bindings.keys import Keys, bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import short_account
from riffusion_tui.tui.state.prompt.draft import Draft
from riffusion_tui.tui.state.prompt.lock_texts import field_text
from riffusion_tui.tui.state.prompt.preview import Preview
from riffusion_tui.tui.state.prompt.text_length import length_warning
from riffusion_tui.tui.state.times import rough, span
from riffusion_tui.tui.widgets.detected_line import DetectedLine
from riffusion_tui.tui.widgets.editor import PromptEditor
from riffusion_tui.tui.widgets.painted import PaintedRows


class OptionsLine(OrderedKeys, PaintedRows, can_focus=True):
    """The options of the next prompt; while focused, letters change them.

    Options that aren't defaults are always shown, on as many rows as needed.
    """

    BINDINGS = [*bindings(CommandScope.OPTIONS)]

    def __init__(self, draft: Draft, glyphs: Glyphs, keys: Keys) -> None:
        super().__init__(id="options", classes="" if draft.changed_options() or draft.services else "-default")
        self._draft = draft
        self._glyphs = glyphs
        self._keys = keys

    def show(self) -> None:
        """Show the current options; the number of rows may change."""
        default = not (self._draft.changed_options() or self._draft.services)
        self.set_class(default, "-default")  # a low window has room only for changed options
        super().show()

    def rows(self) -> list[list[Part]]:
        """Return the rows: all options if they fit in one row or are focused; otherwise omit defaults on the right."""
        items = list(self._items())
        while not self.has_focus and self._wide(items) > self.size.width:
            spare = next((one for one in reversed(items) if one.default), None)
            if spare is None:
                break
            items.remove(spare)
        return self._wrapped(items)

    def _wrapped(self, items: list[_Item]) -> list[list[Part]]:
        rows: list[list[Part]] = [[]]
        room = self.size.width
        for item in items:
            wide = self._wide([item])
            gap = _GAP if rows[-1] else 0
            if rows[-1] and wide + gap > room:
                rows.append([])
                room, gap = self.size.width, 0
            if gap:
                rows[-1].append((f" {self._glyphs.dot} ", self.shade("faint")))
            if self.has_focus:
                rows[-1].append((f"{self._key(item)} ", self.shade("focus")))
            rows[-1].append((cut(item.text, self.size.width, self._glyphs.ellipsis), self.shade(item.shade)))
            room -= wide + gap
        return rows

    def _wide(self, items: list[_Item]) -> int:
        keys = sum(width(self._key(item)) + 1 for item in items) if self.has_focus else 0
        return sum(width(item.text) for item in items) + keys + _GAP * max(0, len(items) - 1)

    def _key(self, item: _Item) -> str:
        return self._keys.shown(item.command) if item.command in by_id() else ""

    def _items(self) -> Iterator[_Item]:
        """Yield the services named in the text, vocals, model, account, takes, then all other set options."""
        draft, options = self._draft, self._draft.options
        for name in draft.services:
            if name in SERVICES:
                yield _Item("", f"@{name}", "waits", False)
            else:
                text = message("options.no_service", service=f"@{name}")
                if hint := did_you_mean(f"@{name}", [f"@{known}" for known in SERVICES]):
                    text += "." + hint.replace("'", "")
                yield _Item("", text, "held", False)
        changed = draft.changed_options()
        account = options.account
        texts = {
            "instrumental": message(f"options.{draft.vocals}"),
            "model": draft.model or message("options.default_model"),
            "account": message("options.account", account=short_account(draft.account_name(account)))
            if account
            else message("options.any_account"),
            "takes": _takes(*draft.takes_made),
        }
        texts = {name: text for name, text in texts.items() if name in changed or name not in draft.meaningless}
        texts |= {name: self._text(name) for name in changed if name not in texts and name != "extra"}
        for name, text in texts.items():
            shade = "dim" if name not in changed else "ink" if name in PERSISTENT else "waits"
            yield _Item(f"options.{_COMMAND.get(name, name)}", text, shade, name not in changed)
        kept_whole = {EVERY_LINE} if options.lyrics else set()  # the lyrics' own text says enough
        for name, value in (field for field in options.extra if field not in kept_whole):
            yield _Item("options.fields", field_text(name, value, self._glyphs.ellipsis), "waits", False)

    def _text(self, name: str) -> str:
        value = getattr(self._draft.options, name)
        if name == "lyrics":
            from riffusion_tui.jobs.own_lyrics import line_count  # not needed for the first frame

            return message("options.lyrics", n=line_count(value))
        if name == "length_s":
            value = span(value)
        return f"{_LABEL.get(name, name)} {cut(str(value), _MAX_VALUE, self._glyphs.ellipsis)}"

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the keys, or hide them."""
        super().watch_has_focus(has_focus)
        self.show()


def _takes(fewest: int, most: int) -> str:
    if fewest < most:
        return message("options.takes_range", fewest=fewest, most=most)
    return message("options.takes", n=most)


class _Item(NamedTuple):
    """One option on the line; defaults may be omitted."""

    command: str
    text: str
    shade: str
    default: bool


_GAP = 3
"""Gap between two options, in cells."""
_MAX_VALUE = 20
"""Maximum width of a value."""
_COMMAND = {
    "instrumental": "vocals",
    "max_jobs": "jobs",
    "reply_url": "url",
    "reply_ref": "ref",
    "length_s": "length",
}
_LABEL = {"max_jobs": "slots", "reply_url": "replyUrl", "reply_ref": "replyRef", "length_s": "length"}
_WIDE = 60
"""Cells from which the edge has room for more than one number."""


class PromptPane(Vertical):
    """Editor, options and detected words in a frame, whose lower edge shows what ^J would generate."""

    def __init__(self, draft: Draft, glyphs: Glyphs, keys: Keys, hint: Callable[[str], str], *, blink: bool) -> None:
        super().__init__(id="prompt", classes="pane")
        self._keys = keys
        self._glyphs = glyphs
        self.editor = PromptEditor(blink=blink)
        self.options = OptionsLine(draft, glyphs, keys)
        self.detected = DetectedLine(glyphs, hint)
        self._subtitle = ""

    def compose(self) -> ComposeResult:
        """Compose the three parts."""
        yield self.editor
        yield self.options
        yield self.detected

    def on_mount(self) -> None:
        """Set the frame's title."""
        self.border_title = Content(message("pane.prompt"))

    def preview(self, preview: Preview) -> None:
        """Show on the lower edge what would be generated, how long it takes, and the key."""
        self._put_on_edge(self._preview(preview))

    def count(self) -> None:
        """Show that the songs of a long text are being counted."""
        self._put_on_edge(message("preview.counting"))

    def _put_on_edge(self, text: str) -> None:
        if text != self._subtitle:
            self._subtitle = text
            self.border_subtitle = Content(text)

    def _preview(self, preview: Preview) -> str:
        key = self._keys.shown("make")
        dot = f" {self._glyphs.dot} "
        if preview.problem:
            return preview.problem
        if not preview.songs:
            return message("preview.nothing")
        if preview.limit is not None:
            return message("preview.too_many", n=preview.limit)
        length = length_warning(*preview.length)
        if length and (preview.length[0] > preview.length[1] or self.size.width < _WIDE):
            return length
        if preview.changes:
            changed = [message("preview.changes", id=preview.job), message("preview.key_change", key=key)]
            return dot.join(filter(None, [length, *changed]))
        songs = message("preview.songs", n=preview.songs)
        if preview.job is not None:
            songs = message("preview.instead", n=preview.songs, id=preview.job)
        parts = [*filter(None, [length]), songs]
        if preview.unclosed:
            parts.append(message("preview.unclosed"))
        if preview.seconds is not None:
            amount, unit = rough(preview.seconds)
            parts.append(message("preview.about", n=amount, unit=unit))
        if self.size.width >= _WIDE and preview.slots and preview.songs > 1:
            parts.append(message("preview.slots", n=preview.slots))
        return dot.join([*parts, message("preview.key", key=key)])

    def on_resize(self, event: events.Resize) -> None:
        """Update the edge for the new width."""
        self._subtitle = ""
