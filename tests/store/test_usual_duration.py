"""How long songs take, by their length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.store import NewJob, Store
from riffusion_tui.store.usual_duration import UsualDuration, usual_duration


def test_songs_without_lengths_share_one_estimate() -> None:
    usual = usual_duration([(10.0, None), (20.0, None), (30.0, None)])
    assert usual == UsualDuration(20.0, 10.0, 30.0, 3)
    assert (usual.at(None), usual.at(600.0)) == (20.0, 20.0)
    assert usual_duration([]) is None


def test_estimates_scale_from_songs_of_one_length() -> None:
    usual = usual_duration([(12.0, 150.0)] * 5)
    assert usual is not None
    assert [usual.at(length) for length in (None, 150.0, 75.0, 300.0)] == [12.0, 12.0, 6.0, 24.0]
    assert usual.at(1.0) == pytest.approx(1.2), "never nothing"


def test_a_song_without_a_length_is_estimated_at_the_default_length() -> None:
    usual = usual_duration([(2.0, 10.0)] * 5)
    assert usual is not None
    assert (usual.unrequested_s, usual.at(None)) == (10.0, 2.0)
    usual = usual._replace(default_length_s=180.0)
    assert (usual.unrequested_s, usual.at(None), usual.at(10.0)) == (180.0, 36.0, 2.0)
    assert UsualDuration(2.0, 2.0, 2.0, 5, default_length_s=180.0).at(None) == 2.0, "no lengths, no scale"


@pytest.mark.parametrize(("base", "slope"), [(5.0, 0.05), (20.0, 0.0), (0.0, 0.1)])
def test_the_effect_of_the_length_is_fitted(base: float, slope: float) -> None:
    usual = usual_duration([(base + slope * length, float(length)) for length in (30, 60, 120, 180, 240)])
    assert usual is not None
    for length in (30.0, 90.0, 400.0):
        assert usual.at(length) == pytest.approx(base + slope * length)


def test_a_longer_song_never_has_a_shorter_estimate() -> None:
    usual = usual_duration([(30.0, 30.0), (20.0, 60.0), (10.0, 120.0), (5.0, 240.0)])
    assert usual is not None
    assert usual.slope == 0.0


def test_lengths_of_queued_jobs_are_averaged(store: Store) -> None:
    assert store.requested_length("s", 150.0) == 150.0
    lengths = (30.0, None, 90.0)
    store.add([NewJob("one", Options(length_s=one), "s", f"r{n}", "b") for n, one in enumerate(lengths)])
    assert store.requested_length("s", 150.0) == 90.0
    store.add_time("s", 10.0, 150.0)
    usual = store.usual_time("s")
    assert usual is not None
    assert usual.length_s == 150.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(tmp_path / "jobs.sqlite3", SystemClock()) as opened:
        yield opened
