"""The form for an edit of a song, built from the service's description of the edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from riffusion_tui.dispatch.errors import NotPossible, WrongField
from riffusion_tui.dispatch.requests.job_builder import range_of
from riffusion_tui.jobs.model import Job
from riffusion_tui.services.capabilities import Edit, EditField
from riffusion_tui.store import StoreError
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import HELP_KEY
from riffusion_tui.tui.screens.ask import TextForm
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.multiline_field import MultilineField

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


@dataclass(frozen=True, slots=True)
class Filled:
    """The form's values: the service's fields by name, the prompt, and lyrics."""

    prompt: str = ""
    lyrics: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class EditScreen(TextForm[Job | None]):
    """Returns the queued job, or None if cancelled. Stays open and shows a message if a value is invalid."""

    HELP = "dialog.edit"
    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss", "../styles/form.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-low")]
    BINDINGS = [
        HELP_KEY,
        Binding("escape", "cancel", show=False),
        Binding("ctrl+j,f5", "send", show=False, priority=True, id="make"),
        Binding("enter", "send", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        *(one for one in bindings(CommandScope.SCREENS) if one.id != "quit"),  # what is typed would be lost
    ]

    def __init__(
        self,
        app: BaseApp,
        title: str,
        edit: Edit,
        fields: Iterable[EditField],
        filled: Filled,
        send: Callable[[Filled], Job],
    ) -> None:
        """Create the form.

        Args:
            app: the app, for its keys.
            title: names the edit and the song.
            edit: the service's description of the edit.
            fields: the fields to show; the others keep their value from `filled`.
            filled: the initial values.
            send: queues the edit; its errors are shown.
        """
        super().__init__()
        self._owner = app
        self._title = title
        self._edit = edit
        self._form_fields = tuple(fields)
        self._filled = filled
        self._send = send
        self.problem = Static("", classes="problem", markup=False)

    def compose(self) -> ComposeResult:
        """Compose text fields, number fields and the message line."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            nothing = not (self._edit.prompt or self._edit.lyrics or self._form_fields)
            key = message("edits.enter") if nothing else self._owner.keys.shown("make")
            box.border_subtitle = self.keys_line(message("edits.keys", key=key))
            yield Static(Content(self._edit.meaning), classes="explain", markup=False)
            if self._edit.prompt:
                yield Static(Content(self._edit.prompt), classes="label", markup=False)
                yield MultilineField(self._filled.prompt, id="prompt")
            if self._edit.lyrics:
                yield Static(Content(message("edits.lyrics")), classes="label", markup=False)
                yield MultilineField(self._filled.lyrics, id="lyrics")
            yield from self._rows()
            yield self.problem

    def _rows(self) -> Iterator[Widget]:
        for one in self._form_fields:
            sign = message("edits.required") if one.required else ""
            yield Horizontal(
                Static(Content(one.label + sign), classes="name", markup=False),
                LineField(self._filled.fields.get(one.name, ""), id=f"field-{one.name}"),
                Static(Content(_meaning(one)), classes="meaning", markup=False),
                classes="row",
            )

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, send."""
        if event.input is self.query(LineField).last():
            self.action_send()
        else:
            self.focus_next()

    def filled(self) -> Filled:
        """Return the current values."""
        texts = {one.id: one.text for one in self.query(MultilineField)}
        typed = {one.name: self.query_one(f"#field-{one.name}", LineField).value.strip() for one in self._form_fields}
        return Filled(texts.get("prompt", ""), texts.get("lyrics", ""), self._filled.fields | typed)

    def is_changed(self) -> bool:
        """Whether prompt or lyrics were edited; number fields are quickly filled again."""
        filled = {"prompt": self._filled.prompt, "lyrics": self._filled.lyrics}
        return any(one.text != filled[one.id or ""] for one in self.query(MultilineField))

    def action_send(self) -> None:
        """Queue the edit, or show why not."""
        try:
            job = self._send(self.filled())
        except (NotPossible, StoreError) as error:
            self.problem.update(Content(error.labeled if isinstance(error, WrongField) else str(error)))
            self.problem.scroll_visible(animate=False)
        else:
            self.dismiss(job)


def _meaning(field: EditField) -> str:
    span = range_of(field)
    return f"{field.meaning} ({span})" if span else field.meaning
