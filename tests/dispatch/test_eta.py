"""The ETA, with one slot or many, and with gates that open in time or never."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.dispatch.eta import Opening, estimate, openings
from riffusion_tui.jobs.model import Account, Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import UsualDuration

NOW = 1000.0
USUAL = UsualDuration(100.0, 80.0, 120.0, 9)


def making(accepted: float | None, id: int = 1, account: str = "a") -> Job:
    return Job(
        id, f"ref{id}", "one", Options(), "world", Status.MAKING, "b", account=account, accepted_at=accepted, sent_at=id
    )


@pytest.mark.parametrize(
    ("queued", "running", "slots", "opens", "usual", "at"),
    [
        (5, [], 2, 0.0, None, None),
        (0, [], 2, 0.0, USUAL, None),
        (1, [], 0, 0.0, USUAL, None),
        (1, [], 1, 0.0, USUAL, 1100.0),
        (5, [], 2, 0.0, USUAL, 1300.0),
        (4, [], 2, 0.0, USUAL, 1200.0),
        (0, [960.0], 2, 0.0, USUAL, 1060.0),
        (0, [500.0], 2, 0.0, USUAL, 1000.0),
        (1, [960.0], 1, 0.0, USUAL, 1160.0),
        (1, [960.0, None], 3, 0.0, USUAL, 1100.0),
        (2, [960.0, 910.0], 2, 0.0, USUAL, 1160.0),
        # The account had two slots and now has one: both songs must end before it is free.
        (1, [960.0, 910.0], 1, 0.0, USUAL, 1160.0),
        # No slot opens before a countdown ends, even if a song ends earlier; an expired countdown has no effect.
        (1, [], 1, 1300.0, USUAL, 1400.0),
        (3, [960.0], 2, 1300.0, USUAL, 1500.0),
        (1, [960.0], 1, 1020.0, USUAL, 1160.0),
        (0, [960.0], 1, 1300.0, USUAL, 1060.0),
        (1, [], 1, 900.0, USUAL, 1100.0),
    ],
)
def test_the_finish_time_is_estimated(
    queued: int, running: list[float | None], slots: int, opens: float, usual: UsualDuration | None, at: float | None
) -> None:
    jobs = [making(accepted, number) for number, accepted in enumerate(running)]
    places = [Opening("a", slots, opens)] if slots else []
    assert estimate(queued, jobs, places, usual, NOW) == at


def test_a_pair_is_one_request_and_fills_one_slot() -> None:
    pair = [making(960.0), making(960.0)]
    assert estimate(1, pair, [Opening("a", 2)], USUAL, NOW) == 1100.0


def test_running_songs_fill_only_slots_of_their_own_account() -> None:
    """A broken account has no opening: when its songs end, they free no slot."""
    assert estimate(1, [making(910.0, account="broken")], [Opening("a", 1)], USUAL, NOW) == 1100.0


@pytest.mark.parametrize("account", [None, "a"])
def test_there_is_no_estimate_while_the_only_model_loads(account: str | None) -> None:
    accounts, loading = [Account("world", "a", 2)], Gate("world", account, WaitCause.WARMING, 900.0)
    assert openings(accounts, [loading]) == ()
    assert estimate(1, [], openings(accounts, [loading]), USUAL, NOW) is None


def test_while_a_model_loads_the_other_accounts_slots_count() -> None:
    accounts, loading = [Account("world", "a", 2), Account("world", "b", 1)], Gate("w", "a", WaitCause.WARMING, 900.0)
    assert openings(accounts, [loading]) == (Opening("b", 1),)


# -- any accounts, any gates


@dataclass
class Case:
    """The state of the store."""

    accounts: list[Account]
    gates: list[Gate]
    making: list[Job]
    queued: int
    usual: UsualDuration

    def at(self, now: float = NOW) -> float | None:
        return estimate(self.queued, self.making, openings(self.accounts, self.gates), self.usual, now)


NAMES = ["a", "b", "c"]
UNTIL = st.none() | st.integers(900, 1900).map(float)
WHERE = st.sampled_from([None, *NAMES])
GATES = st.builds(Gate, st.just("world"), WHERE, st.sampled_from(list(WaitCause)), st.just(900.0), UNTIL)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    named = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    accounts = [
        Account("world", name, draw(st.integers(1, 4)), others=draw(st.sampled_from([0, 0, 1, 4]))) for name in named
    ]
    gates = draw(st.lists(GATES, max_size=3))
    ages = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 300)), max_size=5))
    running = [making(NOW - age, number, account) for number, (account, age) in enumerate(ages)]
    median = float(draw(st.integers(1, 300)))
    return Case(accounts, gates, running, draw(st.integers(0, 60)), UsualDuration(median, median, median, 9))


def step_by_step(case: Case) -> float | None:
    """Give each job in turn to the slot that is free first."""
    each = case.usual.median_s
    ends = {name: [] for name in NAMES}  # type: dict[str | None, list[float]]
    for job in case.making:
        ends[job.account].append(max(NOW, (job.accepted_at or NOW) + each))
    lasts, free = [moment for some in ends.values() for moment in some], []
    for one in case.accounts:
        waits = [gate.until for gate in case.gates if gate.account in (None, one.user_id)]
        own, slots = sorted(ends[one.user_id]), one.max_jobs - one.others
        if None in waits or slots <= 0:
            continue
        opens = max([NOW, *(until for until in waits if until is not None)])
        own = own[-slots:]
        free += [opens] * (slots - len(own)) + [max(opens, moment) for moment in own]
    for _ in range(case.queued):
        if not free:
            return None
        first = min(free)
        free.remove(first)
        free.append(first + each)
        lasts.append(first + each)
    return max(lasts, default=None)


@given(cases(), st.integers(0, 1000), GATES, st.integers(1, 5))
@settings(max_examples=280)  # 100 of them have waiting jobs that can be made
def test_the_estimate_is_that_of_a_simulation(case: Case, later: int, gate: Gate, more: int) -> None:
    """Drawing a case takes longer than checking all that is known of its estimate."""
    done = case.at()
    assert done == step_by_step(case)
    if case.queued and done is not None:
        _ends_after_gates_open_and_a_song_is_made(case, done)
    _is_constant_until_a_song_ends_or_a_slot_opens(case, later)
    longer = replace(case, queued=case.queued + more).at()
    assert done is None or longer is None or longer >= done, "more jobs"
    gated = replace(case, gates=[*case.gates, gate]).at()
    assert gated is None or (done is not None and gated >= done), "another gate"


def _ends_after_gates_open_and_a_song_is_made(case: Case, done: float) -> None:
    whole = [gate.until for gate in case.gates if gate.account is None]
    assert None not in whole
    assert done >= max([NOW, *(until for until in whole if until is not None)]) + case.usual.median_s


def _is_constant_until_a_song_ends_or_a_slot_opens(case: Case, later: int) -> None:
    """Estimates are absolute times."""
    ends = [(job.account, (job.accepted_at or NOW) + case.usual.median_s) for job in case.making]
    idle = [
        one.at
        for one in openings(case.accounts, case.gates)
        if sum(account == one.account for account, _ in ends) < one.slots
    ]
    now = max(NOW, min([NOW + later, *idle, *(moment for _, moment in ends)]))
    assert case.at(now) == case.at()


# -- fewer processors than slots, lengths, pins


def test_fewer_processors_than_slots_limit_the_estimate() -> None:
    """18 songs of 12 s on 14 slots and 2 processors take 9 rounds, not 2."""
    usual, opens = UsualDuration(12.0, 12.0, 12.0, 9), [Opening("a", 7), Opening("b", 7)]
    assert estimate(18, [], opens, usual, NOW) == NOW + 24
    assert estimate(18, [], opens, usual, NOW, concurrency=2) == NOW + 9 * 12
    running = [making(NOW - 6, number) for number in range(14)]
    assert estimate(4, running, opens, usual, NOW, concurrency=2) == NOW - 6 + 9 * 12
    late = [making(NOW - 60, number) for number in range(4)]
    assert estimate(0, late, [], usual, NOW, concurrency=2) == NOW + 6 + 12, "two songs are assumed half done, two wait"
    assert estimate(1, [], [Opening("a", 3, NOW + 100)], usual, NOW, concurrency=1) == NOW + 112


def test_more_processors_than_slots_change_nothing() -> None:
    assert estimate(4, [], [Opening("a", 2)], USUAL, NOW, concurrency=8) == estimate(
        4, [], [Opening("a", 2)], USUAL, NOW
    )


def test_longer_songs_take_longer() -> None:
    usual = UsualDuration(100.0, 80.0, 120.0, 9, length_s=200.0, slope=0.5)
    assert estimate(1, [], [Opening("a", 1)], usual, NOW, length_s=400.0) == NOW + 200
    long = making(NOW)._replace(options=Options(length_s=100.0))
    assert estimate(0, [long], [], usual, NOW) == NOW + 50


def test_pinned_jobs_wait_for_slots_of_their_account() -> None:
    opens = [Opening("a", 1), Opening("b", 3)]
    assert estimate(3, [], opens, USUAL, NOW) == NOW + 100
    assert estimate(3, [], opens, USUAL, NOW, pins={"a": 3, "b": 0}) == NOW + 300
    assert estimate(3, [], [Opening("b", 3)], USUAL, NOW, pins={"a": 1}) is None, "its model is still loading"
    assert estimate(3, [], [Opening("b", 3)], USUAL, NOW, pins={"a": 0}) == NOW + 100
