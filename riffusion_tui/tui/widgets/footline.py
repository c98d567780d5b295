"""The last line: the keys of the pane that has the focus, as they really are, settings included."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.tui.cells import Part, width
from riffusion_tui.tui.commands import Command, Where, of
from riffusion_tui.tui.keys import Keys
from riffusion_tui.tui.widgets.painted import Line


class FootLine(Line):
    """Shows as many commands as there is room for; help and palette always."""

    def __init__(self, keys: Keys, *places: Where) -> None:
        super().__init__(classes="footline")
        self._keys = keys
        self._places = places

    def follow(self, *places: Where) -> None:
        """Show the commands of other places."""
        self._places = places
        self.show()

    def parts(self) -> Iterator[Part]:
        """The first by the table's own order; help and palette keep their room."""
        commands = [command for command in of(*self._places) if command.footer and self._keys.shown(command.id)]
        last = sorted((one for one in commands if one.footer >= _LAST), key=lambda one: one.footer)
        room = self.size.width - 1 - sum(self._wide(command) for command in last)
        yield " ", self.shade("faint")
        for command in sorted((one for one in commands if one.footer < _LAST), key=lambda one: one.footer):
            if room < self._wide(command):
                break
            room -= self._wide(command)
            yield from self._one(command)
        for command in last:
            yield from self._one(command)

    def _wide(self, command: Command) -> int:
        return width(self._keys.shown(command.id)) + 1 + width(command.label) + 2

    def _one(self, command: Command) -> Iterator[Part]:
        yield self._keys.shown(command.id), self.shade("soft")
        yield f" {command.label}  ", self.shade("faint")


_LAST = 90
"""From this place on a command stands at the end, whatever the room."""
