"""Locks and edits over HTTP, with the studio's own fields and call."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.engine.song_request import ENGINE_VERSION
from riffusion_tui.studio.queue.folders import Folders
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE
from tests.espeak_stand_in import STAND_IN, install
from tests.studio.conftest import BASE, Opening, RunningStudio

LOCKS = {
    "tempo": 180.5, "key": "F# minor", "form": "4/4, intro 2, verse 4, ending 2",
    "band": "drums=drums, bass=bass, chords=piano, lead=flute!", "like": "a quiet song",
}  # fmt: skip
SUNG = {"seed": 3, "tempo": 200, "form": "intro 1, verse 2, ending 1"}
SHORT = {
    "instrumental": True,
    **SUNG,
    "band": "drums=drums, bass=sub bass",
}  # renders in a third of the time of pop's default band
BODIES = {"create-prompt": {"prompt": "pop"}, "create-compose": {"prompt_1": "pop"}}


@pytest.fixture
async def sketching(opening: Opening) -> AsyncIterator[RunningStudio]:
    async with opening(engine=SKETCH_ENGINE, soundfont="synthesized") as running:
        yield running


@pytest.mark.parametrize("call", BODIES)
async def test_locks_reach_the_engine_and_are_in_the_record(sketching: RunningStudio, call: str) -> None:
    answer = await sketching.client.post(f"{BASE}/music/{call}", json=BODIES[call] | LOCKS)
    assert answer.status_code == 200, answer.text
    conditions = json.loads((await sketching.ended(**answer.json()))["conditions"])
    assert (conditions["bpm"], conditions["key"], conditions["mode"]) == (180.5, "F#", "minor")
    assert (conditions["form"], conditions["band"]) == (LOCKS["form"], LOCKS["band"])
    assert conditions["sections"] == ["Intro", "Verse", "Ending"]
    assert {"Drums", "Bass", "Piano"} <= set(conditions["stems"])
    assert conditions["locks"] == LOCKS


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"tempo": 20}, "tempo must be a number from 30 to 300"),
        ({"key": "J"}, "key must look like A minor"),
        ({"form": "tune 3"}, "form: 'tune 3' is not a section"),
        ({"band": "lead=flut"}, "band: 'flut' is unknown; did you mean flute?"),
    ],
)
async def test_an_invalid_lock_is_a_400(running: RunningStudio, fields: dict[str, Any], expected: str) -> None:
    answer = await running.create("pop", **fields)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(expected)


async def test_an_edit_is_a_child_job_and_includes_earlier_edits(sketching: RunningStudio) -> None:
    song = await sketching.made("pop", **SHORT)
    first = await edit(sketching, song, operation="mute", stem="drums")
    assert first["remix_parent_id"] == song["id"]
    assert "Drums" not in json.loads(first["conditions"])["stems"]
    assert (first["title"], first["sound"]) == (song["title"], "pop")
    second = await edit(sketching, first, operation="transpose", key="D minor", replyRef="mine")
    conditions = json.loads(second["conditions"])
    assert (second["remix_parent_id"], second["replyRef"]) == (first["id"], "mine")
    assert "Drums" not in conditions["stems"]
    assert conditions["key"] == "D"
    assert [one["operation"] for one in conditions["edits"]] == ["mute", "transpose"]


async def test_a_regenerated_section_stores_only_its_own_prompt(sketching: RunningStudio) -> None:
    song = await sketching.made("pop", **SHORT)
    for prompt, kept in (("pop", ""), ("calm", "calm")):
        again = await edit(sketching, song, operation="replace", section="Verse", prompt=prompt, seed=5)
        (edits,) = json.loads(again["conditions"])["edits"]
        assert (edits["prompt"], edits["section"], edits["seed"]) == (kept, "Verse", 5)


async def edit(running: RunningStudio, song: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await running.client.post(f"{BASE}/music/edit", json={"id": song["id"], **fields})
    assert answer.status_code == 200, answer.text
    record = await running.ended(**answer.json())
    assert record["status"] == "completed", record["error"]
    return record


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"operation": "sing"}, "operation must be replace or resize or transpose or swap or mute"),
    ({"operation": "replace"}, "section is required"),
    ({"operation": "replace", "section": "Verse 9"}, "section: the song has no 'Verse 9'; it has Intro, Verse"),
    ({"operation": "resize"}, "length_s is required"),
    ({"operation": "resize", "length_s": 900}, "length_s must be a number from 5 to 600"),
    ({"operation": "transpose", "key": "J"}, "key must look like"),
    ({"operation": "mute", "stem": "Oboe"}, "stem: the song has no 'Oboe'"),
    ({"operation": "swap", "stem": "Bass", "instrument": "tubba"}, "instrument: 'tubba' is unknown"),
]


async def test_an_impossible_edit_is_a_400(sketching: RunningStudio) -> None:
    song = await sketching.made("pop", **SHORT)
    for fields, expected in UNFIT:
        answer = await sketching.client.post(f"{BASE}/music/edit", json={"id": song["id"], **fields})
        assert (answer.status_code, answer.json()["error"][: len(expected)]) == (400, expected)


async def test_only_an_existing_finished_song_can_be_edited(running: RunningStudio, tmp_path: Path) -> None:
    requested = {"operation": "mute", "stem": "drums"}
    answer = await running.client.post(f"{BASE}/music/edit", json={"id": "none", **requested})
    assert answer.status_code == 404
    finish = tmp_path / "finish"
    begun = (await running.create(f"a tone until={finish}")).json()
    answer = await running.client.post(f"{BASE}/music/edit", json={"id": begun["job_id"], **requested})
    finish.touch()
    assert (answer.status_code, "is not completed" in answer.json()["error"]) == (409, True)


async def test_a_song_of_an_earlier_engine_must_be_regenerated_before_edits(
    sketching: RunningStudio, tmp_path: Path
) -> None:
    song = await sketching.made("pop", **SHORT)
    with closing(sqlite3.connect(Folders(tmp_path / "studio").database, isolation_level=None)) as database:
        database.execute("UPDATE job SET made = json_set(made, '$.engine_version', 1)")
    answers = [
        await sketching.client.post(
            f"{BASE}/music/edit", json={"id": song["id"], "operation": "mute", "stem": "drums"}
        ),
        await sketching.client.get(f"{BASE}/music/download", params={"id": song["id"], "download_format": "midi"}),
        await sketching.client.get(f"{BASE}/music/download", params={"id": song["id"], "download_format": "mp3"}),
    ]
    version = f"This song was made by engine version 1, and version {ENGINE_VERSION} would make a different one"
    assert [answer.status_code for answer in answers] == [400, 400, 200]
    assert [answer.json()["error"] for answer in answers[:2]] == [
        f"{version}: generate it again, then edit that song",
        f"{version}: generate it again, then download that song as midi",
    ]


async def test_a_file_converted_by_an_earlier_engine_is_kept(sketching: RunningStudio, tmp_path: Path) -> None:
    song = await sketching.made("pop", **SHORT)
    params = {"id": song["id"], "download_format": "midi"}
    before = await sketching.client.get(f"{BASE}/music/download", params=params)
    with closing(sqlite3.connect(Folders(tmp_path / "studio").database, isolation_level=None)) as database:
        database.execute("UPDATE job SET made = json_set(made, '$.engine_version', 1)")
    after = await sketching.client.get(f"{BASE}/music/download", params=params)
    assert (after.status_code, after.content) == (200, before.content)


async def test_an_edits_prompt_is_moderated(running: RunningStudio, tmp_path: Path) -> None:
    (tmp_path / "studio" / "moderation.txt").write_text("forbidden\n")
    song = await running.made("a tone")
    fields = {"id": song["id"], "operation": "replace", "section": "Verse", "prompt": "a forbidden word"}
    assert (await running.client.post(f"{BASE}/music/edit", json=fields)).status_code == 422


async def test_a_song_and_its_other_formats_are_pronounced_by_the_same_program(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    common = {"engine": SKETCH_ENGINE, "soundfont": "synthesized"}
    fields = {**SUNG, "lyrics": "Quiero vivir la noche contigo"}
    async with opening(**common, pronunciation="espeak-ng") as running:
        answer = await running.client.post(f"{BASE}/music/create-compose", json={"prompt_1": "pop", **fields})
        song = await running.ended(**answer.json())
        assert json.loads(song["conditions"])["pronunciation"] == "Spanish, espeak-ng 1.51-stand-in"
    async with opening(**common) as running:
        calls = (tmp_path / "calls").read_text().count("--stdin")
        params = {"id": song["id"], "download_format": "wav"}
        assert (await running.client.get(f"{BASE}/music/download", params=params)).status_code == 200
        assert (tmp_path / "calls").read_text().count("--stdin") == calls + 1
