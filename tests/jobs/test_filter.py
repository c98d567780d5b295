from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.filter import FilterError, Sort, compile_filter, field_words, sort_jobs, sort_key
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import Status

NOW = datetime(2026, 11, 22, 15, 0).timestamp()
HOUR = 3600.0

BASE = Job(1, "r1", "Lofi beat", Options(model="FUZZ-0.8"), "studio", Status.DONE, "b1", created_at=NOW - HOUR)
JOBS = (
    BASE._replace(title="Rainy Night", bpm=90.0, duration_s=130.0, key="Am", genre="lofi", account="acc-1",
                        ended_at=5.0, verdict="keep", position=4.0),
    BASE._replace(id=2, prompt="house track", status=Status.QUEUED, created_at=NOW - 30 * HOUR,
                        options=Options(model="FUZZ-0.8", account="acc-2"), batch="b2", position=2.0),
    BASE._replace(id=3, prompt="jazz [dark]", status=Status.FAILED, error="Moderated", bpm=120.5,
                        duration_s=200.0, genre="jazz", key="Bb", created_at=NOW - 60, service="flowmusic",
                        ended_at=9.0, position=3.0),
    BASE._replace(id=12, prompt="drone", status=Status.MAKING, key="D dorian", created_at=NOW,
                        position=1.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [("transpose", True), ('"transpose d min"', True), ("-TRANSPOSE", False), ("mute", False), ("none", False)],
)
def test_a_word_finds_an_edit(text: str, found: bool) -> None:
    made = BASE._replace(options=Options(operation="transpose", extra=(("key", "D minor"),)))
    assert compile_filter(text, NOW)(made) is found
    assert not compile_filter("none", NOW)(BASE)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 12]),
        ("lofi", [1]),
        ("RAINY", [1]),
        ("moder", [3]),
        ("12", [12]),
        ("[dark]", [3]),
        ('"house track"', [2]),
        ('"house tr', [2]),
        ("-lofi", [2, 3, 12]),
        ("-status:done -house", [3, 12]),
        ("status:done", [1]),
        ("status:open", [2, 12]),
        ("status:ended", [1, 3]),
        ("status:waits,making", [2, 12]),
        ("status:attention", [3]),
        ("status:person", [3]),
        ("status:maybe-sent", []),
        ("STATUS:Done", [1]),
        ("account:acc", [1, 2]),
        ("account:acc-2", [2]),
        ("service:flow", [3]),
        ("batch:b2", [2]),
        ("genre:jazz,lofi", [1, 3]),
        ("key:am", [1]),
        ('key:"a min"', [1]),
        ('key:"bb maj"', [3]),
        ('key:"b maj",bm', []),
        ('key:"d dorian"', [12]),
        ("key:b,D", [3, 12]),
        ("model:fuzz", [1, 2, 3, 12]),
        ("verdict:keep", [1]),
        ("id:2", [2]),
        ("id:2-3,12", [2, 3, 12]),
        ("since:2h", [1, 3, 12]),
        ("since:90s", [3, 12]),
        ("since:today", [1, 3, 12]),
        ("until:today", [2]),
        ("since:yesterday", [1, 2, 3, 12]),
        ("since:14:30", [3, 12]),
        ("since:2026-11-22", [1, 3, 12]),
        ("until:2026-11-22T14:30", [1, 2]),
        ("bpm:90", [1]),
        ("bpm:>100", [3]),
        ("bpm:<100", [1]),
        ("bpm:80-130", [1, 3]),
        ("length:<3:00", [1]),
        ("length:2:00-4:00", [1, 3]),
        ("lofi house", []),
        ("status:", [1, 2, 3, 12]),
        ("Genre: -bpm: lofi", [1]),
        (chr(34) + "genre:" + chr(34), []),
    ],
)
def test_a_filter_selects_jobs(text: str, ids: list[int]) -> None:
    test = compile_filter(text, NOW)
    assert [job.id for job in JOBS if test(job)] == ids


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("staus:done", "Unknown field 'staus:'. Did you mean 'status:'?"),
        ("zzz:1", "Known fields: status"),
        ("status:dnoe", "Unknown status 'dnoe'. Did you mean 'done'?"),
        ("status:doen", "Did you mean 'done'?"),
        ("status:qqqqqq", "cancelled, open, ended, waits, attention."),
        ("id:x", "7-12"),
        ("bpm:fast", ">90"),
        ("key:Zm", 'key: takes a key such as Am, F#, Bb or "D dorian", not'),
        ("key:am,minor", "minor'."),
        ("since:whenever", "Invalid time"),
        ("since:99:99", "Invalid time"),
        ("account:,", "needs a value"),
    ],
)
def test_unreadable_input_gets_a_suggestion(text: str, words: str) -> None:
    with pytest.raises(FilterError) as raised:
        compile_filter(text, NOW)
    assert words in str(raised.value)


@given(st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_filter_or_raises_filter_error(text: str) -> None:
    try:
        test = compile_filter(text, NOW)
    except FilterError:
        return
    for job in JOBS:
        test(job)


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (Sort.NEWEST, [12, 3, 2, 1]),
        (Sort.OLDEST, [1, 2, 3, 12]),
        (Sort.QUEUE, [12, 2, 1, 3]),
        (Sort.STATUS, [2, 12, 1, 3]),
        (Sort.TITLE, [12, 2, 3, 1]),
        (Sort.LENGTH, [3, 1, 12, 2]),
        (Sort.TEMPO, [1, 3, 12, 2]),
        (Sort.ACCOUNT, [1, 12, 3, 2]),
        (Sort.FINISHED, [3, 1, 12, 2]),
    ],
)
def test_jobs_are_sorted_in_each_order(sort: Sort, ids: list[int]) -> None:
    assert [job.id for job in sort_jobs(JOBS, sort)] == ids
    assert [job.id for job in sorted(JOBS, key=sort_key(sort))] == ids
    known = {Sort.LENGTH: 2, Sort.TEMPO: 2, Sort.ACCOUNT: 1, Sort.FINISHED: 2}.get(sort, 4)
    backwards = [job.id for job in sort_jobs(JOBS, sort, reverse=True)]
    assert backwards[:known] == ids[:known][::-1]
    assert backwards[known:] == ids[known:]


def test_queue_order_puts_ended_jobs_last_by_age() -> None:
    ended = [BASE._replace(id=id, position=position) for id, position in ((1, 9.0), (2, 0.0))]
    queued = BASE._replace(id=3, status=Status.QUEUED, position=99.0)
    assert [job.id for job in sort_jobs([*ended, queued], Sort.QUEUE)] == [3, 1, 2]


def test_completed_fields_are_filters() -> None:
    whole = [word for word in field_words() if not word.endswith(":")]
    assert {"status:done", "status:waits", "verdict:keep"} <= {*whole}
    for word in whole:
        compile_filter(word, 0.0)
    assert {"bpm:", "key:", "since:"} <= {*field_words()}
