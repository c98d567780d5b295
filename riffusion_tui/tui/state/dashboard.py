"""The dashboard's content as lines of (text, shade): songs and music by day, usage and 429s by account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from riffusion_tui.jobs.model import Account
from riffusion_tui.store.store_types import DayCount
from riffusion_tui.tui.appearance.glyphs import Glyphs, bar
from riffusion_tui.tui.appearance.text_cells import fit
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import short_account
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.times import span

WEEK = 7
"""Days in a sparkline; the last one is today."""
_DAYS = 14
"""Number of days listed individually."""
_LABEL = 6
_TABLE = _LABEL + 29
"""Width of the totals table; bars need room next to it."""
_MIN_BAR, _MAX_BAR = 8, 60
_NAME = 8


class Totals(NamedTuple):
    """Sums over some days and accounts."""

    songs: int = 0
    music_s: float = 0.0
    refused: int = 0
    failed: int = 0


def totals(counts: Iterable[DayCount]) -> Totals:
    """Sum up made, refused and failed songs."""
    found = Totals()
    for one in counts:
        if one.outcome == "done":
            found = found._replace(songs=found.songs + one.number, music_s=found.music_s + one.seconds)
        elif one.outcome == "refused":
            found = found._replace(refused=found.refused + one.number)
        elif one.outcome == "failed":
            found = found._replace(failed=found.failed + one.number)
    return found


def last_days(today: date, number: int) -> list[str]:
    """Return the last `number` days including today in the format of `DayCount.day`, oldest first."""
    return [(today - timedelta(days=ago)).isoformat() for ago in range(number - 1, -1, -1)]


def sparkline(values: Sequence[int], glyphs: Glyphs) -> str:
    """Return a sparkline scaled to the largest value; 0 has its own symbol, to be distinct from 1."""
    highest, heights = max(values, default=0), glyphs.levels[2:]
    return "".join(
        heights[round((value - 1) / max(1, highest - 1) * (len(heights) - 1))] if value else glyphs.bar_rest
        for value in values
    )


def dashboard_lines(
    counts: Sequence[DayCount], accounts: Sequence[Account], today: date, cells: int, glyphs: Glyphs
) -> Lines:
    """Return the dashboard: totals, accounts, the last days.

    Args:
        counts: the store's daily counts.
        accounts: the service's accounts, for their credits.
        today: the local date.
        cells: width of a line.
        glyphs: the symbol set.
    """
    week = set(last_days(today, WEEK))
    sums = {
        "today": totals(one for one in counts if one.day == today.isoformat()),
        "week": totals(one for one in counts if one.day in week),
        "total": totals(counts),
    }
    titles = "".join(
        f"{message(f'dashboard.{name}'):>{wide}}"
        for name, wide in (("songs", 6), ("music", 8), ("refused", 8), ("failed", 7))
    )
    lines: Lines = [[(" " * (_LABEL) + titles, "faint")]]
    lines += [_row(message(f"dashboard.{name}"), made, "strong") for name, made in sums.items()]
    lines += _accounts(counts, accounts, today, cells, glyphs)
    return [*lines, [], *_days(counts, today, cells, glyphs)]


def _row(label: str, made: Totals, shade: str) -> list[Shaded]:
    figures = (
        (f"{made.songs:>6}", "done", made.songs),
        (f"{span(made.music_s):>8}", shade, made.music_s),
        (f"{made.refused:>8}", "waits", made.refused),
        (f"{made.failed:>7}", "held", made.failed),
    )
    return [(fit(label, _LABEL), "soft"), *((text, tone if value else "faint") for text, tone, value in figures)]


def _accounts(
    counts: Sequence[DayCount], accounts: Sequence[Account], today: date, cells: int, glyphs: Glyphs
) -> Lines:
    days = last_days(today, WEEK)
    recent = [one for one in counts if one.day in set(days)]
    left_at = {one.user_id: one.credits for one in accounts}
    names = [*left_at, *sorted({one.account for one in recent} - left_at.keys())]
    if not names:
        return []
    lines: Lines = [[], [(" " * _NAME + f"{message('dashboard.jobs'):<14}{message('dashboard.limited')}", "faint")]]
    for name in names:
        jobs, limited = [0] * WEEK, [0] * WEEK
        for one in recent:
            if one.account == name:
                (limited if one.outcome == "limited" else jobs)[days.index(one.day)] += one.number
        left = left_at.get(name)
        label = short_account(name) or message("dashboard.no_account")
        line: list[Shaded] = [(fit(label, _NAME - 1) + " ", "soft")]
        for gap, values, shade in (("", jobs, "making"), ("  ", limited, "waits")):
            line += [(gap + sparkline(values, glyphs), shade), (f"{sum(values):>5}", "ink" if any(values) else "faint")]
        lines.append(line)
        if left is not None:
            rest = ("  " + message("dashboard.credits", n=left), "dim")
            if cells >= 2 * _TABLE:
                line.append(rest)
            else:
                lines.append([(" " * (_NAME - 2), "dim"), rest])
    return lines


def _days(counts: Sequence[DayCount], today: date, cells: int, glyphs: Glyphs) -> Lines:
    sums = {day: totals(one for one in counts if one.day == day) for day in reversed(last_days(today, _DAYS))}
    highest = max(made.songs for made in sums.values())
    room = min(_MAX_BAR, cells - _TABLE - 3)
    lines: Lines = []
    for day, made in sums.items():
        line = _row(day[5:], made, "ink")
        if room >= _MIN_BAR and highest:
            line.append(("  " + bar(made.songs / highest, room, glyphs)[0], "making"))
        lines.append(line)
    return lines
