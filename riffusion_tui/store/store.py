"""The store: every job, song, account and gate, in one SQLite file that several processes share.

A call returns once its changes are on disk (WAL, synchronous=FULL). Calls are short and synchronous; one `Store`
belongs to one thread. Errors: see `riffusion_tui.store.errors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from riffusion_tui.jobs.model import Account, Gate, WaitCause
from riffusion_tui.jobs.nicknames import automatic_nickname, needs_nickname
from riffusion_tui.store.job_table import Jobs
from riffusion_tui.store.row_mapping import (
    ACCOUNT_COLUMNS,
    JOB_COLUMNS,
    REV_COLUMN,
    RowTypes,
    to_account,
    to_jobs,
    whole,
)
from riffusion_tui.store.store_types import LAST, Changes, DayCount
from riffusion_tui.store.usual_duration import UsualDuration, usual_duration

MAX_HISTORY = 1000
"""Length of the editor's history."""
_MAX_TIMES = 50
"""Number of songs used to estimate how long one takes."""
_MAX_LENGTHS = 200
"""Number of queued jobs whose requested lengths are averaged."""

# A 429 takes the account from the job; the event before it, `sending`, says "to ACCOUNT".
_DAILY = """SELECT date(at, 'unixepoch', 'localtime') AS day, account, outcome, count(*), sum(seconds) FROM (
  SELECT ended_at AS at, coalesce(account, '') AS account, status AS outcome, coalesce(duration_s, 0.0) AS seconds
    FROM jobs WHERE service = ?1 AND status IN ('done', 'refused', 'failed') AND ended_at IS NOT NULL
  UNION ALL
  SELECT at, coalesce((SELECT substr(detail, 4) FROM happenings AS sent WHERE sent.job_id = limited.job_id
    AND sent.id < limited.id AND what = 'sending' ORDER BY sent.id DESC LIMIT 1), ''), 'limited', 0.0
    FROM happenings AS limited JOIN jobs ON jobs.id = job_id
    WHERE what = 'rate limited' AND at >= ?2 AND service = ?1
) GROUP BY day, account, outcome ORDER BY day, account, outcome"""

_ACCOUNT = ", ".join(ACCOUNT_COLUMNS)
_GATE = "service, account, cause, since, until, tries, detail"
_GATE_TYPES = RowTypes("str", "str", "str", "float", "float | None", "int", "str")
_NICKNAME_TYPES = RowTypes("str", "str")
_PROMPT_TYPES = RowTypes("str")


class Store(Jobs):
    """One open database: jobs and songs (see `Jobs`), accounts, gates, history. A context manager, or `close()` it."""

    @property
    def rev(self) -> int:
        """The revision of the latest change, by any process."""
        with self._decoding():
            return whole(self._one("SELECT rev FROM counter"))

    def changed_since(self, rev: int, after: int = LAST, limit: int | None = None) -> Changes:
        """Return the changes after revision `rev`; 0 returns everything.

        Args:
            rev: of the changes known so far.
            after: the last known job of that revision.
            limit: maximum number of jobs; the result says where to continue.
        """
        with self._decoding(), self._reading():
            now, accounts, gates = self._one("SELECT rev, accounts_rev, gates_rev FROM counter")
            which = "WHERE (rev, id) > (?, ?) ORDER BY rev, id LIMIT ?"
            sql = f"SELECT deleted_at IS NOT NULL, {JOB_COLUMNS} FROM jobs {which}"
            rows = self._all(sql, rev, after, -1 if limit is None else limit)
            last = rows[-1] if limit is not None and len(rows) == limit else None
            rows.sort(key=_job_id)
            jobs = to_jobs(row[1:] for row in rows if not row[0])
            return Changes(
                rev=now if last is None else last[1 + REV_COLUMN],
                after=LAST if last is None else _job_id(last),
                jobs=jobs,
                deleted=tuple(_job_id(row) for row in rows if row[0]),
                accounts=self._accounts() if accounts > rev else None,
                gates=self.gates() if gates > rev else None,
            )

    # -- accounts and gates

    def accounts(self, service: str) -> tuple[Account, ...]:
        """Return a service's accounts as last seen, by id."""
        return self._accounts(service)

    def _accounts(self, service: str | None = None) -> tuple[Account, ...]:
        sql = f"SELECT {_ACCOUNT} FROM accounts WHERE service = coalesce(?, service) ORDER BY service, user_id"
        with self._decoding():
            return tuple(map(to_account, self._all(sql, service)))

    def put_accounts(self, service: str, accounts: Sequence[Account]) -> None:
        """Replace the service's accounts, and name new ones; gates of removed accounts are deleted too."""
        with self.transaction():
            gone = {old.user_id for old in self.accounts(service)} - {new.user_id for new in accounts}
            for user_id in gone:
                self._run("DELETE FROM gates WHERE service = ? AND account = ?", service, user_id)
                self._next_rev("gates_rev")
            self._run("DELETE FROM accounts WHERE service = ?", service)
            for new in accounts:
                values = (
                    service,
                    new.user_id,
                    new.max_jobs,
                    new.executing,
                    new.error,
                    new.credits,
                    new.seen_at,
                    new.others,
                    new.concurrency,
                )
                self._run(f"INSERT INTO accounts({_ACCOUNT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)
            self._name_accounts(service, [new.user_id for new in accounts])
            self._next_rev("accounts_rev")

    def nicknames(self) -> dict[str, str]:
        """Return the nicknames of the accounts of all services, by id; accounts without one are left out."""
        with self._decoding():
            return dict(map(_NICKNAME_TYPES.checked, self._all("SELECT user_id, name FROM nicknames")))

    def put_nickname(self, service: str, user_id: str, name: str) -> None:
        """Name an account; an empty name removes its nickname."""
        with self.transaction():
            self._run("DELETE FROM nicknames WHERE service = ? AND user_id = ?", service, user_id)
            if name:
                self._run("INSERT INTO nicknames VALUES (?, ?, ?)", service, user_id, name)
            self._next_rev("accounts_rev")

    def _name_accounts(self, service: str, user_ids: Sequence[str]) -> None:
        names = self.nicknames()
        for user_id in user_ids:
            if user_id not in names and needs_nickname(user_id):
                names[user_id] = automatic_nickname(user_id, names.values())
                self._run("INSERT INTO nicknames VALUES (?, ?, ?)", service, user_id, names[user_id])

    def gates(self, service: str | None = None) -> tuple[Gate, ...]:
        """Return a service's gates, or all."""
        sql = f"SELECT {_GATE} FROM gates WHERE service = coalesce(?, service) ORDER BY service, account, since"
        with self._decoding():
            return tuple(
                Gate(name, account or None, WaitCause(cause), *rest)
                for name, account, cause, *rest in map(_GATE_TYPES.checked, self._all(sql, service))
            )

    def put_gate(self, gate: Gate) -> None:
        """Close a gate, replacing one with the same service, account and cause."""
        with self.transaction():
            values = (gate.service, gate.account or "", gate.cause, gate.since, gate.until, gate.tries, gate.detail)
            self._run(f"INSERT OR REPLACE INTO gates({_GATE}) VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
            self._next_rev("gates_rev")

    def drop_gate(self, service: str, account: str | None, cause: WaitCause) -> bool:
        """Open a gate; return False if there was none."""
        if not any(gate.account == account and gate.cause == cause for gate in self.gates(service)):
            return False
        with self.transaction():
            sql = "DELETE FROM gates WHERE service = ? AND account = ? AND cause = ?"
            self._run(sql, service, account or "", cause)
            self._next_rev("gates_rev")
        return True

    # -- editor history, durations

    def remember_prompt(self, text: str) -> None:
        """Put a text at the top of the editor's history, moving it up if present. The oldest entries are dropped."""
        with self.transaction():
            self._run("INSERT OR REPLACE INTO prompts(text) VALUES (?)", text)
            sql = "DELETE FROM prompts WHERE id NOT IN (SELECT id FROM prompts ORDER BY id DESC LIMIT ?)"
            self._run(sql, MAX_HISTORY)

    def prompt_number(self, text: str | None = None) -> int:
        """Return the number of a text in the history, or of the latest; 0 if there is none. Later ones are higher."""
        sql = "SELECT coalesce(max(id), 0) FROM prompts"
        with self._decoding():
            return whole(self._one(sql) if text is None else self._one(f"{sql} WHERE text = ?", text))

    def prompts(self, limit: int = 500) -> tuple[str, ...]:
        """Return the editor's history, newest first."""
        rows = self._all("SELECT text FROM prompts ORDER BY id DESC LIMIT ?", limit)
        with self._decoding():
            return tuple(_PROMPT_TYPES.checked(row)[0] for row in rows)

    def add_time(self, service: str, seconds: float, length_s: float | None = None) -> None:
        """Record how long a song took to make, and how long it is."""
        with self.transaction():
            self._run("INSERT INTO times(service, seconds, length) VALUES (?, ?, ?)", service, seconds, length_s)

    def usual_time(self, service: str) -> UsualDuration | None:
        """Return how long the service's latest 50 songs took; None if there are none yet."""
        sql = "SELECT seconds, length FROM times WHERE service = ? ORDER BY id DESC LIMIT ?"
        with self._decoding():
            return usual_duration(self._all(sql, service, _MAX_TIMES))

    def requested_length(self, service: str, default: float) -> float:
        """Return the mean length requested for the next songs in the queue; `default` counts for those without one."""
        sql = (
            "SELECT avg(coalesce(json_extract(options, '$.length_s'), ?)) FROM (SELECT options FROM jobs"
            " WHERE service = ? AND status = 'queued' AND deleted_at IS NULL ORDER BY position, id LIMIT ?)"
        )
        ((mean,),) = self._all(sql, default, service, _MAX_LENGTHS)
        return default if mean is None else float(mean)

    def daily(self, service: str, limited_since: float) -> tuple[DayCount, ...]:
        """Return a service's songs, refusals, failures and 429s by day and account, oldest first.

        Deleted jobs count, since their songs were made. This reads every job: with 100,000, call it in a thread, with a
        store of its own.

        Args:
            service: the service's name.
            limited_since: 429s before this time are left out.
        """
        rows = self._all(_DAILY, service, limited_since)
        return tuple(DayCount(*row) for row in rows)


def _job_id(row: tuple[Any, ...]) -> int:
    """Return the job's id from a row of `deleted`, then the job's columns."""
    return int(row[1])
