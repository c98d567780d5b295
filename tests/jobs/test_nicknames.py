"""Readable names for accounts."""

from __future__ import annotations

from uuid import UUID

import pytest

from riffusion_tui.jobs.filter import with_account_ids
from riffusion_tui.jobs.nicknames import automatic_nickname, is_nickname, needs_nickname, with_nicknames

IDS = [str(UUID(int=n * 7919)) for n in range(100)]


def test_only_a_uuid_gets_a_nickname() -> None:
    assert needs_nickname(IDS[3])
    assert not any(map(needs_nickname, ("me@example.org", "http://127.0.0.1:8001", "acc-1", "")))


def test_nicknames_are_valid_unique_and_stable() -> None:
    taken: dict[str, str] = {}
    for id in IDS:
        taken[id] = automatic_nickname(id, taken.values())
        assert is_nickname(taken[id])
    assert len(set(taken.values())) == len(IDS)
    assert automatic_nickname(IDS[5], ()) == automatic_nickname(IDS[5], ())


@pytest.mark.parametrize(
    ("name", "fits"),
    [("cedar", True), ("Work-2", True), ("Büro.x_1", True),
     ("", False), ("-x", False), ("a b", False), ("x" * 25, False)],
)  # fmt: skip
def test_a_nickname_is_one_word(name: str, fits: bool) -> None:
    assert is_nickname(name) is fits


def test_ids_in_a_text_are_replaced_by_nicknames() -> None:
    assert with_nicknames(f"to {IDS[1]}, not {IDS[2]}", {IDS[1]: "cedar"}) == f"to cedar, not {IDS[2]}"
    assert with_nicknames(f"to {IDS[1]}", {}) == f"to {IDS[1]}"


def test_a_filter_accepts_a_nickname_for_an_id() -> None:
    names = {"id-1": "cedar", "id-2": "cobalt"}
    assert with_account_ids("rain account:ced", names) == "rain account:ced,id-1"
    assert with_account_ids("-account:C,x rain", names) == "-account:C,x,id-1,id-2 rain"
    assert with_account_ids('account:5f7 "account:c"', names) == 'account:5f7 "account:c"'
    assert with_account_ids("account:,", names) == "account:,"
