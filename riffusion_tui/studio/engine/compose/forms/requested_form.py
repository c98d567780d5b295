"""Giving the sections that a prompt asks for room in a short song, at the cost of those that it doesn't ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose.energy import MAIN
from riffusion_tui.studio.engine.compose.form import SectionTemplate, last_high, total_size, usual_name
from riffusion_tui.studio.engine.requested_sections import (
    ENDING_BARS,
    FEWEST_BARS,
    kinds_with_room,
    main_bars,
    requested_kinds,
)
from riffusion_tui.studio.engine.song_plan import Plan

_SIZES = (4, FEWEST_BARS)
"""Bars of a requested section, if the song has room for them."""
_LONG = 8
"""Bars of a verse or chorus that is halved rather than that another is left out."""
_DETOURS = ("solo", "prechorus", "breakdown", "bridge", "intro")
"""Kinds of sections that are left out, first to last, if the prompt doesn't ask for them."""


def with_requested(parts: list[SectionTemplate], plan: Plan) -> list[SectionTemplate]:
    """Return sections, with sizes in bars, in which the requested ones that have room are found; as long as `parts`.

    They are `parts` themselves if nothing is missing.
    """
    bars = total_size(parts)
    wanted = kinds_with_room(plan, bars)
    crowded = {kind for kind in requested_kinds(plan) if kind not in wanted}
    if all(_has(parts, kind) for kind in wanted) and not any(part.kind in crowded for part in parts):
        return parts
    kept = [part for part in parts if part.kind not in crowded]
    if not kept or kept[-1].kind != "ending":
        kept.append(SectionTemplate("ending", usual_name("ending"), ENDING_BARS))
    size = _size(kept, len(wanted), bars)
    for kind in reversed(wanted):
        _require(kept, kind, size)
    song = _Squeezed(kept, wanted, size, max(main_bars(plan), size), bars)
    song.squeeze()
    return song.filled()


def _has(parts: Sequence[SectionTemplate], kind: str) -> bool:
    """Whether there is a section of a kind that isn't too short; a riff or a break between verses is no solo."""
    return any(
        part.kind == kind and part.size >= FEWEST_BARS and (kind != "solo" or part.name == usual_name(kind))
        for part in parts
    )


def _require(parts: list[SectionTemplate], kind: str, size: int) -> None:
    """Make sure that there is a section of a kind: the last one grows and is a real solo, else one is inserted."""
    if _has(parts, kind):
        return
    at = max((i for i, part in enumerate(parts) if part.kind == kind), default=None)
    found = SectionTemplate(kind, usual_name(kind), size)
    if at is not None:
        before = parts.pop(at)
        found = replace(found if kind == "solo" else before, size=max(size, before.size))
    mains = [i for i, part in enumerate(parts) if part.kind in MAIN]
    if kind == "intro":
        at = 0
    elif at is None or not any(i < at for i in mains):
        # After the first verse or chorus: nothing else gives it something to differ from.
        at = max(last_high(parts) if len(parts) > 1 else 0, min(mains, default=-1) + 1)
    parts.insert(at, found)


def _size(parts: Sequence[SectionTemplate], wanted: int, bars: int) -> int:
    """Return the bars of each of the `wanted` sections: most for which a verse and a chorus have room, else one."""
    mains = min(2, len({part.kind for part in parts if part.kind in MAIN}))
    for count in (mains, 1):
        for size in _SIZES:
            if size * (wanted + count) + ENDING_BARS <= bars:
                return size
    return FEWEST_BARS


@dataclass(slots=True)
class _Squeezed:
    """Sections that give up bars until they have as many as the song."""

    parts: list[SectionTemplate]
    wanted: tuple[str, ...]
    size: int
    """Bars that a requested section keeps."""
    main: int
    """Bars that a verse or chorus keeps."""
    bars: int

    def squeeze(self) -> None:
        """Take bars where they are missed least, until there are few enough."""
        self._shrink("ending", FEWEST_BARS)
        for kind in _DETOURS:
            self._leave_out(self._spare(kind))
        self._halve()
        self._leave_out(self._repeated())
        self._shrink("ending", ENDING_BARS)
        for kind in self.wanted:
            self._shrink(kind, self.size)
        self._shrink_mains()
        self._leave_out([i for i, part in enumerate(self.parts) if part.kind in MAIN and i != self._first_main()])
        self._shrink_mains()

    def filled(self) -> list[SectionTemplate]:
        """Return the sections, of which the requested ones get an even number of the bars that are left."""
        parts = list(self.parts)
        left = -self._over()
        for i, part in enumerate(parts):
            if part.kind in self.wanted and left >= FEWEST_BARS and part.size < _LONG // 2:
                parts[i] = replace(part, size=part.size + FEWEST_BARS)
                left -= FEWEST_BARS
        main = self._first_main()
        if main is not None:
            more = left if parts[main].size < FEWEST_BARS else left - left % 2
            parts[main] = replace(parts[main], size=parts[main].size + more)
            left -= more
        parts[-1] = replace(parts[-1], size=parts[-1].size + left)
        return parts

    def _over(self) -> int:
        return total_size(self.parts) - self.bars

    def _spare(self, kind: str) -> list[int]:
        """Return the places of the sections of a kind that the prompt didn't ask for; one of a requested kind stays."""
        places = [i for i, part in enumerate(self.parts) if part.kind == kind]
        if kind not in self.wanted:
            return places
        named = [i for i in places if kind != "solo" or self.parts[i].name == usual_name(kind)]
        return [i for i in places if i != named[-1]]

    def _leave_out(self, places: Sequence[int]) -> None:
        """Leave out sections, the last first; an intro only gets shorter if an even number of bars remains."""
        for at in reversed(places):
            over, part = self._over(), self.parts[at]
            if over <= 0:
                return
            rest = part.size - over
            if part.kind == "intro" and rest >= FEWEST_BARS and rest % 2 == 0:
                self.parts[at] = replace(part, size=rest)
            else:
                del self.parts[at]

    def _shrink(self, kind: str, fewest: int) -> None:
        for i, part in enumerate(self.parts):
            if part.kind == kind and part.size > fewest:
                self.parts[i] = replace(part, size=max(fewest, part.size - max(0, self._over())))

    def _mains(self) -> Iterator[int]:
        """Yield the places of verses and high points that can be shorter, the longest first."""
        places = [i for i, part in enumerate(self.parts) if part.kind in MAIN and part.size > self.main]
        yield from sorted(places, key=lambda i: -self.parts[i].size)

    def _halve(self) -> None:
        for at in self._mains():
            half, odd = divmod(self.parts[at].size, 2)
            if self._over() > 0 and 2 * half >= _LONG and not odd and half >= self.main:
                self.parts[at] = replace(self.parts[at], size=half)

    def _shrink_mains(self) -> None:
        while self._over() > 0 and (at := next(self._mains(), None)) is not None:
            self.parts[at] = replace(self.parts[at], size=self.parts[at].size - 1)

    def _first_main(self) -> int | None:
        """Return the place of the verse or high point that matters most; None without any."""
        places = [i for i, part in enumerate(self.parts) if part.kind in MAIN]
        return min(places, key=lambda i: self.parts[i].priority, default=None)

    def _repeated(self) -> list[int]:
        """Return the places of verses and high points of a kind that came before."""
        kinds = [part.kind for part in self.parts]
        return [i for i, kind in enumerate(kinds) if kind in MAIN and kind in kinds[:i]]
