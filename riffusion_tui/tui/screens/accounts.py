"""The accounts screen: the list of accounts, its commands, and the form below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from riffusion_tui.clean import error_message
from riffusion_tui.secret import Secret
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import AppScreen, ModelChanged
from riffusion_tui.tui.state.offered_commands import CommandAvailability
from riffusion_tui.tui.widgets.account_form import AccountForm
from riffusion_tui.tui.widgets.accounts_view import AccountsView
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.workers import in_worker, reported_errors

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp

_ON_ACCOUNT = frozenset(f"accounts.{name}" for name in ("repair", "more", "fewer", "remove", "rename"))
"""Commands on the selected account."""


class AccountsScreen(AppScreen[None]):
    """The accounts, with a form for a credential below."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/accounts.tcss"]
    BINDINGS = [Binding("escape", "back", show=False)]
    SCOPES = (CommandScope.ACCOUNTS, CommandScope.SCREENS)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low")]

    _owner: DialogApp

    def __init__(self, app: DialogApp, *, repair: str | None = None) -> None:
        """Create the screen; `repair` opens that account's form immediately."""
        super().__init__(app, id="accounts")
        self._repair = repair
        self.view = AccountsView(app)
        self.form = AccountForm(app)
        self.foot = Footer(app.keys, *self.SCOPES)

    def compose(self) -> ComposeResult:
        """Compose list and form."""
        with Vertical(classes="pane", id="accounts-pane"):
            yield self.view
        yield self.form
        yield self.foot

    def on_mount(self) -> None:
        """Show the accounts; if one is broken, focus its credential field."""
        self.query_one("#accounts-pane").border_title = Content(
            message("accounts.title", service=self._owner.deps.service)
        )
        self.view.show()
        if self._repair is not None:
            names = [one.account for one in self.view.slots]
            self.view.row = names.index(self._repair) if self._repair in names else 0
            self._open_form(self._repair)
        else:
            self._close_form()
        self._reload()

    @on(ModelChanged)
    def _model_changed(self) -> None:
        """Update the accounts if they changed."""
        self.view.show()
        if not self.form.display:
            self._offer()

    def _offer(self) -> None:
        """Show the commands that apply: most of them need an account."""
        lacking = frozenset() if self.view.slots else _ON_ACCOUNT
        self.foot.follow(self.SCOPES, CommandAvailability(unsupported=lacking))

    # -- commands

    def action_repair(self) -> None:
        """Ask for a new credential for the selected account."""
        self._open_form(self.view.current.account if self.view.current else None)

    def action_add(self) -> None:
        """Ask for the credential of a new account."""
        self._open_form(None)

    @in_worker
    async def action_more_slots(self) -> None:
        """Add a slot."""
        await self._change_slots(1)

    @in_worker
    async def action_fewer_slots(self) -> None:
        """Remove a slot."""
        await self._change_slots(-1)

    @in_worker
    async def action_rename(self) -> None:
        """Rename the selected account; a name that can't be used can be corrected."""
        from riffusion_tui.dispatch.errors import NotPossible

        current = self.view.current
        if current is None:
            return
        text: str | None = self._name_of(current.account)
        question = message("accounts.rename_ask")
        while (text := await self._owner.ask(message("accounts.rename"), question, value=text or "")) is not None:
            try:
                name = self._owner.deps.account_commands.rename(current.account, text)
            except NotPossible as error:
                question = str(error)
                continue
            self._owner.show_changes()
            self.show_message(message("accounts.renamed", account=name))
            return

    def _name_of(self, account: str) -> str:
        return self._owner.model.account_name(account)

    async def _change_slots(self, step: int) -> None:
        current, max_jobs = self.view.current, self._owner.deps.capabilities.max_jobs
        if current is None:
            return
        if not 1 <= current.total + step <= max_jobs:
            self._owner.show_message(message("ask.range", low=1, high=max_jobs))
            return
        await self._owner.deps.account_commands.repair(None, current.total + step, current.account)

    @in_worker
    async def action_reload(self) -> None:
        """Reload the accounts from the service."""
        if await self._owner.deps.account_commands.refresh():
            self.show_message(message("accounts.refreshed"))

    @in_worker
    async def _reload(self) -> None:
        await self._owner.deps.account_commands.refresh()

    @in_worker
    async def action_remove(self) -> None:
        """Remove the selected account from the service, after asking."""
        from riffusion_tui.dispatch.errors import NotPossible

        current, deps = self.view.current, self._owner.deps
        if current is None:
            return
        try:
            deps.account_commands.check_removal(current.account)
        except NotPossible as error:
            self.show_message(str(error))
            return
        question = "accounts.remove_ask_local" if deps.capabilities.local else "accounts.remove_ask"
        asked = message(question, account=self._name_of(current.account))
        if await self._owner.confirm(message("accounts.remove"), asked):
            await deps.account_commands.remove(current.account)
            wanted = deps.settings.studio.accounts
            if deps.capabilities.local and len(deps.store.accounts(deps.service)) < wanted:
                self.show_message(message("accounts.comes_back", n=wanted))

    # -- the form

    def _open_form(self, account: str | None) -> None:
        """Open the form for an account, or for a new one."""
        self.form.open(account, next((one.total for one in self.view.slots if one.account == account), None))
        self.foot.follow((CommandScope.SCREENS,), CommandAvailability())

    def _still_broken(self, account: str, error: str) -> None:
        """Handle an accepted credential that doesn't work: the next one is for the same account, even if it is new."""
        self.show_message(message("accounts.still" if self.form.account else "accounts.added", error=error))
        if not self.is_attached:
            return
        self.form.turn_to(account)
        names = [one.account for one in self.view.slots]
        self.view.row = names.index(account) if account in names else self.view.row
        self.view.show()

    def _close_form(self) -> None:
        self.form.display = False
        self._offer()
        self.view.focus()

    def action_back(self) -> None:
        """Close the form, or the screen."""
        if self.form.display:
            self._close_form()
        else:
            super().action_back()

    @on(AccountForm.Submitted)
    def _submitted(self, event: AccountForm.Submitted) -> None:
        sending = self._send(event.credential, event.max_jobs, event.account)
        self._owner.run_worker(sending, group="accounts.send", exclusive=False)

    async def _send(self, cookie: Secret | None, max_jobs: int, user_id: str | None) -> None:
        """Post a credential once, without retrying."""
        try:
            account = await self._owner.deps.account_commands.repair(cookie, max_jobs, user_id)
        except reported_errors() as error:
            self.show_message(error_message(error))
            return
        self._owner.show_changes()
        if account.error:
            self._still_broken(account.user_id, account.error)
        else:
            self._repaired(message("accounts.repaired", account=self._name_of(account.user_id), n=account.max_jobs))

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a message below the form, or without a form, on the list's edge."""
        if not self.is_attached:  # closed before the service answered
            self._owner.show_message(text, "waits")
            return
        self.form.show_message(text)
        self.query_one("#accounts-pane").border_subtitle = Content("" if self.form.display else text)

    def fits(self, text: str) -> bool:
        """Return True: below the fields a message is wrapped, and the list's edge is no reason for a window."""
        return True

    def _repaired(self, text: str) -> None:
        """Close the form after a success and show a message."""
        if self.is_attached:
            self._close_form()
            self.view.show()
        self._owner.show_message(text, "done")
