"""Writes title and lyrics for a plan: couplets of its theme, and a chorus whose hook contains the title."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import families
from riffusion_tui.studio.engine.lyrics.liturgy import is_liturgical, liturgy
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine
from riffusion_tui.studio.engine.lyrics.subject import Subject, as_sung
from riffusion_tui.studio.engine.lyrics.syllables import sing
from riffusion_tui.studio.engine.types import Plan
from riffusion_tui.studio.engine.understand.mentions import read
from riffusion_tui.studio.engine.understand.tables import colors, genres, split_words

Couplet = tuple[str, str]

_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)\W*$")
_ENDING = re.compile(r"[aeiouy]+[^aeiouy]*e?$")


@dataclass(frozen=True, slots=True)
class _Theme:
    near: str
    titles: tuple[tuple[str, str], ...]
    couplets: dict[str, tuple[Couplet, ...]]


def title(plan: Plan) -> str:
    """Return the song's title, as `write` uses it in the chorus."""
    return liturgy(plan, ()).title if is_liturgical(plan) else _Pen(plan).title


def write(plan: Plan, form: Sequence[str]) -> Lyrics:
    """Write a song's lyrics.

    Args:
        plan: its subject, moods and scenes choose the theme, its seed the words.
        form: the kinds of the sections in their order, as `Section.kind`.

    Returns:
        One section for each of `form`: four lines for a verse and a chorus, two for a pre-chorus and a bridge, the hook
        for a drop and an ending, none for an intro, a solo and a breakdown.
    """
    if is_liturgical(plan):
        return liturgy(plan, form)
    pen = _Pen(plan)
    return Lyrics(pen.title, tuple(LyricSection(kind, pen.lines(kind)) for kind in form))


class _Pen:
    """Writes one song without repeating a couplet outside the chorus."""

    def __init__(self, plan: Plan) -> None:
        digest = hashlib.sha256(f"lyrics\0{plan.seed}\0{plan.origin}".encode("utf-8", "replace")).digest()
        self._draw = Random(int.from_bytes(digest[:8], "big"))
        self._theme = _theme_of(plan, self._draw)
        self._subject = as_sung(plan.subject)
        self.title, self._hook = self._name()
        self._chorus: tuple[SungLine, ...] = ()
        self._used: set[Couplet] = set()
        self._begun = False

    def lines(self, kind: str) -> tuple[SungLine, ...]:
        """Return the lines of the next section of a kind."""
        if kind == "chorus":
            self._chorus = self._chorus or self._write_chorus()
            return self._chorus
        if kind == "verse":
            return self._write_verse()
        if kind in ("prechorus", "bridge"):
            return tuple(sing(_capital(line)) for line in self._couplet(self._theme, kind))
        return (sing(self._hook),) if kind in ("drop", "ending") else ()

    def _name(self) -> tuple[str, str]:
        if self._subject is None:
            return self._draw.choice(_themes()[self._theme].titles)
        hook = self._draw.choice(_hooks()[self._subject.kind])
        return self._subject.title, _capital(_fill(hook, self._subject))

    def _write_verse(self) -> tuple[SungLine, ...]:
        couplets = [self._couplet(self._theme, "verse")]
        couplets.append(self._couplet(self._theme, "verse", unlike=couplets[0]))
        if self._subject is not None and not self._begun:
            first, second = self._couplet("subject", "verse")
            couplets[0] = _fill(first, self._subject), _fill(second, self._subject)
        self._begun = True
        return tuple(sing(_capital(line)) for couplet in couplets for line in couplet)

    def _write_chorus(self) -> tuple[SungLine, ...]:
        answer, close = self._couplet(self._theme, "chorus")
        return tuple(sing(_capital(line)) for line in (self._hook, answer, self._hook, close))

    def _couplet(self, theme: str, kind: str, unlike: Couplet | None = None) -> Couplet:
        """Return an unused couplet of the theme or of related ones; if all are used, reuse them.

        It does not rhyme with `unlike`, the couplet before it.
        """
        wanted, seen = theme, set[str]()
        while theme not in seen:
            left = [couplet for couplet in _themes()[theme].couplets[kind] if couplet not in self._used]
            if unlike is not None:
                left = [couplet for couplet in left if rhyme_key(couplet[0]) != rhyme_key(unlike[0])]
            if left:
                chosen = self._draw.choice(left)
                self._used.add(chosen)
                return chosen
            seen.add(theme)
            theme = _themes()[theme].near
        self._used -= set(_themes()[wanted].couplets[kind])
        return self._couplet(wanted, kind)


def _theme_of(plan: Plan, draw: Random) -> str:
    """Return the theme of the subject, else of the scenes and moods, else of the genre or its family."""
    genre = genres()[plan.genre]
    usual = genre.themes or tuple(families()[genre.family]["family"]["themes"])
    subject = read(plan.subject).mentions if plan.subject else []
    about = _themes_for((mention.kind, mention.meaning) for mention in subject)
    theme = about[0] if about else draw.choice(_of_scenes_and_moods(plan)[:2] or usual)
    gentle = split_words(read_data("lyrics/choice.toml")["gentle"]["themes"])
    return draw.choice(usual) if "gentle" in genre.traits and theme not in gentle else theme


def _of_scenes_and_moods(plan: Plan) -> list[str]:
    kinds = {"scene": plan.scenes, "place": plan.scenes, "activity": plan.scenes, "mood": plan.moods}
    return _themes_for((kind, name) for kind, names in kinds.items() for name in names)


def _themes_for(meanings: Iterable[tuple[str, str]]) -> list[str]:
    """Return the themes of those of some meanings, (kind, name), that have one."""
    rows = (colors().get(meaning) for meaning in meanings)
    return [row.theme for row in rows if row is not None and row.theme in _themes()]


def _fill(line: str, subject: Subject) -> str:
    named = subject.phrase
    return (
        line.replace("{np}", named)
        .replace("{Np}", _capital(named))
        .replace("{call}", subject.call)
        .replace("{Call}", _capital(subject.call))
    )


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


@cache
def _themes() -> dict[str, _Theme]:
    return {name: _theme(row) for name, row in read_data("lyrics/themes.toml").items() if name != "hooks"}


@cache
def _hooks() -> dict[str, tuple[str, ...]]:
    row = read_data("lyrics/themes.toml")["hooks"]
    return {kind: _rows(row[kind]) for kind in ("person", "gerund", "thing")}


def _theme(row: dict[str, str]) -> _Theme:
    pairs = {
        kind: tuple(_pair(line, " / ") for line in _rows(row[kind]))
        for kind in ("verse", "prechorus", "chorus", "bridge")
    }
    return _Theme(row["near"], tuple(_pair(line, " | ") for line in _rows(row["titles"])), pairs)


def _rows(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _pair(line: str, mark: str) -> tuple[str, str]:
    first, second = line.split(mark)
    return first.strip(), second.strip()


def rhyme_key(line: str) -> str:
    """Return the sound that a line or a word ends with: lines with the same key rhyme.

    Spelling decides by the letters from the last vowel on; `rhymes.toml` has the words whose spelling misleads.
    """
    found = _LAST_WORD.search(line.lower())
    if found is None:
        return ""
    word = re.sub(r"['’]", "", found[1])
    ending = _ENDING.search(word)
    return _rhymes().get(word) or (ending.group() if ending else word)


@cache
def _rhymes() -> dict[str, str]:
    groups = (line.split() for line in read_data("lyrics/rhymes.toml")["groups"].splitlines())
    return {word: group[0] for group in groups for word in group}
