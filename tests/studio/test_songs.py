"""GET music, its links, download in formats, DELETE music, generate-lyrics."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import Response

from riffusion_tui.studio.http.handlers import Handlers
from riffusion_tui.studio.queue import formats
from riffusion_tui.studio.queue.folders import Folders
from tests.studio.conftest import BASE, Opening, RunningStudio
from tests.waiting import until

KEYS = {
    *("id", "group_id", "author_id", "created_at", "audio_variation", "lyrics", "lyrics_timestamped", "title"),
    *("image_override", "conditions", "sound", "topic", "image_id", "simple_waveform", "remix_parent_id", "duration_s"),
    *("privacy", "transform", "parent_riff_id", "audio_upload_id", "is_favorite", "favorite_count", "play_count"),
    *("status", "download_url", "share_url", "image_url"),
}


def stranger() -> dict[str, str]:
    return {"Authorization": ""}


async def fetch(running: RunningStudio, url: str, **headers: str) -> httpx.Response:
    """Fetch a public address: without the token."""
    parts = urlsplit(url)
    assert parts.netloc == "studio"
    return await running.client.get(f"{parts.path}?{parts.query}", headers={**stranger(), **headers})


async def test_a_record_has_every_documented_key(running: RunningStudio) -> None:
    record = await running.made("a tone in A minor", replyRef="mine", instrumental=False)
    assert set(record) >= KEYS
    assert record["status"] == "completed"
    assert record["sound"] == "a tone in A minor"
    assert (record["duration_s"], record["privacy"], record["replyRef"]) == (0.5, "unlisted", "mine")
    assert json.loads(record["simple_waveform"]) == [0.1, 0.9, 0.4]
    assert json.loads(record["lyrics_timestamped"]) == [
        {"start": 0.0, "text": "a tone in A minor", "words": [{"start": 0.0, "word": "a tone in A minor"}]}
    ]
    conditions = json.loads(record["conditions"])
    assert (conditions["engine"], conditions["engine_version"]) == ("tone", 1)
    assert (conditions["key"], conditions["mode"], conditions["sounds"]) == ("A", "minor", "synthesized")
    assert conditions["prompt"] == "a tone in A minor"
    assert record["created_at"].endswith("Z")
    assert "error" not in record
    assert "progress" not in record
    assert 0 < record["making_s"] < 60


async def test_a_running_song_has_a_status_and_progress(opening: Opening) -> None:
    async with opening(renderers=1) as running:
        begun = (await running.create("slow=1.5 a")).json()
        waiting = (await running.create("b")).json()
        await asyncio.sleep(0.8)
        first, second = [await running.song(**job) for job in (begun, waiting)]
        assert first["status"] == "generating_audio"
        assert 0.1 < first["progress"] < 0.9
        assert set(first) >= KEYS
        assert first["download_url"] is first["duration_s"] is None
        assert (second["status"], second["progress"]) == ("queued", 0.0)


async def test_a_failed_song_gives_the_reason(running: RunningStudio) -> None:
    record = await running.made("an error")
    assert (record["status"], record["error"]) == ("failed", "This prompt asks for an error.")
    assert record["download_url"] is None
    fault = await running.made("a fault")
    assert fault["error"] == "The engine failed: ZeroDivisionError: by nothing"


async def test_the_list_is_newest_first_and_paged(running: RunningStudio) -> None:
    made = [(await running.made(f"song {number}"))["id"] for number in range(12)]
    newest = made[::-1]

    async def ids(**params: Any) -> list[str]:
        answer = await running.client.get(f"{BASE}/music", params=params)
        return [record["id"] for record in answer.json()]

    assert await ids() == newest[:10]
    assert await ids(limit=3) == newest[:3]
    assert await ids(limit=5, offset=9) == newest[9:]
    assert await ids(id=made[0]) == [made[0]]
    assert await ids(id="00000000-0000-4000-8000-000000000000") == []
    assert await ids(user_id=await running.only_account(), limit=1) == newest[:1]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"limit": "0"}, "limit must be a whole number from 1 to 100"),
        ({"limit": "101"}, "limit must be"),
        ({"limit": "many"}, "limit must be"),
        ({"offset": "-1"}, "offset must be"),
        ({"user_id": "nobody"}, "user_id nobody is not a configured account"),
    ],
)
async def test_an_invalid_query_is_named(running: RunningStudio, params: dict[str, str], message: str) -> None:
    answer = await running.client.get(f"{BASE}/music/", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert answer.json()["error"].startswith(message)


async def test_user_id_is_required_with_two_accounts(opening: Opening) -> None:
    async with opening(accounts=2) as running:
        assert (await running.client.get(f"{BASE}/music/")).json() == {
            "error": "user_id is required when more than one account is configured",
            "code": 400,
        }
        record = await running.made()
        others = set((await running.client.get(f"{BASE}/accounts")).json()) - {record["user_id"]}
        listed = await running.client.get(f"{BASE}/music/", params={"user_id": others.pop(), "id": record["id"]})
        assert listed.json() == []


async def test_links_work_without_a_token_and_cannot_be_guessed(running: RunningStudio) -> None:
    record = await running.made("<b>a tone</b>")
    sound = await fetch(running, record["download_url"])
    assert sound.status_code == 200
    assert sound.headers["content-type"] == "audio/mpeg"
    assert urlsplit(record["download_url"]).path.endswith("/song.mp3")
    cover = await fetch(running, record["image_url"])
    assert cover.headers["content-type"].startswith("image/svg+xml")
    page = await fetch(running, record["share_url"])
    assert "&lt;b&gt;a tone" in page.text
    assert "<b>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for wrong in ("sig=0", "sig=%ff", ""):
        bare = record["download_url"].partition("?")[0]
        assert (await fetch(running, f"{bare}?{wrong}")).status_code == 401
    signature = urlsplit(record["share_url"]).query
    assert (await fetch(running, record["download_url"].partition("?")[0] + "?" + signature)).status_code == 401


async def test_an_interrupted_download_can_be_resumed(running: RunningStudio) -> None:
    url = (await running.made())["download_url"]
    whole = (await fetch(running, url)).content
    rest = await fetch(running, url, Range="bytes=1000-")
    assert (rest.status_code, rest.headers["content-range"]) == (206, f"bytes 1000-{len(whole) - 1}/{len(whole)}")
    assert rest.content == whole[1000:]
    assert (await fetch(running, url, Range="bytes=999999999-")).status_code == 416
    assert rest.headers["accept-ranges"] == "bytes"


async def test_another_format_is_rendered_from_the_same_song(opening: Opening, tmp_path: Path) -> None:
    async with opening() as running:
        record = await running.made()
        answers = [
            await running.client.get(f"{BASE}/music/download", params={"id": record["id"], "download_format": format})
            for format in ("mp3", "wav", "wav", "midi")
        ]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert answers[1].content == answers[2].content == answers[0].content
        assert [answer.headers["content-type"] for answer in answers[1::2]] == ["audio/wav", "audio/midi"]
        cache = Folders(tmp_path / "studio").cache
        assert {file.suffix for file in cache.iterdir()} == {".wav", ".mid"}
        assert list((tmp_path / "studio" / "work").iterdir()) == []


async def test_concurrent_downloads_succeed_and_the_cache_is_bounded(opening: Opening, tmp_path: Path) -> None:
    async with opening(cache_bytes=12_000) as running:
        songs = [await running.made(f"slow=0.3 {number}") for number in range(3)]
        for song in songs:
            params = {"id": song["id"], "download_format": "wav"}
            both = await asyncio.gather(
                *(running.client.get(f"{BASE}/music/download", params=params) for _ in range(2))
            )
            assert [answer.status_code for answer in both] == [200, 200]
        kept = [file.stem for file in Folders(tmp_path / "studio").cache.iterdir()]
        assert kept == [songs[-1]["id"]]


async def test_impossible_downloads_are_refused(running: RunningStudio, tmp_path: Path) -> None:
    done, failed = await running.made(), await running.made("an error")
    finish = tmp_path / "finish"
    begun = (await running.create(f"until={finish}")).json()

    async def status(**params: str) -> int:
        answer = await running.client.get(f"{BASE}/music/download", params=params)
        assert answer.json()["code"] == answer.status_code
        return answer.status_code

    assert await status() == 400
    assert await status(id=done["id"], download_format="aac") == 400
    assert await status(id=done["id"], download_format="stems") == 400
    assert await status(id="nothing") == 404
    assert await status(id=done["id"], user_id="other") == 404
    assert await status(id=failed["id"]) == 409
    assert await status(id=begun["job_id"]) == 409
    finish.touch()


async def test_delete_music_deletes_song_and_files(running: RunningStudio, tmp_path: Path) -> None:
    record = await running.made()
    await running.client.get(f"{BASE}/music/download", params={"id": record["id"], "download_format": "wav"})
    folders = Folders(tmp_path / "studio")
    assert folders.song(record["id"]).exists()
    gone = await running.client.delete(f"{BASE}/music/", params={"id": record["id"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert not folders.song(record["id"]).exists()
    assert list(folders.cache.iterdir()) == []
    assert (await running.client.delete(f"{BASE}/music", params={"id": record["id"]})).status_code == 404
    assert (await fetch(running, record["download_url"])).status_code == 404
    assert (await running.client.delete(f"{BASE}/music")).status_code == 400


async def test_a_song_deleted_while_it_is_made_leaves_no_file(running: RunningStudio, tmp_path: Path) -> None:
    job = (await running.create("slow=30")).json()
    await asyncio.sleep(0.3)
    assert (await running.client.delete(f"{BASE}/music/", params={"id": job["job_id"]})).status_code == 204
    assert (await running.client.get(f"{BASE}/scheduler")).json() == []
    folders = Folders(tmp_path / "studio")
    await until(lambda: not folders.work(job["job_id"]).exists())
    assert not folders.song(job["job_id"]).exists()


async def test_lyrics_are_generated(running: RunningStudio) -> None:
    path = f"{BASE}/music/generate-lyrics"
    answer = await running.client.post(path, json={"prompt": "the sea"})
    assert (answer.status_code, answer.json()) == (200, {"lyrics": "[Verse]\nthe sea"})
    assert (await running.client.post(path, json={})).status_code == 400
    assert (await running.client.post(path, json={"prompt": "a fault"})).status_code == 200
    flagged = await running.client.post(path, json={"prompt": "a", "lyrics": "studio-test-flagged"})
    assert flagged.status_code == 422


async def test_unknown_paths_are_404_and_wrong_methods_405(running: RunningStudio) -> None:
    lost = await running.client.get("/v1/riffusion/upload-audio")
    assert (lost.status_code, lost.json()["code"]) == (404, 404)
    wrong = await running.client.put(f"{BASE}/music/create-prompt")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, 405, "POST")


async def test_failing_lyrics_do_not_affect_the_studio(opening: Opening) -> None:
    async with opening(processes=True, renderers=1) as running:
        path = f"{BASE}/music/generate-lyrics"
        for prompt, status, error in (
            ("mute", 400, "The engine tone is mute today."),
            ("fall", 400, "The engine failed: KeyError: 'fall'"),
            ("crash", 500, "The engine failed to write lyrics"),
        ):
            answer = await running.client.post(path, json={"prompt": prompt})
            assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert (await running.client.post(path, json={"prompt": "the sea"})).status_code == 200


async def test_an_internal_error_is_a_500_without_details(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(self: Handlers, requested: dict[str, Any], base: str) -> Response:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(Handlers, "scheduler", fail)
    async with opening() as running:
        answer = await running.client.get(f"{BASE}/scheduler")
        assert (answer.status_code, answer.json()["code"]) == (500, 500)
        assert "secret" not in answer.text
        assert "ZeroDivisionError" in caplog.text


async def test_a_crash_while_converting_is_a_500(opening: Opening) -> None:
    async with opening(processes=True, renderers=1) as running:
        song = await running.made("crashwav")
        params = {"id": song["id"], "download_format": "wav"}
        answer = await running.client.get(f"{BASE}/music/download", params=params)
        assert (answer.status_code, answer.json()["code"]) == (500, 500)


async def test_too_many_waiting_downloads_are_503(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_MAX_WAITING", 1)
    async with opening() as running:
        songs = [await running.made(f"slow=0.3 {number}") for number in range(2)]
        answers = await asyncio.gather(
            *(
                running.client.get(f"{BASE}/music/download", params={"id": song["id"], "download_format": "wav"})
                for song in songs
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 503]
