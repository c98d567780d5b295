"""Accounts, test cookies, the scheduler and its slots."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from riffusion_tui.studio.errors import InvalidRequest
from riffusion_tui.studio.queue.cookie_directives import DIRECTIVES, PREFIX, read_cookie
from tests.studio.conftest import BASE, Opening, RunningStudio


async def test_secrets_of_an_account_are_masked(running: RunningStudio, tmp_path: Path) -> None:
    cookie = "sb-api-auth-token-0=base64-canary-cookie"
    account = await running.post_account(cookie=cookie, maxJobs=6)
    assert account["maxJobs"] == 6
    jwt = account["jwt"]
    assert set(jwt) == {
        "access_token", "token_type", "expires_in", "expires_at", "refresh_token", "expires_at_UTC", "user",
    }  # fmt: skip
    assert (jwt["user"], jwt["access_token"], jwt["refresh_token"]) == ({"id": account["user_id"]}, "*" * 8, "*" * 8)
    listed = (await running.client.get(f"{BASE}/accounts")).json()
    assert listed[account["user_id"]]["maxJobs"] == 6
    one = await running.client.get(f"{BASE}/accounts/{account['user_id']}")
    assert one.json()["user_id"] == account["user_id"]
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        assert b"canary" not in file.read_bytes(), file


async def test_a_studio_without_accounts_answers_404(running: RunningStudio) -> None:
    user_id = await running.only_account()
    assert (await running.client.delete(f"{BASE}/accounts/{user_id}")).status_code == 204
    for method, path in (("GET", "accounts"), ("GET", f"accounts/{user_id}"), ("DELETE", f"accounts/{user_id}")):
        answer = await running.client.request(method, f"{BASE}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, 404)
    assert (await running.create("a")).json()["error"].startswith("no account is configured")
    assert (await running.client.get(f"{BASE}/music")).status_code == 400


async def test_deleting_an_account_deletes_its_jobs(opening: Opening) -> None:
    async with opening(renderers=1) as running:
        for _ in range(3):
            await running.create("slow=9")
        await running.client.delete(f"{BASE}/accounts/{await running.only_account()}")
        assert (await running.client.get(f"{BASE}/scheduler")).json() == []


async def test_a_cookie_works_once(running: RunningStudio) -> None:
    first = await running.post_account(cookie="once")
    again = await running.client.post(f"{BASE}/accounts", json={"cookie": "once", "user_id": first["user_id"]})
    assert (again.status_code, again.json()["code"]) == (400, 400)
    assert again.json()["error"].startswith("cookie was posted before")
    assert "error" not in (await running.client.get(f"{BASE}/accounts/{first['user_id']}")).json()


async def test_slots_of_a_named_account_change_without_a_cookie(running: RunningStudio) -> None:
    user_id = await running.only_account()
    assert (await running.post_account(user_id=user_id, maxJobs=2))["maxJobs"] == 2
    assert (await running.post_account(user_id=user_id))["maxJobs"] == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "cookie is required"),
        ({"cookie": ""}, "cookie is required"),
        ({"cookie": 1}, "cookie must be text"),
        ({"cookie": "a", "maxJobs": 0}, "maxJobs must be a whole number from 1 to 10"),
        ({"cookie": "a", "maxJobs": 11}, "maxJobs must be a whole number from 1 to 10"),
        ({"cookie": "a", "user_id": "nobody"}, "user_id nobody is not a"),
        ({"user_id": "nobody"}, "user_id nobody is not a"),
        ({"cookie": "studio-test:refused"}, "cookie was not accepted"),
        ({"cookie": "studio-test:used"}, "cookie was posted before"),
        (
            {"cookie": "studio-test:broken,fial"},
            "cookie is a test cookie with the unknown directive 'fial': use expires-after, ",
        ),
        (
            {"cookie": "studio-test:studio-test:fails"},
            "cookie is a test cookie with the unknown directive 'studio-test:fails'",
        ),
        ({"cookie": "studio-test:" + "é" * 99}, f"cookie is a test cookie with the unknown directive '{'é' * 40}'"),
        ({"cookie": "studio-test:expires-after=x"}, "cookie is a test cookie, and expires-after needs a number"),
        (
            {"cookie": "studio-test:limited"},
            "cookie is a test cookie, and limited needs a number, e.g. studio-test:limited=3",
        ),
        ({"cookie": "studio-test:expires-after=99999999"}, "cookie is a test cookie, and expires-after needs a number"),
    ],
)
async def test_an_invalid_account_request_is_refused(
    running: RunningStudio, fields: dict[str, object], message: str
) -> None:
    answer = await running.client.post(f"{BASE}/accounts", json=fields)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert answer.json()["error"].startswith(message)
    assert len((await running.client.get(f"{BASE}/accounts")).json()) == 1


async def test_test_cookies_may_repeat_and_combine_directives(running: RunningStudio) -> None:
    user_id = await running.only_account()
    for _ in range(2):
        account = await running.post_account(cookie=f"studio-test:broken,user={user_id}#again")
        assert (account["user_id"], "error" in account) == (user_id, True)
    await running.post_account(cookie=f"studio-test:limited=2,fails,user={user_id}")
    statuses = [(await running.create("a")).status_code for _ in range(3)]
    assert statuses == [429, 429, 200]
    record = (await running.client.get(f"{BASE}/music")).json()[0]
    ended = await running.ended(record["id"], user_id)
    assert (ended["status"], ended["error"]) == ("failed", "The account's test cookie requested this failure.")


async def test_settings_count_the_accounts_and_their_slots(opening: Opening) -> None:
    async with opening(accounts=2, max_jobs=3) as running:
        before = (await running.client.get(f"{BASE}/accounts")).json()
    async with opening(accounts=1, max_jobs=None) as running:
        assert {
            user: one["maxJobs"] for user, one in (await running.client.get(f"{BASE}/accounts")).json().items()
        } == (dict.fromkeys(before, 3))
    async with opening(accounts=3, max_jobs=4) as running:
        after = (await running.client.get(f"{BASE}/accounts")).json()
    assert set(before) < set(after)
    assert [one["maxJobs"] for one in after.values()] == [4, 4, 4]


async def test_a_new_account_has_one_slot_per_core_plus_spare_slots(opening: Opening) -> None:
    async with opening(max_jobs=None, renderers=1) as running:
        (first,) = (await running.client.get(f"{BASE}/accounts")).json().values()
    async with opening(accounts=2, max_jobs=None, spare_slots=1) as running:
        both = (await running.client.get(f"{BASE}/accounts")).json().values()
        assert [one["maxJobs"] for one in both] == [first["maxJobs"], min(10, first["maxJobs"] + 1)]


async def test_the_scheduler_lists_running_jobs_and_free_slots(opening: Opening) -> None:
    async with opening(accounts=2, max_jobs=3, renderers=2) as running:
        job = (await running.create("slow=9", replyRef="mine", replyUrl="https://example.com/")).json()
        for path in ("scheduler", "scheduler/"):
            (listed,) = (await running.client.get(f"{BASE}/{path}")).json()
            assert listed | job == listed
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", listed["started"])
            assert re.fullmatch(r"\d\d:\d\d", listed["elapsed"])
            assert (listed["replyRef"], listed["replyUrl"]) == ("mine", "https://example.com/")
        capacity = (await running.client.get(f"{BASE}/scheduler/available")).json()
        assert [one["job_id"] for one in capacity["executing"]] == [job["job_id"]]
        assert capacity["renderers"] == 2, "fewer than the slots: the rest waits"
        by_user = {one.pop("user_id"): one for one in capacity["available"]}
        assert by_user.pop(job["user_id"]) == {"maxJobs": 3, "executing": 1, "available": 2}
        assert list(by_user.values()) == [{"maxJobs": 3, "executing": 0, "available": 3}]


async def test_a_cancelled_job_frees_its_slot_and_fails(opening: Opening) -> None:
    async with opening(renderers=1) as running:
        begun = (await running.create("slow=30")).json()
        waiting = (await running.create("a")).json()
        for job in (waiting, begun):
            answer = await running.client.delete(f"{BASE}/scheduler/{job['job_id']}")
            assert (answer.status_code, answer.content) == (204, b"")
        assert (await running.client.get(f"{BASE}/scheduler")).json() == []
        for job, stage in ((waiting, "it started"), (begun, "it was finished")):
            record = await running.ended(**job)
            assert (record["status"], record["error"]) == ("failed", f"Cancelled before {stage}.")
        again = await running.client.delete(f"{BASE}/scheduler/{waiting['job_id']}")
        assert (again.status_code, again.json()["code"]) == (404, 404)
        wrong = await running.client.delete(f"{BASE}/scheduler/nonsense")
        assert (wrong.status_code, wrong.json()) == (400, {"error": "job_id must be a UUID", "code": 400})


def test_every_listed_test_cookie_is_parsed() -> None:
    assert DIRECTIVES
    for name, meaning in DIRECTIVES.items():
        cookie = PREFIX + name + (meaning.partition(": ")[0] if meaning.startswith("=") else "")
        if cookie.endswith(("refused", "used")):
            with pytest.raises(InvalidRequest, match="log in again"):
                read_cookie(cookie)
        else:
            assert read_cookie(cookie).test
