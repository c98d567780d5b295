"""The form that repairs an account, or adds one: a credential and a number of slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from riffusion_tui.secret import Secret
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.widgets.line_field import LineField

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp

_RECOMMENDED = 6
"""`maxJobs` of a new account; https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts"""


class AccountForm(Vertical):
    """The form. `account` is the one to repair, or None for a new one."""

    class Submitted(Message):
        """The fields are valid. `credential` is None if only the slots change."""

        def __init__(self, account: str | None, credential: Secret | None, max_jobs: int) -> None:
            super().__init__()
            self.account = account
            self.credential = credential
            self.max_jobs = max_jobs

    def __init__(self, app: BaseApp) -> None:
        super().__init__(id="form", classes="pane")
        self._owner = app
        self.account: str | None = None
        self.cookie = LineField(password=True, id="cookie", placeholder=message("accounts.paste"))
        self.slots = LineField(id="slots", placeholder=message("accounts.max_jobs"), type="integer", max_length=2)
        self._explanation = Static("", id="explain", markup=False)
        self._problem = Static("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        """Compose the fields."""
        yield self._explanation
        yield Static(Content(self._credential), classes="label", markup=False)
        yield self.cookie
        yield Static(Content(message("accounts.max_jobs")), classes="label", markup=False)
        yield self.slots
        yield self._problem

    def on_mount(self) -> None:
        """Set the frame's lower title."""
        self.border_subtitle = Content(message("accounts.form_keys"))

    @property
    def _credential(self) -> str:
        return self._owner.deps.capabilities.credential

    def _explained(self) -> str:
        """Return what happens to the credential; a server's key stays on this machine."""
        if profile_of(self._owner.deps.service).hosts:
            return message("accounts.explain_key")
        if self._owner.deps.capabilities.local:
            return message("accounts.explain_local")
        return message("accounts.explain" if self.account else "accounts.explain_new", credential=self._credential)

    def open(self, account: str | None, slots: int | None) -> None:
        """Show the form for an account with so many slots, or for a new one."""
        self.slots.value = str(_RECOMMENDED if slots is None else slots)
        self.cookie.value = ""
        self.show_message("")
        self.turn_to(account)
        self.display = True
        self.cookie.focus()

    def turn_to(self, account: str | None) -> None:
        """Let the next credential be for this account; the fields stay."""
        self.account = account
        self._explanation.update(Content(self._explained()))
        self.border_title = Content(
            message("accounts.repair", account=self._owner.model.account_name(account), credential=self._credential)
            if account
            else message("accounts.add")
        )

    def show_message(self, text: str) -> None:
        """Show a message below the fields."""
        self._problem.update(Content(text))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        text = self.slots.value.strip()
        number = int(text) if text.isdecimal() else 0
        cookie = self.cookie.value.strip()
        max_jobs = self._owner.deps.capabilities.max_jobs
        if not 1 <= number <= max_jobs:
            self.show_message(message("ask.range", low=1, high=max_jobs))
        elif not cookie and self.account is None:
            self.show_message(message("accounts.no_cookie", credential=self._credential))
        else:
            self.cookie.value = ""  # sent once; nothing stays on the screen
            self.show_message(message("accounts.sending"))
            self.post_message(self.Submitted(self.account, Secret(cookie) if cookie else None, number))
