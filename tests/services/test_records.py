"""Any JSON is parsed to a value or raises a `ServiceError`, and nothing else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.services import base, json_values, response_body, responses
from riffusion_tui.services.base import RemoteSong, ServiceError
from riffusion_tui.services.flowmusic import records as flow
from riffusion_tui.services.riffusion import records
from riffusion_tui.services.song_timeline import MAX_POINTS, timed_lyrics, timed_words, waveform

NAMES = st.sampled_from(
    [
        *("id", "job_id", "jobs", "user_id", "status", "lyrics", "title", "conditions", "prompts", "prompt", "text"),
        *("lyrics_timestamped", "simple_waveform", "duration_s", "created_at", "progress", "is_flagged", "error"),
        *("detail", "reason", "message", "runningJobs", "executing", "available", "maxJobs", "started", "retryAfter"),
        *("start", "word", "words", "data", "download_url", "replyRef"),
        *("jobid", "email", "clips", "clip", "lyrics_timing", "request", "running", "audio_url", "seed", "code"),
    ]
)
WORDS = st.sampled_from(["completed", "failed", "flagged", "[1, 2", '{"prompt": "x"}', "[[1, 2]]", "1e999", "0x1"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS
JSON: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6),
    max_leaves=20,
)
READERS: list[Callable[[Any], object]] = [
    records.accepted,
    lambda data: records.songs(data, None),
    lambda data: records.song(json_values.record(data), "a"),
    records.running,
    records.workload,
    records.accounts,
    lambda data: records.account(json_values.record(data)),
    timed_lyrics,
    waveform,
    flow.accepted,
    flow.job,
    lambda data: flow.clips(data, None),
    flow.running,
    lambda data: flow.capacity(data, ()),
    flow.accounts,
]


@settings(deadline=None, max_examples=150)
@given(data=JSON, status=st.sampled_from([200, 204, 302, 400, 404, 418, 422, 429, 500, 596]))
def test_any_json_is_parsed_or_raises_service_error(data: Any, status: int) -> None:
    for read in READERS:
        with contextlib.suppress(ServiceError):
            read(data)
    with contextlib.suppress(ServiceError):
        responses.check(responses.ApiResponse(status, data))
    wait = responses.retry_after(None, data, 1e9)
    assert wait is None or wait >= 0


@settings(deadline=None, max_examples=150)
@given(body=st.binary(max_size=200) | JSON.map(lambda data: json.dumps(data).encode()))
def test_any_bytes_are_parsed_or_raise_invalid_body(body: bytes) -> None:
    with contextlib.suppress(response_body.InvalidBody):
        response_body.parse(body)


def test_a_million_values_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(response_body.InvalidBody, match="too many values"):
        response_body.parse(b"[" + b"{}," * 1_000_000 + b"{}]")


@settings(deadline=None, max_examples=100)
@given(header=st.text(max_size=40))
def test_any_retry_after_header_gives_a_wait_or_none(header: str) -> None:
    wait = responses.retry_after(header, None, 1e9)
    assert wait is None or wait >= 0


def song(**fields: Any) -> RemoteSong:
    return records.song(fields, None)


def test_ids_are_read_from_either_field() -> None:
    assert song(job_id="a").remote_id == "a"
    assert song(id=7).remote_id == "7"
    assert song(id=True, job_id=" b\n").remote_id == "b"
    assert song(id="  ").remote_id == ""
    assert song(id="a", user_id="u").account == "u"


def test_a_record_without_a_status_is_finished_once_it_has_a_url() -> None:
    assert song(id="a", download_url="https://x/a.mp3").finished
    assert not song(id="a").finished
    assert not song(id="a", status="queued", download_url="https://x/a.mp3").finished


def test_a_failed_song_has_a_reason() -> None:
    assert song(status="failed", error="out of memory").error == "out of memory"
    assert song(status="error", error={"code": "x", "message": "no luck"}).error == "no luck"
    assert song(status="completed", error="old").error == ""
    flagged = song(status="completed", is_flagged=True)
    assert (flagged.failed, flagged.finished, flagged.flagged) == (True, False, True)


@pytest.mark.parametrize(
    ("fields", "prompt"),
    [
        ({"prompt": "own", "conditions": '{"prompt": "x"}'}, "own"),
        ({"conditions": '{"prompts": [{"text": "first"}, {"text": "second"}]}'}, "first"),
        ({"conditions": [{"prompt": "listed"}]}, "listed"),
        ({"conditions": {"prompts": [{}, "bare", "second"]}}, "bare"),
        ({"conditions": "not json", "topic": "a topic"}, "a topic"),
        ({}, ""),
    ],
)
def test_the_prompt_is_read_from_any_known_field(fields: dict[str, Any], prompt: str) -> None:
    assert song(**fields).prompt == prompt


def test_the_instrumental_marker_is_not_lyrics() -> None:
    assert song(lyrics="[Instrumental]").lyrics == ""
    assert song(lyrics="la\nla").lyrics == "la\nla"


@pytest.mark.parametrize(
    ("value", "share"), [(0.25, 0.25), (25, 0.25), (-1, 0.0), (900, 1.0), ("0.5", 0.5), (None, None), ("x", None)]
)
def test_progress_is_a_share_from_0_to_1(value: object, share: float | None) -> None:
    assert song(progress=value).progress == share


@pytest.mark.parametrize(
    ("status", "value", "share"),
    [("queued", 0.0, 0.0), ("generating_audio", 0.0, None), ("generating_audio", 0.2, 0.2), ("queued", None, None)],
)
def test_a_song_that_has_begun_without_progress_does_not_wait(status: str, value: object, share: float | None) -> None:
    """A renderer that starts, with 0, was shown as busy with other songs."""
    assert song(status=status, progress=value).progress == share


@pytest.mark.parametrize(
    ("value", "seconds"), [(12.5, 12.5), ("12.5", 12.5), (0, None), (-1, None), (1e9, None), (1e-300, None)]
)
def test_durations_are_read(value: object, seconds: float | None) -> None:
    assert song(duration_s=value).duration_s == seconds


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1739325316128, 1739325316.128),
        ("1739325316128", 1739325316.128),
        (1739325316, 1739325316.0),
        ("2025-02-12T01:55:16.128Z", 1739325316.128),
        ("2025-02-12 01:55:16.128", 1739325316.128),
        ("2025-02-12T02:55:16.128+01:00", 1739325316.128),
        ("soon", None),
        (True, None),
        (10**400, None),
        (None, None),
    ],
)
def test_times_are_read_in_any_format(value: object, moment: float | None) -> None:
    found = json_values.moment(value)
    assert found == (None if moment is None else pytest.approx(moment))


@pytest.mark.parametrize(
    ("value", "peaks"),
    [
        ([0.1, -0.5], (0.1, 0.5)),
        ([0, 128, 256], (0.0, 0.5, 1.0)),
        ([[-0.2, 0.1], [0.3, -0.4], []], (0.2, 0.4)),
        ({"data": [0.5]}, (0.5,)),
        ({"other": [0.5]}, ()),
        (["x", None, "0.5"], (0.5,)),
        ("text", ()),
        (None, ()),
    ],
)
def test_waveforms_are_normalized(value: Any, peaks: tuple[float, ...]) -> None:
    assert waveform(value) == pytest.approx(peaks)


def test_a_long_waveform_keeps_its_peaks() -> None:
    points = [0.0] * 50_000
    points[33_333] = 0.9
    found = waveform(points)
    assert len(found) == MAX_POINTS
    assert max(found) == 0.9


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ([{"text": "b", "start": 2}, {"text": "a\n", "start": 1}], ((1.0, "a"), (2.0, "b"))),
        ({"lines": [{"line": "a", "start_s": "1"}]}, ((1.0, "a"),)),
        ([[1, "a"], [2, 3, "b"], [], ["x", "c"], [4, 5]], ((1.0, "a"), (2.0, "b"))),
        ([{"lyric": "a", "start_ms": 1500}, {"text": "late"}, {"text": "", "start": 1}, 3], ((1.5, "a"),)),
        ([{"text": "before", "start": -1}], ()),
        (
            {
                "words": [
                    {"word": "far", "start": 1.0},
                    {"word": "away\n", "start": 1.3},
                    {"word": "love", "start": 1.6},
                ]
            },
            ((1.0, "far away"), (1.6, "love")),
        ),
        ([{"word": "far", "start": 1.0}, {"word": " away", "start": 3.0}], ((1.0, "far"), (3.0, "away"))),
        ([{"word": "x" * 61, "start": 1.0}, {"word": "y", "start": 1.1}], ((1.0, "x" * 61), (1.1, "y"))),
        ([{"word": "\n", "start": 1.0}], ()),
        (None, ()),
    ],
)
def test_timed_lyrics_are_read(value: Any, lines: tuple[tuple[float, str], ...]) -> None:
    assert timed_lyrics(value) == lines


def test_slot_counts_are_read() -> None:
    data = {"executing": [], "available": [{"user_id": "u", "maxJobs": "3", "executing": -2, "available": "x"}]}
    (capacity,) = records.workload(data).capacity
    assert (capacity.max_jobs, capacity.executing) == (3, 0)


def test_an_account_without_an_id_hides_no_other() -> None:
    data = {"": {"maxJobs": 1}, " ": {"maxJobs": 1}, "a@example.com": {"maxJobs": 2}, "b": None}
    assert [one.user_id for one in flow.accounts(data)] == ["a@example.com"]
    assert [one.user_id for one in records.accounts(data)] == ["a@example.com"]
    with pytest.raises(base.Unreadable, match="instead of its accounts"):
        flow.accounts({"": {"maxJobs": 1}})


def test_the_number_of_accounts_is_limited() -> None:
    many = [{"user_id": f"u{number}", "maxJobs": 2} for number in range(responses.MAX_ACCOUNTS + 50)]
    assert len(records.workload({"executing": [], "available": many}).capacity) == responses.MAX_ACCOUNTS
    assert len(records.accounts({one["user_id"]: one for one in many})) == responses.MAX_ACCOUNTS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "a"}, "a"),
        ({"detail": [{"msg": "field required", "loc": ["prompt"]}]}, "field required"),
        ({"detail": []}, ""),
        ({"error": {"code": "no_lyrics", "message": "none"}}, "none"),
        ({"error": {}, "message": "b"}, "b"),
        ({"error": 5, "reason": "c"}, "c"),
        ([], ""),
        ("text", ""),
    ],
)
def test_the_message_of_an_error_is_found(body: Any, expected: str) -> None:
    assert json_values.message(body) == expected


def test_an_account_is_found_in_an_error_only_if_it_is_named() -> None:
    assert responses.named_account("something broke") is None
    assert responses.named_account("x", {"email": "me@example.com"}) == "me@example.com"


def test_flow_music_ids_are_split() -> None:
    job, clip = "job:1-user:2-me@example.com-bot:flowmusic", "user:2-me@example.com-clip:3"
    assert flow.split(job) == (job, "")
    assert flow.split(flow.pair(job, clip)) == (job, clip)
    assert flow.split(flow.alone(clip)) == ("", clip)
    assert flow.split(flow.alone("c-1")) == ("", "c-1")
    assert flow.split("j-1") == ("j-1", "")
    assert flow.split(flow.pair("j-1", "c-1")) == ("j-1", "c-1")
    assert (flow.owner(clip), flow.owner("c-1")) == ("me@example.com", "")


def test_flow_music_acceptances_are_read() -> None:
    clips = [{"clip": "c-1"}, {}, {"clip": "c-2"}]
    assert flow.accepted({"jobid": "j", "email": "e"}).remote_ids == ("j",)
    assert flow.accepted({"jobid": "j", "clips": clips}).remote_ids == ("j",)
    assert flow.accepted({"jobid": "j", "clips": clips, "operation": "stems"}).remote_ids == ("clip c-1", "clip c-2")
    assert flow.accepted({"clips": clips}).remote_ids == ("clip c-1", "clip c-2")
    assert flow.accepted({"clips": [{"clip": "user:1-me@example.com-clip:2"}]}).account == "me@example.com"


def test_a_completed_flow_music_job_without_a_clip_has_failed() -> None:
    song = flow.job({"jobid": "j", "status": "completed", "clips": [{"title": "no id"}]})
    assert (song.finished, song.failed, song.error) == (
        False,
        True,
        "The service reports it as completed but returned no clip.",
    )
    running = flow.job({"jobid": "j", "status": "dreaming", "error": "old"}, "me@example.com")
    assert (running.finished, running.failed, running.error, running.account) == (False, False, "", "me@example.com")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"start": 1, "text": "a b", "words": [{"start": 1.5, "word": "b"}, {"start": 1, "word": "a"}]}],
         ((1.0, "a"), (1.5, "b"))),
        ([{"start": 2, "word": "alone"}], ((2.0, "alone"),)),
        ([{"start": 1, "text": "a line"}, {"words": [{"word": "never"}, 7]}, [1], None], ()),
        ([{"words": [{"start": -1, "word": "x"}, {"start": 1, "word": " "}]}], ()),
        ("words", ()),
    ],
)  # fmt: skip
def test_timed_words_are_read_in_order(value: Any, words: tuple[tuple[float, str], ...]) -> None:
    assert timed_words(value) == words


def test_flow_music_lyrics_are_timed_only_if_lines_and_timings_match() -> None:
    entry = {"clip": "c", "lyrics": "[Verse]\na\n\nb", "lyrics_timing": [[1, 2], ["x", 3]]}
    assert flow.clip(entry, "e").timed_lyrics == ((1.0, "a"),)
    assert flow.clip({**entry, "lyrics_timing": [[1, 2]]}, "e").timed_lyrics == ()
    assert flow.clip({**entry, "lyrics_timing": "1"}, "e").timed_lyrics == ()


def test_flow_music_slots_are_counted() -> None:
    known = flow.accounts({"a": {"maxJobs": 3}, "b": {}})
    busy = {"a": {"running": 5, "jobs": []}, "c": {"jobs": [{"jobid": "1"}, {"jobid": "2", "status": "completed"}, {}]}}
    assert [(one.account, one.max_jobs, one.executing) for one in flow.capacity(busy, known)] == [
        ("a", 3, 5),
        ("b", 1, 0),
        ("c", 1, 1),
    ]
    assert [job.remote_id for job in flow.running(busy)] == ["1"]


def test_numbers_of_a_plan_outside_their_range_are_dropped() -> None:
    plan = {"bpm": 120, "length_s": -1, "loudness_lufs": "loud", "duration_s": None, "key": "C major", "seed": 7}
    assert json_values.plan(plan) == {"bpm": 120, "key": "C major", "seed": 7}


def test_nested_values_of_a_plan_are_truncated() -> None:
    plan = json_values.plan({"mood": {str(n): "x" * 10_000 for n in range(2_000)}})
    assert len(plan["mood"]) == json_values.MAX_ITEMS
    assert set(map(len, plan["mood"].values())) == {json_values.MAX_WORDS}


@pytest.mark.parametrize("data", [[{"id": "a"}], {"songs": [{"id": "a"}]}, {"total": 1, "data": [{"id": "a"}]}])
def test_a_list_may_be_wrapped_in_an_object(data: Any) -> None:
    assert responses.rows(data) == [{"id": "a"}]
