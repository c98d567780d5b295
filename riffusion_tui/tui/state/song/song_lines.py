"""The song pane's content as lines of (text, shade)."""

from __future__ import annotations

from collections.abc import Callable

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.appearance.glyphs import Glyphs, waveform
from riffusion_tui.tui.appearance.text_cells import cut, width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import edit_of
from riffusion_tui.tui.state.job_list.job_situation import advice, standing, status_lines
from riffusion_tui.tui.state.prompt.lock_texts import fields_text, locks_text, states_fields
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded, label
from riffusion_tui.tui.state.song.lyric_lines import unsung_lines, words_and_chords
from riffusion_tui.tui.state.song.plan_lines import band_of, plan_lines
from riffusion_tui.tui.state.song.song_chart import sections as song_chart
from riffusion_tui.tui.state.song.song_chart import song_map, sounding
from riffusion_tui.tui.state.song.song_facts import Facts
from riffusion_tui.tui.state.song.sung_words import sung_line
from riffusion_tui.tui.state.times import span

_MAX_NUMBER = 1e9
_MIN_TITLE = 8
"""Cells of a long title that stay beside its facts."""
_FACT_GAP = "   "


def head(facts: Facts, cells: int, wave_rows: int, glyphs: Glyphs) -> Lines:
    """Return the fixed head: title and facts, waveform, play position."""
    job = facts.job
    if job.status is not Status.DONE:
        return [standing(facts, glyphs)]
    lines: Lines = [title_line(job, cells, glyphs.ellipsis)]
    played = _played(facts, cells)
    for row in waveform(facts.song.waveform if facts.song else (), cells, wave_rows, glyphs):
        lines.append([(row[:played], "focus"), (row[played:], "line")])
    sections = song_map(song_chart(facts.song), job.duration_s, cells)
    if sections:
        lines.append(sections)
    lines.append(_fitting(_where(facts, glyphs), cells, glyphs.ellipsis))
    if facts.spectrum:
        lines.append([(facts.spectrum, "making")])
    return lines


def body(facts: Facts, key: Callable[[str], str], cells: int) -> Lines:
    """Return the scrolling body: lyrics, chords and plan, or the job's state and what to do.

    Args:
        facts: the job.
        key: command id → what to press, for the advice.
        cells: the width.
    """
    if facts.job.status is Status.DONE:
        return _sung(facts, cells) + plan_lines(facts.song, facts.job.duration_s) + _colophon(facts)
    prompt: Lines = [[(text, "ink")] for text in facts.job.prompt.split("\n")]
    return [*_edit(facts.job), *prompt, [], *_situation(facts, key)]


def result(facts: Facts, key: Callable[[str], str], cells: int) -> Lines:
    """Return the body without the request, and with the plan first."""
    if facts.job.status is Status.DONE:
        return plan_lines(facts.song, facts.job.duration_s) + _sung(facts, cells)
    return _situation(facts, key)


def _sung(facts: Facts, cells: int) -> Lines:
    at_s = facts.playing.position_s if facts.playing else None
    return words_and_chords(facts.song, cells, at_s) + unsung_lines(facts)


def _situation(facts: Facts, key: Callable[[str], str]) -> Lines:
    status, what_to_do = status_lines(facts), advice(facts, key)
    gap: Lines = [[]] if status and what_to_do else []
    return status + gap + ([[(what_to_do, "dim")]] if what_to_do else [])


def title_line(job: Job, cells: int, ellipsis: str) -> list[Shaded]:
    """Return the title and as many facts as fit: length, tempo and key are worth more than the end of a long title."""
    facts = [
        span(job.duration_s) if job.duration_s is not None else "",
        message("song.bpm", bpm=job.bpm) if job.bpm else "",
        spelled_key(job.key),
    ]
    facts = [text for text in facts if text]
    title = job.title or message("song.job", id=job.id)
    room = [cells - sum(len(_FACT_GAP) + width(text) for text in facts[:count]) for count in range(len(facts) + 1)]
    count = max((count for count, left in enumerate(room) if left >= min(width(title), _MIN_TITLE)), default=0)
    parts: list[Shaded] = [(cut(title, room[count], ellipsis), "strong")]
    for text in (*facts[:count], job.genre):
        if text and sum(width(part) for part, _ in parts) + len(_FACT_GAP) + width(text) <= cells:
            parts += [(_FACT_GAP, "dim"), (text, "soft")]
    return parts


def _edit(job: Job) -> Lines:
    """Describe the edit with its song and fields; for other jobs, the fields that are sent or locked."""
    edit = edit_of(job)
    if edit:
        fields = "".join(f"  {name} {value}" for name, value in job.options.extra)
        return [[(edit, "attention"), (fields, "dim")]]
    extra, stated = job.options.extra, states_fields(job.service)
    text = fields_text(extra) if stated else locks_text(extra)
    label = "locks.stated" if stated else "locks.song"
    return [[(message(label), "attention"), (f"  {text}", "dim")]] if text else []


def spelled_key(key: str) -> str:
    """Return `A minor` for `Am`, `F major` for `F`; spelled-out modes are unchanged."""
    if not key or " " in key:
        return key
    if key.endswith("m"):
        return message("song.minor", tonic=key[:-1])
    return message("song.major", tonic=key)


def _played(facts: Facts, cells: int) -> int:
    length = facts.job.duration_s
    if facts.playing is None or not length:
        return 0
    return min(cells, int(facts.playing.position_s / length * cells))


def _where(facts: Facts, glyphs: Glyphs) -> list[Shaded]:
    parts: list[Shaded] = []
    if facts.playing is not None:
        sign = glyphs.pause if facts.playing.paused else glyphs.play
        parts.append((f"{span(facts.playing.position_s)} {sign} ", "focus"))
        section, chord = sounding(song_chart(facts.song), facts.playing.position_s)
        if section:
            parts.append((f"{section} {chord}".rstrip() + "   ", "attention"))
        line = sung_line(facts.song, facts.playing.position_s)
        pieces = ((line.before, "soft"), (line.now, "focus"), (line.after, "dim"))
        parts += [(f"{text} ", shade) for text, shade in pieces if text]
        parts += [("  ", "soft")] if line.text else []
    loudness = _number(facts.song.plan.get("loudness_lufs")) if facts.song else None
    if loudness is not None:
        parts.append((message("song.loudness", lufs=f"{loudness:.1f}") + "   ", "faint"))
    if facts.job.verdict:
        keep = facts.job.verdict == "keep"
        parts.append((message(f"verdict.{facts.job.verdict}") + "   ", "done" if keep else "held"))
    if facts.takes > 1:
        parts.append((message("song.takes", n=facts.takes) + "   ", "faint"))
    if facts.playing is None and facts.song is not None:
        parts.append((", ".join(band_of(facts.song)), "dim"))
    return parts


def _fitting(parts: list[Shaded], cells: int, ellipsis: str) -> list[Shaded]:
    """Return the parts that fit in `cells`: a sung line ends in an ellipsis, a fact that doesn't fit is left out."""
    found: list[Shaded] = []
    left = cells
    for text, shade in parts:
        if width(text.rstrip()) > left:
            is_sung = shade in ("soft", "focus", "dim")
            return [*found, (cut(text, left, ellipsis), shade)] if is_sung else found
        found.append((text, shade))
        left -= width(text)
    return found


def _colophon(facts: Facts) -> Lines:
    first, *others = facts.job.prompt.split("\n")
    lines: Lines = [[label(message("song.prompt")), (first, "dim")]]
    lines += [[label(""), (line, "dim")] for line in others]
    if facts.job.file:
        lines.append([label(message("song.file")), (facts.job.file, "dim")])
    return _edit(facts.job) + lines


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < _MAX_NUMBER:
        return None  # older versions stored any number
    return float(value)
