"""create-prompt, according to its page: https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest

from riffusion_tui.studio.studio_settings import UpstreamRate
from tests.studio.conftest import BASE, Opening, RunningStudio, client_of

PATHS = (f"{BASE}/music/create-prompt", f"{BASE}/create-prompt")
PENDING = (
    "Your Riffusion account has pending error. Please address this issue at https://useapi.net/docs/api-riffusion-v1/"
    "post-riffusion-accounts before making any new API calls."
)


@pytest.mark.parametrize("path", PATHS)
async def test_the_documented_example_is_accepted(running: RunningStudio, path: str) -> None:
    answer = await running.client.post(path, json={"prompt": "jazzy k-pop song about a distant lover"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"job_id", "user_id"}
    assert all(str(uuid.UUID(value)) == value for value in answer.json().values())


async def test_form_fields_are_converted_from_text(running: RunningStudio) -> None:
    fields = {"prompt": "a tone", "instrumental": "TRUE", "maxJobs": "3", "replyRef": "mine", "model": "FUZZ-0.8"}
    multipart = {name: (None, value) for name, value in fields.items()}
    first = await running.client.post(PATHS[0], files=multipart)
    second = await running.client.post(PATHS[1], data=fields)
    for answer in (first, second):
        assert answer.status_code == 200, answer.text
        record = await running.ended(**answer.json())
        assert record["lyrics"] == "[Instrumental]"
        assert record["replyRef"] == "mine"


async def test_empty_form_fields_are_ignored(running: RunningStudio) -> None:
    fields = {"prompt": "a tone", "instrumental": "", "maxJobs": "", "user_id": "", "replyUrl": ""}
    assert (await running.client.post(PATHS[0], data=fields)).status_code == 200


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "prompt is required"),
    ({"prompt": ""}, "prompt is required"),
    ({"prompt": " \n\t"}, "prompt is required"),
    ({"prompt": None}, "prompt is required"),
    ({"prompt": 3}, "prompt must be text"),
    ({"prompt": ["a"]}, "prompt must be text"),
    ({"prompt": "x" * 10_001}, "prompt is 10,001 characters long; at most 10,000"),
    ({"instrumental": "yes"}, "instrumental must be true or false"),
    ({"instrumental": 1}, "instrumental must be true or false"),
    ({"model": "FUZZ-1.0"}, "model must be FUZZ-0.8"),
    ({"maxJobs": 0}, "maxJobs must be a whole number from 1 to 10"),
    ({"maxJobs": 11}, "maxJobs must be a whole number from 1 to 10"),
    ({"maxJobs": 2.5}, "maxJobs must be a whole number from 1 to 10"),
    ({"maxJobs": "3"}, "maxJobs must be a whole number from 1 to 10"),
    ({"maxJobs": True}, "maxJobs must be a whole number from 1 to 10"),
    ({"replyRef": "x" * 1025}, "replyRef is 1,025 characters long; at most 1,024"),
    ({"replyRef": 5}, "replyRef must be text"),
    ({"replyUrl": "https://example.com/" + "x" * 1005}, "replyUrl is 1,025 characters long; at most 1,024"),
    ({"replyUrl": "example.com/hook"}, "replyUrl must be an http or https address"),
    ({"replyUrl": "file:///etc/passwd"}, "replyUrl must be an http or https address"),
    ({"replyUrl": "http://user:pass@example.com/"}, "replyUrl must not contain a user name"),
    ({"replyUrl": "http://127.0.0.1:9000/"}, "replyUrl must be a public address"),
    ({"replyUrl": "http://[::1]/"}, "replyUrl must be a public address"),
    ({"replyUrl": "http://localhost:9000/"}, "replyUrl must be a public address"),
    ({"replyUrl": "http://169.254.169.254/latest"}, "replyUrl must be a public address"),
    ({"user_id": "nobody"}, "user_id nobody is not a configured account"),
    ({"user_id": {"a": 1}}, "user_id must be text"),
    ({"seed": -1}, "seed must be a whole number from 0 to 2147483647"),
    ({"length_s": 4}, "length_s must be a number from 5 to 600"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG)
async def test_an_invalid_field_is_named(running: RunningStudio, fields: dict[str, Any], message: str) -> None:
    answer = await running.client.post(PATHS[0], json={"prompt": "a tone", **fields} if fields else {})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(message)
    assert answer.json() == {"error": answer.json()["error"], "code": 400}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"instrumental": "maybe"}, "instrumental must be true or false"),
        ({"maxJobs": "0"}, "maxJobs must be"),
        ({"maxJobs": "1e1"}, "maxJobs must be"),
        ({"maxJobs": "9" * 4000}, "maxJobs must be"),
        ({"length_s": "nan"}, "length_s must be"),
    ],
)
async def test_an_invalid_form_value_is_named(running: RunningStudio, fields: dict[str, str], message: str) -> None:
    answer = await running.client.post(PATHS[0], data={"prompt": "a tone", **fields})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(message)


async def test_fields_of_maximum_length_are_accepted(running: RunningStudio) -> None:
    url = "https://example.com/"
    fields = {"replyRef": "x" * 1024, "maxJobs": 10, "replyUrl": url + "x" * (1024 - len(url))}
    assert (await running.create("x" * 10_000, **fields)).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", "application/json", "The body is not valid JSON"),
        (b"{", "application/json", "The body is not valid JSON"),
        (b"\xff\xfe", "application/json", "The body is not valid JSON"),
        (b'{"prompt": NaN}', "application/json", "The body is not valid JSON"),
        (b'{"prompt": %s}' % (b"9" * 5000), "application/json", "The body is not valid JSON"),
        (b'{"prompt": %s}' % (b"[" * 100_000), "application/json", "The body is not valid JSON"),
        (b'{"prompt": "a", "x": %s}' % (b"[" * 40 + b"]" * 40), "application/json", "The body is nested deeper"),
        (b"[]", "application/json", "The body must be a JSON object"),
        (b'"prompt"', "application/json", "The body must be a JSON object"),
        (b"prompt", "text/plain", "Content-Type must be application/json"),
        (b"--x\r\n", "multipart/form-data", "Invalid form data"),
        (b"--y\r\n\r\n", "multipart/form-data; boundary=x", "Invalid form data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="prompt"; filename="a.txt"\r\n\r\na\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            "Invalid form data",
        ),
        (urlencode([("a", "b")] * 200).encode(), "application/x-www-form-urlencoded", "Invalid form data"),
    ],
)
async def test_an_unreadable_body_is_a_400(running: RunningStudio, body: bytes, kind: str, message: str) -> None:
    answer = await running.client.post(PATHS[0], content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"].startswith(message)


async def test_a_body_without_a_content_type_is_json(running: RunningStudio) -> None:
    answer = await running.client.post(PATHS[0], content=b'{"prompt": "a tone"}')
    assert answer.status_code == 200


async def test_too_long_a_body_is_refused(opening: Opening) -> None:
    async with opening(max_body=1000) as running:
        answer = await running.create("x" * 1000)
        assert (answer.status_code, answer.json()["code"]) == (413, 413)


@pytest.mark.parametrize("token", ["wrong", "", "x" * 5000])
async def test_401_precedes_all_other_errors(running: RunningStudio, token: str) -> None:
    async with client_of(running.studio, token or " ") as stranger:
        for method, path in (("POST", PATHS[0]), ("GET", f"{BASE}/music/"), ("GET", "/nowhere"), ("PUT", PATHS[1])):
            answer = await stranger.request(method, path, content=b"{")
            assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized", "code": 401})
        stranger.headers.pop("Authorization")
        assert (await stranger.get("/openapi.json")).status_code == 401
        stranger.headers["Authorization"] = f"Basic {running.studio.token.reveal()}"
        assert (await stranger.get("/openapi.json")).status_code == 401


async def test_422_has_the_documented_body(running: RunningStudio) -> None:
    answer = await running.create("a song with studio-test-flagged in it")
    assert answer.status_code == 422
    assert answer.json() == {"is_flagged": True, "reason": "moderation", "musician_replacement_data": None}
    assert (await running.client.get(f"{BASE}/scheduler")).json() == []


async def test_429_busy_names_account_and_jobs(opening: Opening) -> None:
    async with opening(max_jobs=2) as running:
        url = "https://example.com/hook"
        first = (await running.create("slow=5 a", replyRef="mine", replyUrl=url)).json()
        second = (await running.create("slow=5 b")).json()
        answer = await running.create("c")
        user_id = first["user_id"]
        assert answer.status_code == 429
        body = answer.json()
        assert set(body) == {"error", "runningJobs", "code"}
        assert body["error"] == f"Account {user_id} is busy executing 2 jobs"
        assert body["code"] == 429
        jobs = body["runningJobs"][user_id]
        assert all(isinstance(job.pop("started"), int) for job in jobs)
        assert jobs == [
            {"user_id": user_id, "job_id": first["job_id"], "replyUrl": url, "replyRef": "mine"},
            {"user_id": user_id, "job_id": second["job_id"]},
        ]


async def test_max_jobs_of_a_request_overrides_the_accounts(opening: Opening) -> None:
    async with opening(max_jobs=2) as running:
        assert (await running.create("slow=5", maxJobs=1)).status_code == 200
        assert (await running.create("slow=5", maxJobs=1)).status_code == 429
        assert (await running.create("slow=5")).status_code == 200
        assert (await running.create("slow=5")).status_code == 429
        assert (await running.create("slow=5", maxJobs=3)).status_code == 200


async def test_an_account_with_room_is_picked_at_random(opening: Opening) -> None:
    async with opening(accounts=3, max_jobs=4) as running:
        picked = [(await running.create("slow=5")).json()["user_id"] for _ in range(12)]
        assert {picked.count(user_id) for user_id in set(picked)} == {4}
        assert picked[:4] != [picked[0]] * 4
        busy = (await running.create("a")).json()
        assert set(busy["runningJobs"]) == set(picked)
        one = await running.create("a", user_id=picked[0])
        assert set(one.json()["runningJobs"]) == {picked[0]}


async def test_429_upstream_has_only_a_detail(opening: Opening) -> None:
    async with opening(upstream_rate=UpstreamRate(2, 0.5)) as running:
        statuses = [(await running.create("a")).status_code for _ in range(3)]
        answer = await running.create("a")
        assert statuses == [200, 200, 429]
        assert (answer.status_code, answer.json()) == (429, {"detail": "Too Many Requests"})
        await asyncio.sleep(0.6)
        assert (await running.create("a")).status_code == 200


async def test_596_until_a_new_cookie_is_posted(running: RunningStudio) -> None:
    user_id = await running.only_account()
    await running.post_account(cookie="studio-test:expires-after=2", user_id=user_id)
    assert [(await running.create("a")).status_code for _ in range(2)] == [200, 200]
    for _ in range(2):
        answer = await running.create("a")
        assert (answer.status_code, answer.json()) == (596, {"error": PENDING})
    assert (await running.client.get(f"{BASE}/music/")).status_code == 596
    account = (await running.client.get(f"{BASE}/accounts/{user_id}")).json()
    assert account["error"].startswith("Session expired")
    repaired = await running.post_account(cookie="a fresh one", maxJobs=3)
    assert repaired["user_id"] == user_id
    assert "error" not in repaired
    assert (await running.create("a", maxJobs=10)).status_code == 200
    assert (await running.client.get(f"{BASE}/music/")).status_code == 200


async def test_a_broken_account_is_skipped_unless_it_is_named(opening: Opening) -> None:
    async with opening(accounts=2) as running:
        broken = (await running.post_account(cookie="studio-test:broken"))["user_id"]
        picked = {(await running.create("a")).json()["user_id"] for _ in range(9)}
        assert broken not in picked
        assert (await running.create("a", user_id=broken)).status_code == 596


async def test_create_compose_makes_a_song_from_lyrics_and_prompts(running: RunningStudio) -> None:
    fields = {
        "title": "Two Parts",
        "lyrics": "[Verse]\nla la",
        "lyrics_strength": 80,
        "prompt_1": "a tone",
        "prompt_2": "another",
        "prompt_2_start": 50,
        "prompt_2_strength": 20,
        "replyRef": "composed",
    }
    answer = await running.client.post(f"{BASE}/music/create-compose", json=fields)
    assert answer.status_code == 200, answer.text
    record = await running.ended(**answer.json())
    assert (record["title"], record["sound"], record["replyRef"]) == ("Two Parts", "a tone", "composed")
    job = (await running.client.get(f"{BASE}/music/")).json()[0]
    assert '"start": 0.5' in job["conditions"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "prompt_1 is required"),
        ({"prompt_1": "a", "prompt_1_strength": 19}, "prompt_1_strength must be a number from 20 to 100"),
        ({"prompt_1": "a", "prompt_2_end": 101}, "prompt_2_end must be a number from 0 to 100"),
        ({"prompt_1": "a", "prompt_1_start": 60, "prompt_1_end": 60}, "prompt_1_start must be smaller"),
        ({"prompt_1": "a", "lyrics_weirdness": -1}, "lyrics_weirdness must be a number from 0 to 100"),
    ],
)
async def test_an_invalid_field_of_create_compose_is_named(
    running: RunningStudio, fields: dict[str, Any], message: str
) -> None:
    answer = await running.client.post(f"{BASE}/music/create-compose", json=fields)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(message)


async def test_create_compose_without_lyrics_is_instrumental_and_moderated(running: RunningStudio) -> None:
    answer = await running.client.post(f"{BASE}/music/create-compose", json={"prompt_1": "a tone"})
    assert (await running.ended(**answer.json()))["lyrics"] == "[Instrumental]"
    flagged = {"prompt_1": "a", "lyrics": "la studio-test-flagged la"}
    assert (await running.client.post(f"{BASE}/music/create-compose", json=flagged)).status_code == 422


async def test_every_take_has_its_own_seed_unless_one_is_given(running: RunningStudio) -> None:
    titles = [(await running.made("same"))["title"] for _ in range(3)]
    assert len(set(titles)) == 3
    assert [(await running.made("same", seed=7))["title"] for _ in range(2)] == ["Tone 7", "Tone 7"]
    assert (await running.made("same", title="My Song"))["title"] == "My Song"


async def test_text_is_cleaned_and_references_are_returned_unchanged(running: RunningStudio) -> None:
    reference = "ref\x1b[31m\u202e \U0001f600"
    record = await running.made("a \x1b]52;c;x\x07tone\u202e", replyRef=reference)
    assert record["sound"] == "a tone"
    assert record["replyRef"] == reference


async def test_lone_surrogates_are_replaced(running: RunningStudio) -> None:
    body = b'{"prompt": "a \\ud800 tone", "replyRef": "\\udfff"}'
    answer = await running.client.post(PATHS[0], content=body)
    record = await running.ended(**answer.json())
    assert (record["sound"], record["replyRef"]) == ("a \ufffd tone", "?")
