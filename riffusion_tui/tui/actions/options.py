"""The options of the next prompt."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, Options
from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import in_scopes
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice, services
from riffusion_tui.tui.workers import in_worker

_EMPTIED = -1
"""Returned for an empty line, because 0 is a valid seed."""
_LONGEST_S = 600
"""Longest song of a service that states no limit, in seconds."""


class OptionActions(MainActions):
    """Commands that ask for an option and set it."""

    def action_options(self) -> None:
        """Focus the options; if the window is too low to show them, open them as a list."""
        if self.prompt.options.display and not self.has_class("-short"):
            self.prompt.options.focus()
        else:
            self._options_list()

    @in_worker
    async def _options_list(self) -> None:
        known = [one for one in in_scopes(CommandScope.OPTIONS) if self._owner.can(one)]
        choices = [Choice(one.id, one.label, one.help, self._owner.keys.shown(one.id)) for one in known]
        await self._owner.run_picked(await self._owner.pick(message("pick.options"), choices))

    @in_worker
    async def action_choose_service(self) -> None:
        """Choose another service: the screen opens again for it; this service's jobs continue."""
        chosen = await self._owner.pick(message("pick.service"), services(), chosen=self.deps.service)
        if chosen and chosen != self.deps.service:
            self.deps.callbacks.switch(chosen)
            self._owner.exit(0)

    def action_open_detected(self) -> None:
        """Show all detected and ignored words, and what the engine can't do."""
        if lines := self.prompt.detected.in_full():
            self._owner.show_lines(message("detected.title"), lines)
        else:
            self.show_message(message("detected.none"))

    def action_vocals(self) -> None:
        """Toggle vocals and instrumental."""
        self.draft.change(instrumental=not self.draft.options.instrumental)

    @in_worker
    async def action_takes(self) -> None:
        """Ask for the number of songs per prompt."""
        number = await self._number("takes", self.draft.takes, 1, 100)
        if number is not None:
            self.draft.change(takes=1 if number == _EMPTIED else number)

    @in_worker
    async def action_account(self) -> None:
        """Choose the account, or any."""
        choices = [Choice("", message("options.any_account"), message("pick.any_account"))]
        choices += [
            Choice(one.account, self._owner.model.account_name(one.account), f"{one.used}/{one.total}")
            for one in self._owner.model.summary.slots
        ]
        chosen = await self._owner.pick(message("pick.account"), choices)
        if chosen is not None:
            self.draft.change(account=chosen or None)

    @in_worker
    async def action_model(self) -> None:
        """Choose the model."""
        known = self.deps.capabilities.models or (self.draft.options.model,)
        chosen = await self._owner.pick(message("pick.model"), [Choice(name, name) for name in known])
        if chosen:
            self.draft.change(model=chosen)

    @in_worker
    async def action_max_jobs(self) -> None:
        """Ask for maxJobs."""
        low, high = MAX_JOBS_RANGE[0], MAX_JOBS_RANGE[-1]
        number = await self._number("max_jobs", self.draft.options.max_jobs, low, high)
        if number is not None:
            self.draft.change(max_jobs=None if number == _EMPTIED else number)

    @in_worker
    async def action_seed(self) -> None:
        """Ask for the seed."""
        number = await self._number("seed", self.draft.options.seed, 0, self.deps.capabilities.max_seed)
        if number is not None:
            self.draft.change(seed=None if number == _EMPTIED else number)

    @in_worker
    async def action_length(self) -> None:
        """Ask for the length."""
        now = self.draft.options.length_s
        low, high = self.deps.capabilities.length_range
        low, high = max(1, ceil(low)), int(min(high, _LONGEST_S))
        seconds = int(now) if now else None
        number = await self._number("length", seconds, low, high, read=_seconds, wrong="ask.length.range")
        if number is not None:
            self.draft.change(length_s=None if number == _EMPTIED else float(number))

    @in_worker
    async def action_fields(self) -> None:
        """Choose one of the service's fields and ask for its value; an empty value removes it."""
        from riffusion_tui.dispatch.requests.job_builder import check_fields, range_of  # not needed for the first frame

        known = {field.name: field for field in self.deps.capabilities.fields}
        given = dict(self.draft.options.extra)
        choices = [Choice(name, name, given.get(name) or field.meaning) for name, field in known.items()]
        name = await self._owner.pick(message("pick.field"), choices)
        if not name:
            return
        field, now = known[name], given.pop(name, "")
        if field.choices:
            values = [Choice("", message("options.unset")), *(Choice(one, one) for one in field.choices)]
            value = await self._owner.pick(f"{name}: {field.meaning}", values, chosen=now)
        else:
            span = range_of(field)
            meaning = f"{field.meaning} ({span})" if span else field.meaning

            def check(line: str) -> None:
                check_fields((field,), {name: line})

            value = await self._owner.ask_until(name, meaning, lambda line: _problem(check, line), value=now)
        if value is None:
            return
        if value:
            given[name] = value
        self.draft.change(extra=tuple(given.items()))

    @in_worker
    async def action_title(self) -> None:
        """Ask for the title."""
        await self._text("title")

    @in_worker
    async def action_reply_url(self) -> None:
        """Ask for replyUrl."""
        await self._text("reply_url")

    @in_worker
    async def action_reply_ref(self) -> None:
        """Ask for replyRef."""
        await self._text("reply_ref")

    def action_clear_options(self) -> None:
        """Reset all options to their defaults; a second time, restore them."""
        was = self.draft.reset()
        form = {True: "options.reset", False: "options.back", None: "options.are_defaults"}[was]
        self.show_message(message(form, key=self.hint("options.clear") or self._owner.keys.shown("palette")))

    async def _text(self, name: str) -> None:
        from riffusion_tui.dispatch.requests.job_builder import check_options  # not needed for the first frame

        def check(text: str) -> None:
            given: dict[str, Any] = {name: text or None}
            check_options(Options(**given), self.deps.capabilities)

        now = getattr(self.draft.options, name) or ""
        title, explained = message(f"ask.{name}.title"), message(f"ask.{name}.text")
        text = await self._owner.ask_until(title, explained, lambda line: _problem(check, line), value=now)
        if text is not None:
            self.draft.change(**{name: text or None})

    async def _number(
        self,
        name: str,
        now: int | None,
        low: int,
        high: int,
        *,
        read: Callable[[str], int] = int,
        wrong: str = "ask.range",
    ) -> int | None:
        """Ask for a whole number; return `_EMPTIED` for an empty line, None if cancelled.

        Args:
            name: of the option.
            now: its value.
            low: the smallest.
            high: the largest.
            read: reads the line; raises `ValueError`.
            wrong: the message if it raises, or if the number is out of range.
        """

        def problem_of(text: str) -> str:
            try:
                number = read(text) if text else low
            except ValueError:
                number = low - 1
            return "" if low <= number <= high else message(wrong, low=low, high=high)

        title, explained = message(f"ask.{name}.title"), message(f"ask.{name}.text", low=low, high=high)
        text = await self._owner.ask_until(title, explained, problem_of, value="" if now is None else str(now))
        return None if text is None else read(text) if text else _EMPTIED


def _problem(check: Callable[[str], None], line: str) -> str:
    """Return why `check` refuses a line; empty if it doesn't."""
    from riffusion_tui.dispatch.errors import NotPossible  # not needed for the first frame

    try:
        check(line)
    except NotPossible as error:
        return str(error)
    return ""


def _seconds(text: str) -> int:
    """Read whole seconds, or minutes and seconds as `2:30`. Raises `ValueError`."""
    seconds = seconds_of(text)
    if not seconds.is_integer():
        raise ValueError(text)
    return int(seconds)
