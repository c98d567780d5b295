"""The banner: shown only while something needs attention, with the key that fixes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from riffusion_tui.clean import clean_line, error_message
from riffusion_tui.dispatch.queue_summary import Banner as Alarm
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.store import DiskFull, MovedDatabase, Store
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, cut, width, with_short_paths
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import short_account
from riffusion_tui.tui.state.times import clock
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.painted import PaintedLine

_REPAIR_COMMANDS = {
    WaitCause.BROKEN: "accounts",
    WaitCause.CREDITS: "accounts",
    WaitCause.TOKEN: "token",
    WaitCause.OFFLINE: "now",
    WaitCause.UNAVAILABLE: "now",
    WaitCause.UNREADABLE: "now",
    WaitCause.DISK: "now",
    WaitCause.OUTDATED: "now",
    WaitCause.PAUSED: "pause.key",
}
"""The command that ends each cause."""
_ACTION_NAMES = {WaitCause.CREDITS: "credits", WaitCause.PAUSED: "paused"}
"""What the banner calls the command, if that isn't its id."""


class BannerLine(PaintedLine):
    """Shows a problem, since when it exists, how many jobs it holds, and the key that fixes it."""

    def __init__(self, model: ViewModel, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="banner")
        self._model = model
        self._glyphs = glyphs
        self._hint = hint
        self._without_token: dict[float, bool] = {}
        """Start of an alarm → whether there was no token."""

    def show(self) -> None:
        """Show the banner only if there is a problem."""
        summary = self._model.summary
        wanted = bool(summary.banners) or summary.paused or self._model.deps.dispatcher.fault() is not None
        if self.display is not wanted:
            self.display = wanted
        super().show()

    def parts(self) -> Iterator[Part]:
        """Draw the most urgent problem and the number of others."""
        fault = self._model.deps.dispatcher.fault()
        if fault is not None:
            store = self._model.deps.store
            reason = _fault_text(fault) if store.unwritable is None else _read_only_text(store)
            text = f" {self._glyphs.warn} {reason} "
            text = with_short_paths(text, self.size.width, self._glyphs.ellipsis)
            yield cut(text, self.size.width, self._glyphs.ellipsis), self.ground("banner")
            return
        alarms = self._alarms()
        if not alarms:
            return
        alarm = alarms[0]
        command = "" if self._is_disk_there(alarm) else _REPAIR_COMMANDS.get(alarm.cause, "")
        key = self._hint(command) if command else ""
        action = message(f"banner.action.{_ACTION_NAMES.get(alarm.cause, command)}") if command else ""
        more = "   " + message("banner.more", n=len(alarms) - 1) if len(alarms) > 1 else ""
        room = self.size.width - width(more) - (width(action) + width(key) + 9 if key else 4)
        text = self._text(alarm, room)
        style = self.ground("banner")
        yield f" {self._glyphs.warn} ", style
        yield cut(text, max(8, room), self._glyphs.ellipsis), style
        if key:
            yield "   ", style
            yield f" {key} " if self.size.width > 60 else key, self.ground("key")
            yield f" {action}", style
        yield more, style

    def _alarms(self) -> Sequence[Alarm]:
        """Return all problems; a paused queue comes last."""
        summary = self._model.summary
        if summary.paused_since is None:
            return summary.banners
        return (*summary.banners, Alarm(WaitCause.PAUSED, None, summary.paused_since, summary.waiting))

    def _lacks_token(self, alarm: Alarm) -> bool:
        """Whether there is no token that could have been rejected; looked up once, as it may be in a keyring."""
        if alarm.cause is not WaitCause.TOKEN:
            return False
        if alarm.since not in self._without_token:
            deps = self._model.deps
            self._without_token = {alarm.since: not deps.callbacks.is_set_up(deps.service)}
        return self._without_token[alarm.since]

    def _is_disk_there(self, alarm: Alarm) -> bool:
        """Whether it isn't the folder of songs: the service says that its own disk is full, and tries again itself."""
        return alarm.cause is WaitCause.DISK and all(gate.cause is not WaitCause.DISK for gate in self._model.gates)

    def _text(self, alarm: Alarm, room: int) -> str:
        name = alarm.cause.name.lower()
        short = _short(self._model.account_name(alarm.account), self._glyphs)
        values = {
            "account": short,
            "n": alarm.jobs,
            "held": message("banner.held" if alarm.jobs else "banner.none", n=alarm.jobs),
            "waiting": message("banner.waiting" if alarm.jobs else "banner.none", n=alarm.jobs),
            "since": clock(alarm.since, self._model.now),
            "detail": alarm.detail,
            "service": self._model.deps.service,
        }
        known = f"banner.{name}" if alarm.account else f"banner.{name}_all"
        if alarm.cause is WaitCause.OFFLINE and alarm.detail and self._model.deps.capabilities.local:
            known = "banner.offline_here"  # it isn't the network: the studio on this machine can't be started
        if self._is_disk_there(alarm):
            known = "banner.disk_there"
        if self._lacks_token(alarm):
            known = "banner.no_token"
        own = f"banner.{name}_{self._model.deps.capabilities.credential}" if alarm.detail else known
        for form in (own, f"{own}_short", known, f"{known}_short"):
            text = _message_or_empty(form, **values)
            if text and (width(text) <= room or form.endswith("_short")):
                return with_short_paths(text, room, self._glyphs.ellipsis)
        return message("banner.any", cause=alarm.cause.words, **values)


def _read_only_text(store: Store) -> str:
    form = "banner.full_at_start" if isinstance(store.unwritable, DiskFull) else "banner.read_only"
    return message(form, folder=clean_line(str(store.path.parent)))


def _fault_text(fault: BaseException) -> str:
    if isinstance(fault, MovedDatabase):
        return message("banner.moved", folder=clean_line(str(fault.path.parent)))
    if isinstance(fault, DiskFull):
        return message("banner.full")
    form = "banner.stopped" if isinstance(fault, OSError) else "banner.fault"  # others have their own advice
    return message(form, text=error_message(fault))


def _short(account: str, glyphs: Glyphs) -> str:
    short = short_account(account)
    return short if short == account else short + glyphs.ellipsis


def _message_or_empty(key: str, **values: object) -> str:
    try:
        return message(key, **values)
    except KeyError:
        return ""
