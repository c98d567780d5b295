"""The footer: the focused pane's keys, including changes by the settings."""

from __future__ import annotations

from collections.abc import Iterator

from textual.timer import Timer

from riffusion_tui.tui.appearance.text_cells import Part, fit, width
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.keys import Keys
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.offered_commands import CommandAvailability, offered
from riffusion_tui.tui.widgets.painted import PaintedLine

_MESSAGE_S = 5.0
"""How long a message is shown, in seconds."""
_GAP = 2
"""Cells between a message and the keys that are always shown."""


class Footer(PaintedLine):
    """Shows as many commands as fit; always help and palette."""

    def __init__(self, keys: Keys, *scopes: CommandScope) -> None:
        super().__init__(classes="footline")
        self._keys = keys
        self._scopes = scopes
        self._availability = CommandAvailability()
        self._covered = False
        self._message = ""
        self._ellipsis = ""
        self._until: Timer | None = None

    def show_message(self, text: str, ellipsis: str) -> None:
        """Show a message for a few seconds, on screens without a status bar; help and back stay if there is room."""
        if self._until is not None:
            self._until.stop()
        self._message, self._ellipsis = text, ellipsis
        self._until = self.set_timer(_MESSAGE_S, self._keys_again)
        self.show()

    def _keys_again(self) -> None:
        self._message = ""
        self.show()

    def cover(self, *, covered: bool) -> None:
        """Show no keys while a dialog takes them."""
        self._covered = covered
        self.show()

    def follow(self, scopes: tuple[CommandScope, ...], availability: CommandAvailability) -> None:
        """Show the commands for the current scopes and jobs."""
        self._scopes, self._availability = scopes, availability
        self.show()

    def show_playing(self, *, playing: bool) -> None:
        """Say what the key to play does now: pause, if its song is `playing`."""
        if playing != self._availability.playing:
            self.follow(self._scopes, self._availability._replace(playing=playing))

    def parts(self) -> Iterator[Part]:
        """Draw the commands in table order; room for help and palette is reserved."""
        first, last = (
            [one for one in held if self._keys.shown(one.id)] for held in offered(self._scopes, self._availability)
        )
        room = self.size.width - 1 - sum(self._wide(command) for command in last)
        if self._message:
            beside = [] if self._covered or width(self._message) + _GAP > room else last
            yield fit(f" {self._message}", room + 1 if beside else self.size.width, self._ellipsis), self.shade("waits")
            for command in beside:
                yield from self._one(command)
            return
        if self._covered:
            return
        yield " ", self.shade("faint")
        for command in first:
            if room < self._wide(command):
                break
            room -= self._wide(command)
            yield from self._one(command)
        for command in last:
            yield from self._one(command)

    def _wide(self, command: Command) -> int:
        return width(self._keys.shown(command.id)) + 1 + width(self._label(command)) + 2

    def _label(self, command: Command) -> str:
        pauses = command.action == "screen.play" and self._availability.playing
        return message("player.pause") if pauses else command.label

    def _one(self, command: Command) -> Iterator[Part]:
        yield self._keys.shown(command.id), self.shade("soft")
        yield f" {self._label(command)}  ", self.shade("faint")
