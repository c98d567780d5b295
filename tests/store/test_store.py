from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, FailureKind, Gate, JobEvent, Options, Song, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, NoSuchJob, StatusConflict, Store, UsualDuration
from riffusion_tui.store.store_types import LAST, DayCount


class Clock(SystemClock):
    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "data" / "jobs.sqlite3", clock) as store:
        yield store


def new(prompt: str = "one", **fields: Any) -> NewJob:
    whole: dict[str, Any] = {"options": Options(), "service": "s", "ref": f"ref {prompt}", "batch": "b"} | fields
    return NewJob(prompt, **whole)


ODD = Options(
    instrumental=True, account="a", reply_url="u", reply_ref="r", max_jobs=3, title="T", lyrics="[Verse]\nla",
    seed=7, length_s=30.5, operation="extend", source="s", extra=(("strength", "0.5"), ("weird", "✓")),
)  # fmt: skip


def test_a_job_round_trips(store: Store) -> None:
    (job,) = store.add([new("rain ✓", options=ODD, take=2, takes=3, parent=1, account="a", remote_id="r", sent_at=1.0)])
    assert (job.id, job.prompt, job.options, job.take, job.takes, job.parent) == (1, "rain ✓", ODD, 2, 3, 1)
    assert (job.status, job.created_at, job.account, job.remote_id, job.sent_at) == (
        Status.QUEUED, 1000.0, "a", "r", 1.0,
    )  # fmt: skip
    assert store.job(1) == job
    assert store.timeline(1) == (JobEvent(1, 1000.0, "queued"),)


def test_values_shared_by_jobs_are_in_memory_once(store: Store) -> None:
    prompt = "rain on a window, "
    store.add([new(prompt * 2, take=take, takes=2, account="ann b", sent_at=1.5) for take in (1, 2)])
    store.add([new("another", account="ann b")])
    for job in store.jobs():
        store.update(job.id, bpm=88.5, genre="lo-fi beat", key="F# dorian", title=prompt)
    apart, two, one = store.jobs()
    assert two.prompt is one.prompt
    assert two.ref is one.ref
    assert two.created_at is one.created_at
    assert two.sent_at is one.sent_at
    for name in ("service", "batch", "account", "genre", "key", "bpm"):
        assert getattr(apart, name) is getattr(two, name) is getattr(one, name), name
    assert (apart.prompt, apart.sent_at, apart.bpm, apart.genre) == ("another", None, 88.5, "lo-fi beat")
    assert store.changed_since(0).jobs == (one, two, apart)


def test_every_field_can_be_updated_and_round_trips(store: Store) -> None:
    store.add([new()])
    fields: dict[str, Any] = {
        "ref": "r2", "prompt": "two", "options": ODD, "take": 2, "takes": 4, "position": 9.5, "account": "b",
        "remote_id": "x", "tries": 3, "sent_at": 2.0, "accepted_at": 3.0, "ended_at": 4.0, "trouble": FailureKind.DISK,
        "error": "full", "title": "T", "duration_s": 1.5, "bpm": 90.0, "key": "Am", "genre": "lofi", "file": "/f",
        "sha256": "00", "verdict": "keep", "seed": 7,
    }  # fmt: skip
    changed = store.update(1, **fields)
    assert {name: getattr(changed, name) for name in fields} == fields
    assert store.job(1) == changed


def test_adding_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(AttributeError):
        store.add([new("one"), None])  # type: ignore[list-item]  # the second is what fails
    assert store.jobs() == ()
    assert store.rev == 0


def test_the_queue_is_by_position_and_the_list_newest_first(store: Store) -> None:
    store.add([new("one"), new("two"), new("three", service="t")])
    store.add([new("first", position=0.5)])
    assert [job.prompt for job in store.queue("s")] == ["first", "one", "two"]
    assert [job.prompt for job in store.queue("s", 1)] == ["first"]
    assert [job.id for job in store.jobs()] == [4, 3, 2, 1]
    assert [job.id for job in store.jobs(limit=2)] == [4, 3]
    assert [job.id for job in store.jobs(limit=2, before=3)] == [2, 1]
    assert [job.id for job in store.with_status("s", Status.QUEUED, Status.HELD)] == [4, 1, 2]
    assert [job.id for job in store.jobs_briefly(3)] == [4, 3, 2]
    assert [job.id for job in store.jobs_briefly(3, before=3)] == [2, 1]
    assert [job.id for job in store.batch("b")] == [1, 2, 3, 4]


def test_brief_jobs_lack_references_and_positions_of_ended_jobs(store: Store) -> None:
    store.add([new("one"), new("two", status=Status.CANCELLED), new("three", status=Status.CANCELLED)])
    three, two, one = store.jobs_briefly(3)
    assert one == store.job(1)._replace(ref="")
    assert two == store.job(2)._replace(ref="", position=0.0)
    assert two.position is three.position, "the same object, which takes memory once"


def test_the_next_job_for_an_account_fits_its_slots(store: Store) -> None:
    store.add([new("pinned", options=Options(account="a")), new("own", options=Options(max_jobs=1)), new("free")])

    def next_one(account: str | None, used: int, total: int | None, *, pinned: bool = False) -> str | None:
        job = store.next_for("s", account, used, total, pinned=pinned)
        return job.prompt if job else None

    assert next_one("a", 0, 2) == "pinned"
    assert next_one("b", 0, 2) == "own"
    assert next_one("b", 1, 2) == "free"
    assert next_one("b", 2, 2) is None
    assert next_one(None, 0, None) == "own"
    assert next_one("a", 5, None, pinned=True) == "pinned"
    assert next_one("b", 0, None, pinned=True) is None
    assert store.pins("s") == ("a",)


def test_a_conflicting_or_forbidden_status_change_is_refused(store: Store) -> None:
    store.add([new()])
    with pytest.raises(StatusConflict, match="no longer held"):
        store.update(1, Status.QUEUED, expected=Status.HELD)
    with pytest.raises(StatusConflict, match="can't become done"):
        store.update(1, Status.DONE)
    with pytest.raises(NoSuchJob):
        store.update(2)
    with pytest.raises(NoSuchJob):
        store.job(2)
    assert store.rev == 1


def test_requeueing_clears_the_error_and_end_time(store: Store, clock: Clock) -> None:
    store.add([new()])
    failed = store.update(1, Status.FAILED, "failed", "why", trouble=FailureKind.DISK, error="full")
    assert (failed.ended_at, failed.trouble) == (1000.0, FailureKind.DISK)
    clock.time = 2000.0
    assert store.update(1, Status.FAILED, error="still").ended_at == 1000.0
    again = store.update(1, Status.QUEUED)
    assert (again.ended_at, again.trouble, again.error) == (None, None, "")
    assert [one.what for one in store.timeline(1)] == ["queued", "failed"]


def test_jobs_are_deleted_and_restored(store: Store) -> None:
    store.add([new("one"), new("two"), new("three")])
    store.update(3, Status.SENDING)
    rev = store.rev
    assert store.delete([1, 3]) == (1,)
    assert store.delete([1]) == ()
    assert [job.id for job in store.jobs()] == [3, 2]
    assert [job.id for job in store.queue("s")] == [2]
    assert store.job(1).prompt == "one"
    assert store.tally("s").by_status == {Status.QUEUED: 1, Status.SENDING: 1}
    changes = store.changed_since(rev)
    assert (changes.deleted, changes.jobs) == ((1,), ())
    assert store.restore([1, 2, 99]) == (1,)
    assert [job.id for job in store.changed_since(changes.rev).jobs] == [1]


def test_songs_are_stored_and_replaced(store: Store) -> None:
    store.add([new()])
    assert store.song(1) is None
    plan = {"bpm": 90, "deep": {"a": [1]}}
    song = Song(1, "la", ((0.5, "la"),), (0.1, 1.0), plan, "s", "i", {"id": "x"}, timed_words=((0.5, "la"),))
    store.put_song(song)
    assert store.song(1) == song
    store.put_song(song._replace(lyrics="lo"))
    assert store.song(1) == song._replace(lyrics="lo")
    store.note(1, "noted", "twice")
    assert store.timeline(1)[-1] == JobEvent(1, 1000.0, "noted", "twice")


def test_a_song_of_an_earlier_version_is_read(store: Store) -> None:
    store.add([new()])
    store._run("INSERT INTO songs VALUES (1, ?)", '{"timed_lyrics": [[0.5, "la"]], "waveform": []}')
    assert store.song(1) == Song(1, timed_lyrics=((0.5, "la"),))


def test_jobs_are_found_by_remote_id_and_counted_by_reference(store: Store) -> None:
    store.add(
        [new(ref="same", sent_at=1.0, remote_id="x"), new(ref="same", sent_at=1.0), new(ref="same"), new(ref="o")]
    )
    assert store.count_requests("s", "same") == 2
    assert store.count_requests("s", "none") == 0
    found = store.with_remote_id("s", "x")
    assert found is not None
    assert found.id == 1
    assert store.with_remote_id("t", "x") is None


def test_siblings_are_the_other_jobs_of_the_same_request(store: Store) -> None:
    requested = {"ref": "same", "batch": "b"}
    store.add(
        [new(sent_at=1.0, **requested), new(sent_at=1.0, **requested), new(sent_at=2.0, **requested), new(**requested)]
    )
    store.add([new(ref="same", batch="c", sent_at=1.0), new(sent_at=1.0, **requested)])
    assert store.siblings(1) == (2, 6)
    store.delete([2])
    assert store.siblings(1) == (6,)
    assert store.siblings(4) == (), "it was not sent yet"


def test_the_tally_counts_jobs_by_status_and_account(store: Store) -> None:
    store.add([new(), new(), new(options=Options(account="a")), new(service="t")])
    store.update(1, Status.SENDING, account="b")
    past = (Status.DONE, Status.CANCELLED, Status.REFUSED, Status.FAILED, Status.FAILED)
    store.add([new(status=status, account=account) for status in past for account in ("a", "b")])
    store.delete([4, 13])
    tally = store.tally("s")
    assert tally.by_status == {Status.SENDING: 1, Status.QUEUED: 2, Status.REFUSED: 2, Status.FAILED: 3}
    assert tally.by_account == {(Status.SENDING, "b"): 1, (Status.QUEUED, None): 1, (Status.QUEUED, "a"): 1}


def test_accounts_and_gates_are_stored_and_replaced(store: Store) -> None:
    first, second = Account("s", "a", 2, 1, "e", 3.0, 4.0, 1), Account("s", "b", 3)
    store.put_accounts("s", [second, first])
    store.put_accounts("t", [Account("t", "x", 1)])
    assert store.accounts("s") == (first, second)
    gates = (
        Gate("s", None, WaitCause.UPSTREAM, 1.0, 2.0, 3, "why"),
        Gate("s", "a", WaitCause.BROKEN, 1.0),
        Gate("s", "a", WaitCause.BUSY, 2.0, 5.0),
    )
    for gate in gates:
        store.put_gate(gate)
    assert store.gates("s") == gates
    store.put_gate(gates[0]._replace(tries=4))
    assert store.gates("s")[0].tries == 4
    assert store.drop_gate("s", None, WaitCause.UPSTREAM)
    assert not store.drop_gate("s", None, WaitCause.UPSTREAM)
    rev = store.rev
    store.put_accounts("s", [second])
    assert store.gates("s") == ()
    changes = store.changed_since(rev)
    assert changes.accounts == (second, Account("t", "x", 1))
    assert changes.gates == ()
    after = store.changed_since(changes.rev)
    assert (after.accounts, after.gates, after.jobs) == (None, None, ())


def test_changes_are_found_by_index(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    added = store.add([new(f"prompt {number}") for number in range(300)])
    requested: list[tuple[Any, ...]] = []
    ask = store._all

    def noted(*given: Any) -> list[tuple[Any, ...]]:
        requested.append(given)
        return ask(*given)

    monkeypatch.setattr(store, "_all", noted)
    rev = store.rev
    for job in (added[200], added[7]):
        store.update(job.id, title="changed")
    requested.clear()
    assert [job.id for job in store.changed_since(rev).jobs] == [added[7].id, added[200].id]
    (given,) = [given for given in requested if " FROM jobs WHERE (rev, id) > " in given[0]]
    plan = ask("EXPLAIN QUERY PLAN " + given[0], *given[1:])
    assert any("USING INDEX jobs_rev" in row[3] for row in plan), plan


def test_changes_can_be_read_page_by_page(store: Store) -> None:
    rev = store.rev
    store.add([new(f"{n}") for n in range(5)])
    store.delete([2])
    store.update(4, title="changed")
    found: list[tuple[list[int], tuple[int, ...]]] = []
    at = store.changed_since(rev, limit=2)
    while at.after != LAST:
        found.append(([job.id for job in at.jobs], at.deleted))
        at = store.changed_since(at.rev, at.after, 2)
    found.append(([job.id for job in at.jobs], at.deleted))
    assert found == [([1, 3], ()), ([5], (2,)), ([4], ())]
    assert at.rev == store.rev


def test_only_finished_takes_can_be_rated(store: Store) -> None:
    store.add([new(status=Status.FETCHING), new()])
    store.update(1, Status.DONE)
    seen: list[int] = []
    assert store.judge_all([1, 2, 9], "keep", seen.append) == (1,)
    assert (store.job(1).verdict, store.job(2).verdict, seen) == ("keep", "", [1])


def test_the_editor_history_is_stored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riffusion_tui.store.store.MAX_HISTORY", 3)
    for text in ("one", "two", "one", "three", "four"):
        store.remember_prompt(text)
    assert store.prompts() == ("four", "three", "one")
    assert store.prompts(1) == ("four",)
    assert (store.prompt_number(), store.prompt_number("one"), store.prompt_number("two")) == (5, 3, 0)


def test_the_usual_time_is_the_median_of_recent_songs(store: Store) -> None:
    assert store.usual_time("s") is None
    store.add_time("s", 50.0)
    assert store.usual_time("s") == UsualDuration(50.0, 50.0, 50.0, 1)
    for seconds in range(100):
        store.add_time("s", float(seconds))
    assert store.usual_time("s") == UsualDuration(74.5, 52.0, 97.0, 50)
    assert store.usual_time("t") is None


def test_a_transaction_is_one_revision_and_atomic(store: Store) -> None:
    received: list[int] = []
    stop = store.subscribe(lambda: received.append(store.rev))
    with store.transaction():
        store.add([new("one")])
        store.update(1, title="T")
        with store.transaction():
            store.add([new("two")])
        assert store.changed_since(0).jobs == (store.job(1), store.job(2))
    assert received == [1]
    failing = store.transaction()
    with pytest.raises(NoSuchJob), failing:
        assert len(store.add([new("three")])) == len([store.job(99)])
    assert len(store.jobs()) == 2
    with store.transaction():
        store.jobs()
    assert received == [1]
    stop()
    stop()
    store.add([new("four")])
    assert received == [1]


def test_changes_by_another_process_are_noticed(store: Store, clock: Clock) -> None:
    received: list[int] = []
    with Store.open(store.path, clock) as other:
        store.subscribe(lambda: received.append(store.rev))
        assert not store.poll()
        other.add([new("theirs")])
        assert received == []
        assert store.poll()
        assert received == [1]
        assert not store.poll()
        assert [job.prompt for job in store.changed_since(0).jobs] == ["theirs"]
        store.add([new("ours")])
        assert not store.poll(), "its own changes were announced already"
        assert other.poll()


def test_outcomes_are_counted_per_day_and_account(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    ways = (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE)
    for number, at in enumerate((0.0, 80_000.0, 90_000.0, 95_000.0), start=1):
        clock.time = at
        store.add([new()])
        for status in ways:
            store.update(number, status, account="ann" if number < 4 else "bob", duration_s=60.0)
    store.delete([1])
    store.add([new("a"), new("b"), new("elsewhere", service="other")])
    store.update(5, Status.SENDING, "sending", "to bob", account="bob")
    store.update(5, Status.QUEUED, "rate limited", "Full.", account=None)
    store.update(5, Status.SENDING, "sending", "to ann", account="ann")
    store.update(5, Status.REFUSED, "not accepted", "Moderated.")
    store.update(6, Status.SENDING)
    store.update(6, Status.QUEUED, "rate limited", "Slow down.")
    assert store.daily("s", 0.0) == (
        DayCount("1970-01-01", "ann", "done", 2, 120.0),
        DayCount("1970-01-02", "", "limited", 1, 0.0),
        DayCount("1970-01-02", "ann", "done", 1, 60.0),
        DayCount("1970-01-02", "ann", "refused", 1, 0.0),
        DayCount("1970-01-02", "bob", "done", 1, 60.0),
        DayCount("1970-01-02", "bob", "limited", 1, 0.0),
    )
    assert [one.outcome for one in store.daily("s", 95_001.0)] == ["done", "done", "refused", "done"]
    assert store.daily("other", 0.0) == ()


def test_a_path_that_is_not_valid_utf_8_round_trips(tmp_path: Path) -> None:
    path = "/songs/caf\udce9/a.mp3"
    with Store.open(tmp_path / "jobs.sqlite3", SystemClock()) as store:
        (job,) = store.add([NewJob("a", Options(source=path), "studio", "ref", "b")])
        store.update(job.id, file=path)
        assert (store.job(job.id).file, store.job(job.id).options.source) == (path, path)
