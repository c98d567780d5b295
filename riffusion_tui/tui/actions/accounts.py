"""What can be done with accounts. A credential is posted once: never again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.clean import told
from riffusion_tui.secret import Secret
from riffusion_tui.tui.actions import TOLD
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Confirm

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.screens.accounts import AccountsScreen


def _screen(app: RiffusionApp) -> AccountsScreen | None:
    from riffusion_tui.tui.screens.accounts import AccountsScreen

    return app.screen if isinstance(app.screen, AccountsScreen) else None


def mend(app: RiffusionApp) -> None:
    """Ask for a new cookie of the account under the cursor."""
    screen = _screen(app)
    if screen is not None:
        screen.open_form(screen.view.current.account if screen.view.current else None)


def add(app: RiffusionApp) -> None:
    """Ask for the cookie of a new account."""
    screen = _screen(app)
    if screen is not None:
        screen.open_form(None)


def send(app: RiffusionApp, screen: AccountsScreen, cookie: Secret | None, max_jobs: int, user_id: str | None) -> None:
    """Post it, beside the screen."""
    app.run_worker(_send(app, screen, cookie, max_jobs, user_id), group="accounts.send", exclusive=False)


async def _send(
    app: RiffusionApp, screen: AccountsScreen, cookie: Secret | None, max_jobs: int, user_id: str | None
) -> None:
    try:
        account = await app.deps.job_commands.repair_account(cookie, max_jobs, user_id)
    except TOLD as error:
        screen.say(told(error))
        return
    app.look_now()
    if account.error:
        screen.still_broken(account.user_id, account.error)
        return
    screen.mended(say("accounts.mended", account=account.user_id, n=account.max_jobs))


async def _slots(app: RiffusionApp, step: int) -> None:
    screen = _screen(app)
    current = screen.view.current if screen is not None else None
    if screen is None or current is None:
        return
    if not 1 <= current.total + step <= app.deps.capabilities.max_jobs:
        app.tell(say("ask.range", low=1, high=app.deps.capabilities.max_jobs), "soft")
        return
    await app.deps.job_commands.repair_account(None, current.total + step, current.account)
    app.look_now()
    screen.view.show()


async def more(app: RiffusionApp) -> None:
    """One slot more."""
    await _slots(app, 1)


async def fewer(app: RiffusionApp) -> None:
    """One slot fewer."""
    await _slots(app, -1)


async def read(app: RiffusionApp) -> None:
    """Ask the service."""
    await app.deps.job_commands.refresh_accounts()
    app.look_now()
    screen = _screen(app)
    if screen is not None:
        screen.view.show()


async def remove(app: RiffusionApp) -> None:
    """Take the account under the cursor out of the service, after asking."""
    screen = _screen(app)
    current = screen.view.current if screen is not None else None
    if screen is None or current is None:
        return
    if await app.push_screen_wait(Confirm(say("accounts.remove"), say("accounts.remove_ask", account=current.account))):
        await app.deps.job_commands.remove_account(current.account)
        app.look_now()
        screen.view.show()
