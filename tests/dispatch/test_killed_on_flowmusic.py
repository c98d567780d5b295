"""Paid once and never lost, by real processes on real sockets: a short run of the benchmark, kill -9 included."""

from __future__ import annotations

from tests.benchmarks.flowmusic import WHO, FlowMusicCase, measure

SHORT = FlowMusicCase(
    prompts=8,
    speed=20.0,
    shortest_s=80.0,
    longest_s=100.0,
    limited_at=(15.0,),
    breaks_at=20.0,
    repaired_at=60.0,
    killed_at=6,  # all slots are full by then, so no other request can be in flight
)


def test_no_prompt_is_lost_doubled_or_given_up() -> None:
    result = measure(SHORT, WHO[0])
    assert (result.songs, result.lost, result.doubled, result.given_up, result.asks) == (12, 0, 0, 0, 0)


def test_a_plain_script_loses_songs_under_the_same_faults() -> None:
    result = measure(SHORT, WHO[1])
    assert (result.lost, result.doubled) == (2, 1), "the faults must be able to lose a song"
