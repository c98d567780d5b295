"""A short run of the load benchmark (`python -m tests.benchmarks.studio_load`)."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.studio_load import load


async def test_many_clients_with_random_faults_lose_nothing(tmp_path: Path) -> None:
    report = await load(tmp_path / "studio", clients=10, seconds=2, seed=1)
    assert report.broken == []
    assert report.accepted
    assert 200 in report.answers
