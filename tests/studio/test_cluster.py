"""Songs rendered by a real cluster, and failures of its processes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from riffusion_tui.studio.cluster import cluster_renderers
from riffusion_tui.studio.cluster.certificates import make_certificates
from riffusion_tui.studio.queue.folders import Folders
from riffusion_tui.studio.queue.studio_job import State
from tests.cli.kit import Program
from tests.studio.cluster_kit import Cluster, kill, running_cluster
from tests.studio.conftest import BASE, Opening, RunningStudio
from tests.waiting import until

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra: pip install '.[cluster]'")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def settings(cluster: Cluster) -> dict[str, Any]:
    """A studio's settings for the cluster."""
    return {"cluster": cluster.url, "cluster_certificates": cluster.certificates, "soundfont": "synthesized"}


async def renderers(running: RunningStudio, count: int) -> None:
    """Wait until the studio can use `count` renderers."""
    for _ in range(1200):
        if await running.studio._renderers.count() == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {count} renderers")


def digest(folder: Path, job: dict[str, str]) -> str:
    return hashlib.sha256((Folders(folder).song(job["job_id"]) / "song.mp3").read_bytes()).hexdigest()


async def test_a_song_of_the_cluster_equals_a_local_one(
    opening: Opening, settings: dict[str, Any], tmp_path: Path
) -> None:
    request: dict[str, Any] = {"prompt": "slow=1.2 tone", "seed": 7}
    async with opening(**settings) as running:
        await renderers(running, 2)
        job = (await running.create(**request)).json()
        await running.begun(**job)
        assert 0 < (await running.song(**job))["progress"] < 1
        assert (await running.ended(**job))["status"] == "completed"
        there = digest(tmp_path / "studio", job)
    async with opening(data_dir=tmp_path / "other") as running:
        job = (await running.create(**request)).json()
        await running.ended(**job)
        assert digest(tmp_path / "other", job) == there


async def test_cancelled_songs_free_their_renderers_within_two_seconds(
    opening: Opening, settings: dict[str, Any]
) -> None:
    async with opening(**settings) as running:
        await renderers(running, 2)
        jobs = [(await running.create("slow=60 tone")).json() for _ in range(2)]
        for job in jobs:
            await running.begun(**job)
        began = time.monotonic()
        for job in jobs:
            assert (await running.client.delete(f"{BASE}/scheduler/{job['job_id']}")).status_code == 204
        assert (await running.made())["status"] == "completed"
        assert time.monotonic() - began < 2
        assert (await running.song(**jobs[0]))["error"] == "Cancelled before it was finished."


async def test_a_song_whose_renderer_is_killed_is_made_by_another(
    opening: Opening, cluster: Cluster, settings: dict[str, Any]
) -> None:
    async with opening(**settings) as running:
        await renderers(running, 2)
        jobs = [(await running.create(f"slow=1 {number}")).json() for number in range(3)]
        await running.begun(**jobs[0])
        kill(cluster.workers()[0])
        assert [(await running.ended(**job))["status"] for job in jobs] == ["completed"] * 3


async def test_a_song_that_kills_four_renderers_fails_and_no_other(opening: Opening, settings: dict[str, Any]) -> None:
    async with opening(**settings) as running:
        await renderers(running, 2)
        bad, good = (await running.create("crash")).json(), (await running.create("slow=0.3")).json()
        assert (await running.ended(**good))["status"] == "completed"
        record = await running.ended(**bad)
        assert record["error"] == "The engine crashed while making this song; other songs are not affected."


async def test_a_killed_scheduler_loses_no_song(
    opening: Opening, cluster: Cluster, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "riffusion_tui.studio")
    async with opening(**settings) as running:
        await renderers(running, 2)
        job = (await running.create("slow=0.5")).json()
        await running.begun(**job)
        cluster.kill_scheduler()
        for _ in range(100):
            if (await running.song(**job))["status"] == State.QUEUED:
                break
            await asyncio.sleep(0.02)
        assert (await running.song(**job))["status"] == State.QUEUED
        output = await _renderers_write(cluster, f"No scheduler answers at {cluster.url}")
        await asyncio.to_thread(cluster.start_scheduler)
        await renderers(running, 2)
        assert (await running.ended(**job))["status"] == "completed"
    assert "is lost; songs wait" in caplog.text
    assert f"songs are rendered by the cluster at {cluster.url}; dashboard: http://127.0.0.1:" in caplog.text
    assert "/status on the scheduler's machine" in caplog.text
    assert "the cluster has 2 renderers" in caplog.text
    output += cluster.new_output()
    assert "Traceback" not in output
    assert "distributed." not in output


async def _renderers_write(cluster: Cluster, words: str) -> str:
    """Wait until the renderers' output contains `words`; return all of it."""
    output = ""
    async with asyncio.timeout(60):
        while words not in output:
            await asyncio.sleep(0.05)
            output += cluster.new_output()
    return output


async def test_a_closed_studio_frees_its_renderers(opening: Opening, settings: dict[str, Any], tmp_path: Path) -> None:
    async with opening(**settings) as running:
        await renderers(running, 2)
        for job in [(await running.create("slow=60 tone")).json() for _ in range(2)]:
            await running.begun(**job)
    async with opening(data_dir=tmp_path / "other", **settings) as running:
        began = time.monotonic()
        assert (await running.made())["status"] == "completed"
        assert time.monotonic() - began < 4


async def test_a_song_that_cannot_be_stopped_fails_and_its_renderer_is_replaced(
    opening: Opening, cluster: Cluster, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_renderers, "_GRACE_S", 0.3)
    async with opening(**settings, song_timeout_s=2) as running:
        await renderers(running, 2)
        before = set(cluster.workers())
        record = await running.made("slow=60 stuck")
        assert record["error"] == "The engine did not finish within 2 seconds."
        await until(lambda: len(before - set(cluster.workers())) == 1)
        assert (await running.made())["status"] == "completed"


async def test_a_renderer_with_another_soundfont_refuses_and_reports_the_difference(
    opening: Opening, cluster: Cluster, settings: dict[str, Any], tmp_path: Path
) -> None:
    font = tmp_path / "own.sf2"
    font.write_bytes(b"sounds")
    async with opening(**settings) as running:
        await renderers(running, 2)
        other = cluster.start_renderers(1, soundfont=str(font))
        assert await asyncio.to_thread(other.wait, 20) == 1
        assert other.stderr is not None
        output = await asyncio.to_thread(other.stderr.read)
        assert "soundfont own.sf2 " in output
        assert "here, synthesized there" in output


def test_a_foreign_certificate_is_refused_and_doctor_checks_the_cluster(cluster: Cluster, tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    make_certificates(tmp_path / "config" / "cluster", datetime.now(UTC))
    ran = program("renderer", "--cluster", cluster.url, "--renderers", "1")
    assert ran.code == 3
    assert "presented a certificate unknown to ca.pem" in ran.err
    table = {"cluster": cluster.url, "cluster_certificates": str(cluster.certificates)}
    (tmp_path / "config" / "settings.toml").write_text(tomli_w.dumps({"studio": table}))
    cluster.start_dask_worker("riffusion_tui.studio.cluster.dask_preload")
    shown = program("doctor", "--service", "studio")
    assert shown.code == 0, shown.out
    assert f"1 renderer at {cluster.url}; dashboard: http://127.0.0.1:" in shown.out
    assert "2 renderers not used, since the songs would differ: engine sketch" in shown.out
