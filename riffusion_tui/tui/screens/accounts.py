"""The accounts: slots as gauges, what is wrong with each, and the field for the cookie that mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from riffusion_tui.dispatch.queue_summary import Slots
from riffusion_tui.secret import Secret
from riffusion_tui.tui.commands import CommandScope
from riffusion_tui.tui.glyphs import bar
from riffusion_tui.tui.key_order import OrderedKeys
from riffusion_tui.tui.keys import bindings
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.state.offered_commands import ActionContext
from riffusion_tui.tui.state.times import clock
from riffusion_tui.tui.state.view_model import Change
from riffusion_tui.tui.text_cells import Part, cut, fit, line, width
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


RECOMMENDED = 6
"""`maxJobs` of a new account; https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts"""


class AccountsView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """Two lines an account: its id and gauge; what is wrong with it, or that it works."""

    BINDINGS = [
        *bindings(CommandScope.ACCOUNTS),
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
    ]

    def __init__(self, app: RiffusionApp) -> None:
        super().__init__(id="accounts-view")
        self._owner = app
        self.row = 0

    @property
    def slots(self) -> tuple[Slots, ...]:
        """The accounts as last seen."""
        return self._owner.model.summary.slots

    @property
    def current(self) -> Slots | None:
        """The account that the cursor is on."""
        return self.slots[min(self.row, len(self.slots) - 1)] if self.slots else None

    def show(self) -> None:
        """Draw them as they are now."""
        self.virtual_size = Size(self.size.width, 3 * len(self.slots))
        self.refresh()

    def on_resize(self) -> None:
        """Take the new width."""
        self.show()

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        self.row = max(0, min(len(self.slots) - 1, self.row + rows))
        self.scroll_to(y=max(0, self.row * 3 - self.size.height + 3), animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the account under the pointer."""
        self.row = min(len(self.slots) - 1, (event.y + self.scroll_offset.y) // 3)
        self.action_step(0)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        row, part = divmod(y + self.scroll_offset.y, 3)
        ground = self.rich_style
        if not self.slots and y == 0:
            return line([(say("accounts.none"), self.shade("dim"))], self.size.width, ground)
        if row >= len(self.slots) or part == 2:
            return Strip.blank(self.size.width, ground)
        if row == self.row and part == 0:
            ground += self.ground("chosen")
        drawn = self._first(self.slots[row], row) if part == 0 else self._second(self.slots[row])
        return line(drawn, self.size.width, ground)

    def _first(self, slots: Slots, row: int) -> Iterator[Part]:
        glyphs = self._owner.glyphs
        wide = max(8, min(38, self.size.width - 32))
        yield f"{glyphs.cursor if row == self.row else ' '} ", self.shade("focus")
        yield fit(slots.account, wide, glyphs.ellipsis) + " ", self.shade("ink") + Style(bold=True)
        done, rest = bar(slots.used / max(1, slots.total), min(10, slots.total), glyphs)
        yield done, self.shade("making")
        yield rest, self.shade("faint")
        yield " " + say("accounts.slots", used=slots.used, total=slots.total), self.shade("soft")

    def _second(self, slots: Slots) -> Iterator[Part]:
        yield "  ", self.shade("dim")
        room = self.size.width - 4
        glyphs = self._owner.glyphs
        if slots.error or slots.gate is not None:
            yield f"{glyphs.warn} ", self.shade("held")
            text = slots.error or say(f"accounts.gate.{slots.gate.cause.name.lower()}") if slots.gate else slots.error
            if slots.gate is not None:
                text = say("accounts.since", text=text, since=clock(slots.gate.since, self._owner.model.now))
            text = cut(text, room, glyphs.ellipsis)
            yield text, self.shade("held")
            room -= width(text)
        else:
            yield say("accounts.works"), self.shade("done")
        left = "" if slots.credits is None else "   " + say("accounts.credits", n=slots.credits)
        if width(left) <= room:
            yield left, self.shade("dim")


class AccountsScreen(Screen[None]):
    """List above, the form for a cookie below."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/accounts.tcss"]
    BINDINGS = [Binding("escape", "back", show=False)]
    PLACES = (CommandScope.ACCOUNTS, CommandScope.SCREENS)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low")]

    def __init__(self, app: RiffusionApp, *, mend: str | None = None) -> None:
        super().__init__(id="accounts")
        self._owner = app
        self._mend = mend
        self._for: str | None = None
        self.view = AccountsView(app)
        self.form = Vertical(id="form", classes="pane")
        self.cookie = LineField(password=True, id="cookie", placeholder=say("accounts.paste"))
        self.slots = LineField(id="slots", placeholder=say("accounts.max_jobs"), type="integer", max_length=2)
        self.problem = Static("", id="problem", markup=False)
        self.foot = Footer(app.keys, *self.PLACES)

    def compose(self) -> ComposeResult:
        """Put list and form below each other."""
        with Vertical(classes="pane", id="accounts-pane"):
            yield self.view
        with self.form:
            yield Static(Content(say("accounts.explain", credential=self._credential())), id="explain", markup=False)
            yield Static(Content(self._credential()), classes="label", markup=False)
            yield self.cookie
            yield Static(Content(say("accounts.max_jobs")), classes="label", markup=False)
            yield self.slots
            yield self.problem
        yield self.foot

    def _credential(self) -> str:
        return self._owner.deps.capabilities.credential

    def on_mount(self) -> None:
        """Show them; where one is broken, the cursor is in its cookie field."""
        self.query_one("#accounts-pane").border_title = Content(say("accounts.title", service=self._owner.deps.service))
        self.form.border_subtitle = Content(say("accounts.form_keys"))
        self.view.show()
        if self._mend is not None:
            names = [one.account for one in self.view.slots]
            self.view.row = names.index(self._mend) if self._mend in names else 0
            self.open_form(self._mend)
        else:
            self._close_form()
        self._owner.action_command("accounts.read")

    def core_changed(self, change: Change) -> None:
        """Accounts or gates may have changed."""
        self.view.show()

    # -- the form

    def open_form(self, account: str | None) -> None:
        """Ask for the cookie of an account, or of a new one."""
        self._for = account
        slots = next((one.total for one in self.view.slots if one.account == account), RECOMMENDED)
        self.slots.value = str(slots)
        self.cookie.value = ""
        self.problem.update("")
        self._entitle()
        self.form.display = True
        self.foot.follow((CommandScope.SCREENS,), ActionContext())
        self.cookie.focus()

    def _entitle(self) -> None:
        account = self._for
        title = say("accounts.mend", account=account, credential=self._credential()) if account else say("accounts.add")
        self.form.border_title = Content(title)

    def still_broken(self, account: str, error: str) -> None:
        """It was taken and does not work: the next cookie is for the same account, also where that is new."""
        self.say(say("accounts.still" if self._for else "accounts.added", error=error))
        self._for = account
        self._entitle()
        names = [one.account for one in self.view.slots]
        self.view.row = names.index(account) if account in names else self.view.row
        self.view.show()

    def _close_form(self) -> None:
        self.form.display = False
        self.foot.follow(self.PLACES, ActionContext())
        self.view.focus()

    def action_back(self) -> None:
        """Leave the form, or the screen."""
        if self.form.display:
            self._close_form()
        else:
            self.dismiss(None)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        text = self.slots.value.strip()
        number = int(text) if text.isdecimal() else 0
        cookie = self.cookie.value.strip()
        known = self._for is not None
        most = self._owner.deps.capabilities.max_jobs
        if not 1 <= number <= most:
            self.say(say("ask.range", low=1, high=most))
        elif not cookie and not known:
            self.say(say("accounts.no_cookie", credential=self._credential()))
        else:
            from riffusion_tui.tui.actions.accounts import send

            self.cookie.value = ""  # it is sent once; what stays on the screen is nothing
            self.say(say("accounts.sending"))
            send(self._owner, self, Secret(cookie) if cookie else None, number, self._for)

    def say(self, text: str) -> None:
        """Say something below the fields, or while there are none, on the list's edge."""
        self.problem.update(Content(text))
        self.query_one("#accounts-pane").border_subtitle = Content("" if self.form.display else text)

    def mended(self, text: str) -> None:
        """It worked: the form goes, the list says so."""
        self._close_form()
        self.view.show()
        self._owner.tell(text, "done")
