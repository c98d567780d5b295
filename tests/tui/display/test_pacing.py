"""The pacer holds output back while the terminal doesn't respond, but not forever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.tui.display.flow_control import Pacer


def drive(rate: float, round_trip_s: float, seconds: float = 20.0) -> float:
    """Send as much as the pacer allows over a line of `rate` bytes/s; return the longest later queue, in seconds."""
    pacer = Pacer()
    now, free_at, worst = 0.0, 0.0, 0.0
    answers: list[float] = []
    while now < seconds:
        while answers and answers[0] <= now:
            answers.pop(0)
            pacer.answered(now)
        size = min(pacer.room(now), 400)
        if size:
            free_at = max(free_at, now) + size / rate
            if pacer.sent(size, now):
                answers.append(free_at + round_trip_s)
        if now > seconds / 2:
            worst = max(worst, free_at - now)
        now += 0.01
    return worst


def test_a_slow_line_has_a_short_queue() -> None:
    assert drive(9600, 0.15) < 0.35


def test_a_fast_line_is_not_held_back_for_long() -> None:
    pacer = Pacer()
    for step in range(50):
        now = step * 0.01
        assert pacer.room(now) > 4000
        if pacer.sent(4000, now):
            pacer.answered(now + 0.001)


def test_a_terminal_that_never_answers_is_not_waited_for() -> None:
    pacer = Pacer()
    assert pacer.sent(100_000, 0.0)
    assert pacer.room(1.0) == 0
    assert pacer.room(4.0) > 0
    assert not pacer.sent(100_000, 4.0)


def test_a_lost_reply_holds_output_only_for_a_few_seconds() -> None:
    pacer = Pacer()
    pacer.sent(1000, 0.0)
    pacer.answered(0.1)
    pacer.sent(100_000, 1.0)
    assert pacer.room(2.0) == 0
    assert pacer.wait_s(2.0) > 1.9
    assert pacer.room(4.5) > 0
    assert pacer.sent(1000, 4.5)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5000), st.booleans(), st.floats(0, 1))))
def test_output_is_never_blocked_forever(steps: list[tuple[int, bool, float]]) -> None:
    pacer, now = Pacer(), 0.0
    for size, answer, gap in steps:
        now += gap
        if pacer.room(now):
            pacer.sent(size, now)
        if answer:
            pacer.answered(now)
    assert pacer.room(now + 10.0) > 0
