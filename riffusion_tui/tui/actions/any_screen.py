"""Commands that work on every screen."""

from __future__ import annotations

from riffusion_tui.jobs.held import HOLDS
from riffusion_tui.registry import SERVICES
from riffusion_tui.secret import Secret
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.appearance.themes import names
from riffusion_tui.tui.bindings.command import Command
from riffusion_tui.tui.bindings.commands import COMMANDS, IN_PALETTE_ALWAYS, by_id
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.terminal import has_job_control
from riffusion_tui.tui.undo_app import UndoApp
from riffusion_tui.tui.workers import in_worker


class AnyScreenActions(UndoApp):
    """Help, palette, token, theme, undo, quit."""

    def can(self, command: Command) -> bool:
        """Whether the service supports a command."""
        return not command.needs or bool(getattr(self.deps.capabilities, command.needs))

    async def run_picked(self, id: str | None) -> None:
        """Run the picked command, if any."""
        if id:
            await self.run_action(by_id()[id].action)

    def action_open_help(self) -> None:
        """Show the commands of this pane."""
        from riffusion_tui.tui.state.help_lines import help_lines

        scopes = self.screens()[-1].scopes()
        title = message("help.title", pane=message(f"scope.{scopes[0]}"))
        self.show_lines(title, help_lines(scopes, self.keys, self.can))

    @in_worker
    async def action_open_palette(self) -> None:
        """Open the command palette; commands of the focused pane come first."""
        here = self.screens()[-1].scopes()
        known = [one for one in COMMANDS if not one.id.endswith((".key", ".leave"))]
        usable = [one for one in known if self.can(one) and (one.scope in here or one.scope in IN_PALETTE_ALWAYS)]
        usable.sort(key=lambda one: one.scope not in here[:2])
        by_action: dict[str, Command] = {}
        for one in usable:
            by_action.setdefault(one.action, one)
        choices = [Choice(one.id, one.label, one.help, self.keys.shown(one.id), one.also) for one in by_action.values()]
        await self.run_picked(await self.pick(message("pick.palette"), choices))

    @in_worker
    async def action_replace_token(self) -> None:
        """Ask for a new token; waiting jobs continue, unless the environment overrides it."""
        service = self.deps.service
        if service in SERVICES and profile_of(service).authorization == "never":
            # In a dialog, since a token that is pasted unseen would otherwise get into the prompt.
            text = message("token.not_needed", service=service, key=self.hint("settings"))
            self.show_lines(message("token.title", service=service), [[(text, "ink")]])
            return
        entered = await self.ask(message("token.title", service=service), message("token.text"), secret=True)
        if entered and entered.strip():
            saved = await self.deps.account_commands.set_token(Secret(entered.strip()))
            if saved.overridden_by:
                self.show_error(message("token.overridden", address=saved.address, by=saved.overridden_by))
            else:
                self.show_message(message("token.set", address=saved.address), "done")

    def action_jump(self) -> None:
        """Label every focusable widget with a letter."""
        from riffusion_tui.tui.screens.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen, self.show_message))

    def action_suspend_or_undo(self) -> None:
        """Suspend the program; in a multi-line text, undo."""
        from textual.widgets import TextArea

        if isinstance(self.focused, TextArea):
            self.focused.undo()
        else:
            self.action_suspend_process()

    def action_suspend_process(self) -> None:
        """Suspend, if there is a shell whose `fg` continues the program: without one it would stay suspended."""
        if has_job_control():
            super().action_suspend_process()
        else:
            self.show_message(message("suspend.no_shell"), "waits")

    @in_worker
    async def action_choose_theme(self) -> None:
        """Choose the theme and save it."""
        from riffusion_tui.config.settings_file import save

        chosen = await self.pick(message("pick.theme"), [Choice(name, name) for name in names()], chosen=self.theme)
        if chosen:
            file = save(self.deps.paths.settings_file, "screen.theme", chosen)
            self.deps.settings = self.deps.overrides.apply(file)
            if by := self.deps.overrides.of("screen.theme", file):
                self.show_message(message("settings.overridden", key="screen.theme", by=by, value=self.theme), "waits")
            else:
                self.apply_theme(chosen)

    @in_worker
    async def action_undo(self) -> None:
        """Undo the last command that changed jobs; again undoes the one before."""
        await self.undo_steps.undo()

    @in_worker
    async def action_leave(self) -> None:
        """Quit; asks first if jobs are running, or would be sent soon: those that are held would wait here too."""
        summary = self.model.summary
        held = sum(alarm.jobs for alarm in summary.banners if alarm.cause in HOLDS)
        under_way = summary.making + summary.fetching
        waiting = 0 if summary.paused else max(0, summary.waiting - held)
        if not (under_way or waiting) or not self.deps.dispatcher.leading():
            self.exit(0)
            return
        forms = {"made": under_way, "waits": waiting}
        if self.deps.service == "studio":
            forms = {"studio": under_way + waiting}
        what = " ".join(message(f"leave.{form}", n=n) for form, n in forms.items() if n)
        if await self.confirm(message("leave.title"), message("leave.ask", what=what)):
            self.exit(0)
