"""Numbers of jobs in messages."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.id_ranges import id_ranges, no_jobs


@pytest.mark.parametrize(
    ("ids", "words"),
    [((), ""), ((7,), "7"), ((2, 1), "1, 2"), ((5, 4, 6, 6), "4-6"), ((9, 1, 2, 4, 5, 6), "1, 2, 4-6, 9")],
)
def test_three_and_more_in_a_row_are_a_range(ids: tuple[int, ...], words: str) -> None:
    assert id_ranges(ids) == words


def test_a_message_says_which_jobs_do_not_exist() -> None:
    assert no_jobs([9, 9]) == "No job 9."
    assert no_jobs(iter([3, 1, 2])) == "No jobs 1-3."
