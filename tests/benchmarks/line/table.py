"""The table: each figure, its ratio to the comparison of the same run, and the goal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One figure."""

    what: str
    who: str
    figure: str
    ratio: float | None = None
    beside: str = ""
    goal: str = ""
    met: bool | None = None


@dataclass
class Table:
    """Lines in the order of measurement; each is printed at once, and all together at the end."""

    lines: list[Line] = field(default_factory=list)

    def add(
        self,
        what: str,
        who: str,
        figure: str,
        *,
        ratio: tuple[float, str] | None = None,
        goal: str = "",
        met: bool | None = None,
    ) -> None:
        """Add a figure, with (ratio, to what) and its goal."""
        line = Line(what, who, figure, ratio[0] if ratio else None, ratio[1] if ratio else "", goal, met)
        self.lines.append(line)
        print(f"  measured: {what} · {who} · {figure}", file=sys.stderr, flush=True)

    def note(self, what: str, text: str) -> None:
        """Note why something was not measured."""
        self.add(what, "—", text)

    def show(self) -> None:
        """Print everything."""
        heads = ("what", "who", "figure", "ratio", "goal", "")
        cells = [heads, *(self._cells(line) for line in self.lines)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
        before = ""
        for number, row in enumerate(cells):
            if number == 1 or row[0] != before:
                print("─" * (sum(widths) + 2 * len(widths)) if number == 1 else "")
            shown = ("" if row[0] == before else row[0], *row[1:])
            before = row[0]
            print("  ".join(text.ljust(wide) for text, wide in zip(shown, widths, strict=True)).rstrip())

    def _cells(self, line: Line) -> tuple[str, ...]:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f} × {line.beside}"
        verdict = "" if line.met is None else ("met" if line.met else "MISSED")
        return line.what, line.who, line.figure, ratio, line.goal, verdict
