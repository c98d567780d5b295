"""Writes title and lyrics for a plan: couplets of its themes, and a chorus whose hook contains the title."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data, split_lines, split_words
from riffusion_tui.studio.engine.genre_files import families
from riffusion_tui.studio.engine.lyrics.fit import Fit, fit_of
from riffusion_tui.studio.engine.lyrics.halves import Couplet, Halves, is_occasion, is_of_two
from riffusion_tui.studio.engine.lyrics.liturgy import is_liturgical, liturgy
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine
from riffusion_tui.studio.engine.lyrics.subject import Subject, as_sung
from riffusion_tui.studio.engine.lyrics.syllables import count, sing
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.figures.stated_age import stated_age
from riffusion_tui.studio.engine.understand.reading.mentions import Mention
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.words.tables import colors, genres

_BIRTHDAY = "birthday"
"""The theme of a song for somebody's age."""
_JOINED, _JOINED_TITLES = 85, 100
"""How many couplets, and titles, joined from halves there are for each that is written as a whole, by chance."""
_LONGEST = 13
"""Syllables of the longest first line about a subject that is written as a whole."""
_HOOK = range(6, 13)
"""Syllables of a hook about a subject."""


@dataclass(frozen=True, slots=True)
class _Theme:
    near: str
    titles: tuple[tuple[str, str], ...]
    couplets: dict[str, tuple[Couplet, ...]]
    hooks: dict[str, tuple[str, ...]]
    """Of an occasion: about somebody (`named`), a thing (`about`), and with somebody's age (`aged`, `aged_alone`)."""


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
        self._age, aged = stated_age(plan.origin)
        self._theme, self._second = _themes_of(plan, self._draw)
        if self._age and _is_of_somebody(plan, aged):
            self._theme = self._second = _BIRTHDAY
        titled = bool(plan.title) and plan.subject == plan.title
        about = plan.subject.replace(aged, "") if _tells(aged) else plan.subject
        self._subject = None if titled else as_sung(about, named=plan.named)
        self._addressed = plan.named
        guests = is_of_two(self._theme) and self._subject is not None and not self._subject.is_spouse
        self._fit = Fit(guests=guests) if is_occasion(self._theme) else fit_of(plan, self._theme)
        family = genres()[plan.genre].family
        self._halves = Halves(self._draw, self._theme, family, self._fit)
        self._others = Halves(self._draw, self._second, family, self._fit, self._halves.used)
        self.title, self._hook = self._with_title(plan.title) if plan.title else self._name()
        self._chorus: tuple[SungLine, ...] = ()
        self._bridge: tuple[SungLine, ...] = ()
        self._used: set[Couplet] = set()
        self._verses = 0

    def lines(self, kind: str) -> tuple[SungLine, ...]:
        """Return the lines of the next section of a kind."""
        if kind == "chorus":
            self._chorus = self._chorus or self._write_chorus()
            return self._chorus
        if kind == "verse":
            return self._write_verse()
        if kind == "bridge":  # a song has one: its second one returns to it
            self._bridge = self._bridge or _sung(self._leading(kind))
            return self._bridge
        if kind == "prechorus":
            return _sung(self._leading(kind))
        return (sing(self._hook),) if kind in ("drop", "ending") else ()

    def _with_title(self, title: str) -> tuple[str, str]:
        """Return the prompt's title and a hook with it."""
        return title, self._draw.choice(_hooks()["title"]).replace("{t}", title)

    def _name(self) -> tuple[str, str]:
        theme = _themes()[self._theme]
        if self._age and self._theme == _BIRTHDAY and (self._subject is None or self._subject.name):
            return self._name_aged(theme)
        if self._subject is None:
            joined = not is_occasion(self._theme) and self._draw.random() * _JOINED_TITLES >= len(theme.titles)
            fit = [row for row in theme.titles if self._fit.allows(" ".join(row))]
            return self._halves.title() if joined else self._draw.choice(fit)
        kind = self._subject.kind
        if is_occasion(self._theme) and kind != "gerund":
            hooks = theme.hooks["named" if self._subject.name else "about"]
        else:
            hooks = _hooks()["named" if self._addressed and self._subject.name else kind]
        return self._subject.title, self._fitting(hooks, self._subject)

    def _fitting(self, hooks: Sequence[str], subject: Subject) -> str:
        """Return a hook about a subject, of a good length if any is."""
        filled = [_capital(_fill(hook, subject, subject.known)) for hook in hooks if self._fit.allows(hook)]
        return self._draw.choice([hook for hook in filled if count(hook) in _HOOK] or [min(filled, key=count)])

    def _name_aged(self, theme: _Theme) -> tuple[str, str]:
        """Return the title and a hook with somebody's age."""
        kind = "aged_alone" if self._subject is None else "aged"
        hooks = [hook.replace("{age}", str(self._age)) for hook in theme.hooks[kind]]
        if self._subject is None:
            return self._draw.choice(theme.titles)[0], self._draw.choice(hooks)
        return self._subject.title, self._fitting(hooks, self._subject)

    def _write_verse(self) -> tuple[SungLine, ...]:
        """Return four lines: about the subject, and those of a later verse end with the second theme."""
        self._verses += 1
        if self._subject is not None and self._verses == 1:
            return _sung(self._about(self._subject))
        first = self._returning() or self._verse_couplet(self._halves)
        second = self._verse_couplet(self._halves if self._verses == 1 else self._others, unlike=first)
        return _sung((*first, *second))

    def _returning(self) -> Couplet | None:
        """Return a couplet that comes back to the subject, unless the song is for somebody or an occasion."""
        if self._subject is None or self._addressed or is_occasion(self._theme):
            return None
        return self._halves.returning(self._subject)

    def _about(self, subject: Subject) -> tuple[str, ...]:
        """Return a verse about the subject."""
        plain = not (subject.rest or self._addressed or is_occasion(self._theme)) and self._whole("subject", "verse")
        couplets = [
            (_fill(one, subject, subject.phrase), _fill(two, subject, subject.phrase))
            for one, two in _themes()["subject"].couplets["verse"]
        ]
        short = [couplet for couplet in couplets if count(couplet[0]) <= _LONGEST]
        if not (plain and short):
            return self._halves.about(subject, addressed=self._addressed)
        first = self._draw.choice(short)
        return (*first, *self._verse_couplet(self._halves, unlike=first))

    def _whole(self, theme: str, kind: str) -> bool:
        """Whether the next couplet is one of those that are written as a whole: the more there are, the more often."""
        return self._draw.random() * _JOINED < len(self._couplets(theme, kind))

    def _verse_couplet(self, halves: Halves, unlike: Couplet | None = None) -> Couplet:
        if self._whole(halves.theme, "verse"):
            return self._couplet(halves.theme, "verse", unlike)
        return halves.verse(unlike[0] if unlike else "")

    def _leading(self, kind: str) -> Couplet:
        if self._whole(self._theme, kind):
            return self._couplet(self._theme, kind)
        return self._halves.leading("leaning" if kind == "prechorus" else "looking_back")

    def _write_chorus(self) -> tuple[SungLine, ...]:
        whole = self._whole(self._theme, "chorus")
        answer, close = self._couplet(self._theme, "chorus") if whole else self._halves.chorus()
        return _sung((self._hook, answer, self._hook, close))

    def _couplet(self, theme: str, kind: str, unlike: Couplet | None = None) -> Couplet:
        """Return an unused couplet of the theme, or of the one near it; if all are used, one of them again.

        It does not rhyme with `unlike`, the couplet before it.
        """
        avoided = rhyme_key(unlike[0]) if unlike else ""
        left = (
            [one for one in self._couplets(name, kind) if one not in self._used and rhyme_key(one[0]) != avoided]
            for name in (theme, _themes()[theme].near)
        )
        chosen = self._draw.choice(next(filter(None, left), self._couplets(theme, kind)))
        self._used.add(chosen)
        return chosen

    def _couplets(self, theme: str, kind: str) -> Sequence[Couplet]:
        return tuple(pair for pair in _themes()[theme].couplets[kind] if self._fit.allows(" ".join(pair)))


def _is_of_somebody(plan: Plan, age: str) -> bool:
    """Whether an age is that of somebody whom the song is for: `who turns 30`; not `about a 17 year old girl`."""
    return "turn" in age.lower() and (plan.named or _tells(age))


def _tells(age: str) -> bool:
    """Whether the words for an age are a clause of their own: `who turns 60`."""
    return age.lower().startswith(("who", "she", "he"))


def _sung(lines: Sequence[str]) -> tuple[SungLine, ...]:
    return tuple(sing(_capital(line)) for line in lines)


def _themes_of(plan: Plan, draw: Random) -> tuple[str, str]:
    """Return the theme of the subject, else of the scenes and moods, else of the genre or its family, and a second one.

    The second theme is another of the prompt's, else one near that of the subject, else the genre's. A song for an
    occasion keeps to its theme.
    """
    genre = genres()[plan.genre]
    usual = genre.themes or tuple(families()[genre.family]["family"]["themes"])
    subject = read(plan.subject).mentions if plan.subject else []
    about = [*_topics(plan.subject), *_themes_for((mention.kind, mention.meaning) for mention in subject)]
    about = [*_contrary_moods(plan, subject, about), *about]
    prompted = list(dict.fromkeys([*about, *_of_scenes_and_moods(plan)]))
    named = [name for one in (plan.genre, plan.blend) if one for name in genres()[one].themes]
    occasion = next((name for name in (*prompted, *named) if is_occasion(name)), None)
    if occasion is not None:
        return occasion, occasion
    theme = about[0] if about else draw.choice(prompted[:2] or usual)
    gentle = split_words(read_data("lyrics/choice.toml")["gentle"]["themes"])
    able = gentle if "gentle" in genre.traits else tuple(_themes())
    theme = theme if theme in able else draw.choice(usual)
    unfit = {theme, *_contrary(theme)}
    others = [name for name in prompted if name not in unfit and name in able]
    related = [_themes()[theme].near] if about else usual
    return theme, draw.choice(others or [name for name in related if name != theme and name in able] or [theme])


def _contrary_moods(plan: Plan, subject: Sequence[Mention], about: Sequence[str]) -> list[str]:
    """Return the theme of the prompt's mood if that of its subject is the contrary: of `a sad song about pizza`."""
    own = {mention.meaning for mention in subject}
    stated = _themes_for(("mood", mood) for mood in plan.moods if mood not in own)
    return [theme for theme in stated[:1] for one in about[:1] if theme in _contrary(one)]


def _contrary(theme: str) -> tuple[str, ...]:
    """Return the themes whose mood is contrary to that of a theme."""
    return tuple(split_words(read_data("lyrics/choice.toml")["contrary"].get(theme, "")))


def _topics(subject: str) -> list[str]:
    """Return the themes of a subject's words, in their order."""
    found: list[tuple[int, str]] = []
    for theme, words in read_data("lyrics/choice.toml")["topics"].items():
        pattern = "|".join(map(re.escape, split_words(words)))
        found += [(match.start(), theme) for match in re.finditer(rf"\b(?:{pattern})\b", subject, re.IGNORECASE)]
    return [theme for _, theme in sorted(found)]


def _of_scenes_and_moods(plan: Plan) -> list[str]:
    kinds = {"scene": plan.scenes, "place": plan.scenes, "activity": plan.scenes, "mood": plan.moods}
    return _themes_for((kind, name) for kind, names in kinds.items() for name in names)


def _themes_for(meanings: Iterable[tuple[str, str]]) -> list[str]:
    """Return the themes of those of some meanings, (kind, name), that have one."""
    rows = (colors().get(meaning) for meaning in meanings)
    return [row.theme for row in rows if row is not None and row.theme in _themes()]


def _fill(line: str, subject: Subject, named: str) -> str:
    return (
        line.replace("{np}", named)
        .replace("{Np}", _capital(named))
        .replace("{call}", subject.name or subject.call)
        .replace("{Call}", _capital(subject.name or subject.call))
    )


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


@cache
def _themes() -> dict[str, _Theme]:
    return {name: _theme(row) for name, row in read_data("lyrics/themes.toml").items() if name != "hooks"}


@cache
def _hooks() -> dict[str, tuple[str, ...]]:
    row = read_data("lyrics/themes.toml")["hooks"]
    return {kind: split_lines(row[kind]) for kind in ("person", "gerund", "clause", "thing", "title", "named")}


def _theme(row: dict[str, str]) -> _Theme:
    pairs = {
        kind: tuple(_pair(line, " / ") for line in split_lines(row[kind]))
        for kind in ("verse", "prechorus", "chorus", "bridge")
    }
    hooks = {kind: split_lines(row.get(kind, "")) for kind in ("named", "about", "aged", "aged_alone")}
    return _Theme(row["near"], tuple(_pair(line, " | ") for line in split_lines(row["titles"])), pairs, hooks)


def _pair(line: str, mark: str) -> tuple[str, str]:
    first, second = line.split(mark)
    return first.strip(), second.strip()
