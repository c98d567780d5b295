"""The song pane's content as lines of (text, shade)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from riffusion_tui.jobs.model import FailureKind, Job, JobEvent, Song, WaitCause
from riffusion_tui.jobs.nicknames import with_nicknames
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.tui.glyphs import Glyphs, waveform
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_row import edit_of, state_of
from riffusion_tui.tui.state.lock_texts import fields_text, locks_text, states_fields
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.sheet_lines import sheet_lines
from riffusion_tui.tui.state.song_chart import chart_lines, song_map, sounding
from riffusion_tui.tui.state.song_chart import sections as song_chart
from riffusion_tui.tui.state.sung_words import sung_line
from riffusion_tui.tui.state.times import clock, span
from riffusion_tui.tui.text_cells import cut, width

_MAX_DIGITS = 12
"""Maximum digits of a number formatted as a tempo or a length; longer ones are shown unchanged."""
_MAX_NUMBER = 1e9


class Playing(NamedTuple):
    """The play position, while this song is playing."""

    position_s: float
    paused: bool


class Facts(NamedTuple):
    """The pane's input."""

    job: Job
    song: Song | None
    wait: WaitReason | None
    playing: Playing | None
    takes: int
    now: float
    spectrum: str = ""
    """Levels of what plays now by frequency, drawn; empty if they are not known."""


def head(facts: Facts, cells: int, wave_rows: int, glyphs: Glyphs) -> Lines:
    """Return the fixed head: title and facts, waveform, play position."""
    job = facts.job
    if job.status is not Status.DONE:
        return [_standing(facts, glyphs)]
    lines: Lines = [title_line(job, cells)]
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
        at_s = facts.playing.position_s if facts.playing else None
        return words_and_chords(facts.song, cells, at_s) + _unsung(facts) + _plan(facts.song) + _colophon(facts)
    lines = _edit(facts.job) + [[(text, "ink")] for text in facts.job.prompt.split("\n")]
    lines += [[], *_status_lines(facts)]
    advice = _advice(facts, key)
    return lines + ([[], [(advice, "dim")]] if advice else [])


def title_line(job: Job, cells: int) -> list[Shaded]:
    """Return the title and as many facts as fit."""
    parts: list[Shaded] = [(job.title or message("song.job", id=job.id), "strong")]
    for text in (
        span(job.duration_s) if job.duration_s is not None else "",
        message("song.bpm", bpm=job.bpm) if job.bpm else "",
        spelled_key(job.key),
        job.genre,
    ):
        if text and sum(len(part) for part, _ in parts) + 3 + len(text) <= cells:
            parts += [("   ", "dim"), (text, "soft")]
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
        parts.append((", ".join(_band(facts.song)), "dim"))
    return parts


def _band(song: Song) -> list[str]:
    """Return who plays and sings, if the service says so."""
    return [str(one) for one in _list(song.plan.get("stems"))]


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


def lyric_lines(text: str) -> Lines:
    """Return lyrics with their `[Section]` headings marked."""
    return [
        [(line, "attention" if line.startswith("[") and line.rstrip().endswith("]") else "soft")]
        for line in text.split("\n")
    ]


def words_and_chords(song: Song | None, cells: int, at_s: float | None = None) -> Lines:
    """Return a lead sheet if the service timed both chords and lyrics, else one below the other.

    Args:
        song: the song.
        cells: the width.
        at_s: the play position, whose chord and line are highlighted.
    """
    if sheet := sheet_lines(song, cells, at_s):
        return [*sheet, []]
    chart = chart_lines(song_chart(song), at_s)
    lyrics = song.lyrics.strip() if song else ""
    return [*chart, *([[]] if chart else []), *([*lyric_lines(lyrics), []] if lyrics else [])]


def _unsung(facts: Facts) -> Lines:
    """List the user's lines that a song of the studio doesn't sing; other services may split lines differently."""
    from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, sung_lines  # not needed for the first frame

    job, song = facts.job, facts.song
    if song is None or not song.plan.get("engine"):
        return []
    if not song.timed_lyrics and song.plan.get("vocals", "none") == "none":
        return []  # an instrumental
    lines = sung_lines(job.options.lyrics or "", [line for _, line in song.timed_lyrics])
    length_s = job.options.length_s or job.duration_s
    if lines.complete or length_s is None:
        return []
    longer = lines.length_for_all(length_s)
    known = {"sung": lines.sung, "given": lines.given, "length": span(length_s), "longer": span(longer or MAX_LENGTH_S)}
    text = message("song.unsung" if longer else "song.too_many_lines", **known)
    return [[(text, "attention")], *([(f"  {line}", "dim")] for line in lines.missing), []]


def _plan(song: Song | None) -> Lines:
    if song is None or not song.plan:
        return []
    lines: Lines = [[(str(one), "attention")] for one in _list(song.plan.get("limits"))]
    understood = meanings(_kind_and_meaning(one) for one in _list(song.plan.get("understood")))
    ignored = [str(one) for one in _list(song.plan.get("ignored"))]
    chosen = _list(song.plan.get("chosen"))
    if understood:
        lines.append([(message("plan.understood") + " ", "faint"), ("  ".join(understood), "making")])
    if ignored:
        lines.append([(message("plan.ignored") + " ", "faint"), ("  ".join(dict.fromkeys(ignored)), "dim")])
    if chosen:
        lines.append([(message("plan.chosen") + " ", "faint"), ("  ".join(_pair(one) for one in chosen), "dim")])
    instruments = [str(one) for one in _list(song.plan.get("instruments"))]
    if band := _band(song):
        lines.append([(message("plan.band") + " ", "faint"), ("  ".join(band), "dim")])
    elif instruments:
        lines.append([(message("plan.instruments") + " ", "faint"), ("  ".join(instruments), "dim")])
    sounds = song.plan.get("sounds")
    if isinstance(sounds, str) and sounds:
        lines.append([(message("plan.sounds") + " ", "faint"), (sounds, "dim")])
    return [*lines, []] if lines else []


def _colophon(facts: Facts) -> Lines:
    lines: Lines = [
        [(message("song.prompt") + " ", "faint"), (line, "dim")] for line in facts.job.prompt.split("\n")[:1]
    ]
    lines += [[("", "dim"), (line, "dim")] for line in facts.job.prompt.split("\n")[1:]]
    lines = _edit(facts.job) + lines
    if facts.job.file:
        lines.append([(message("song.file") + " ", "faint"), (facts.job.file, "dim")])
    return lines


def _standing(facts: Facts, glyphs: Glyphs) -> list[Shaded]:
    state = state_of(facts.job, facts.wait)
    return [(f"{glyphs.states[state]} {message(f'status.{state}')}", _SHADE.get(state, "soft"))]


_SHADE = {
    "making": "making",
    "sending": "making",
    "fetching": "making",
    "waits": "waits",
    "held": "held",
    "failed": "held",
    "refused": "attention",
    "maybe_sent": "attention",
}


def _status_lines(facts: Facts) -> Lines:
    job, wait, now = facts.job, facts.wait, facts.now
    lines: Lines = []
    if wait is not None:
        known = {"cause": wait.cause.value, "since": clock(wait.since, now)}
        lines.append([(message("situation.waits", **known), "waits")])
        account = message("situation.account", account=wait.account) if wait.account else ""
        if account or wait.detail:
            lines.append([(": ".join(text for text in (account, wait.detail) if text), "waits")])
        if wait.until is not None:
            lines.append([(message("situation.next", n=max(1, wait.tries), at=_exact(wait.until)), "waits")])
    elif job.status is Status.MAKING:
        lines.append([(message("situation.making", since=clock(job.accepted_at or job.created_at, now)), "making")])
    if job.error:
        lines.append([(job.error, "held")])
    if job.account:
        lines.append([(message("situation.account", account=job.account), "dim")])
    return lines


def _exact(at: float) -> str:
    import time

    return time.strftime("%H:%M:%S", time.localtime(at))


def _advice(facts: Facts, key: Callable[[str], str]) -> str:
    job = facts.job
    if facts.wait is not None and facts.wait.cause is WaitCause.TOKEN:
        return message("advice.token", service=job.service)
    if facts.wait is not None and facts.wait.cause is WaitCause.UNATTENDED:
        form = "advice.no_token" if facts.wait.detail else "advice.unattended"
        return message(form, service=job.service, key=key("palette"))
    if job.status is Status.MAYBE_SENT:
        return message("advice.maybe_sent", key=key("job.settle"))
    if job.status is Status.REFUSED:
        return message("advice.refused", key=key("job.edit"))
    if job.status is Status.FAILED:
        form = "advice.fetch" if job.trouble in (FailureKind.DOWNLOAD, FailureKind.DISK) else "advice.failed"
        return message(form, key=key("job.retry"), edit=key("job.edit"))
    if job.status is Status.HELD:
        return message("advice.held", key=key("job.release"))
    if job.status is Status.CANCELLED:
        return message("advice.cancelled", key=key("job.retry"))
    return ""


def welcome(service: str, key: Callable[[str], str]) -> Lines:
    """Return the welcome text of a first start.

    Args:
        service: the service's name.
        key: command id → displayed key.
    """
    text = message("welcome.studio" if service == "studio" else "welcome.service", service=service)
    keys = message(
        "welcome.keys", make=key("make"), help=key("help"), palette=key("palette"), editor=key("prompt.editor")
    )
    lines: Lines = [[(message("welcome.title"), "strong")], [(text, "soft")], []]
    return lines + [[(part, "dim")] for part in keys.split("\n")]


def timeline(happenings: Sequence[JobEvent], created_at: float, names: Mapping[str, str]) -> Lines:
    """Return a job's timeline, with seconds since it was queued; `names` are those of accounts."""
    return [
        [(f"{_exact(one.at)}  +{span(one.at - created_at):>7}  ", "faint"), (one.what, "ink")]
        + ([("  " + with_nicknames(one.detail, names), "dim")] if one.detail else [])
        for one in happenings
    ]


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _kind_and_meaning(term: object) -> tuple[str, str]:
    if isinstance(term, Mapping):
        return str(term.get("kind", "")), str(term.get("meaning") or term.get("word") or "")
    if isinstance(term, list | tuple) and term:
        return str(term[1]) if len(term) == 3 else "", str(term[-1])
    return "", str(term)


def meanings(words: Iterable[tuple[str, str]]) -> list[str]:
    """Format the (kind, meaning) of detected words, each once, a key with its mode: `C major`."""
    found: list[str] = []
    before = ""
    for kind, meaning in words:
        if kind == "mode" and before == "key":
            found[-1] += f" {meaning}"
        else:
            found.append(meaning_text(kind, meaning))
        before = kind
    return list(dict.fromkeys(found))


def meaning_text(kind: str, meaning: str) -> str:
    """Format the meaning of a detected word: `120 bpm`, `0:30`, `no drums`."""
    if kind == "avoid":
        return message("song.without", what=meaning)
    if kind == "softer":
        return message("song.softer", what=meaning)
    if (kind, meaning) == ("vocal", "none"):
        return message("options.instrumental")
    plain = len(meaning) <= _MAX_DIGITS and meaning.replace(".", "", 1).isdecimal()
    if kind == "tempo" and plain:
        return message("song.bpm", bpm=float(meaning))
    return span(float(meaning)) if kind == "length" and plain else meaning


def _pair(chosen: object) -> str:
    if isinstance(chosen, list | tuple) and len(chosen) == 2:
        return f"{chosen[0]} {chosen[1]}"
    return str(chosen)


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < _MAX_NUMBER:
        return None  # older versions stored any number
    return float(value)
