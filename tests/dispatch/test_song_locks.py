"""Lockable properties of a song, and the options that lock them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests.prompt_fields import options_for
from riffusion_tui.dispatch.requests.song_locks import lockable, locked_options, lost_edits, unkept_edits
from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import Capabilities
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.studio.engine.locks import check
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Locks, Request

STUDIO = profile_of("studio").capabilities
PLAN = {"bpm": 92.5, "key": "A", "mode": "minor", "form": "4/4, verse 8", "band": "lead=flute", "seed": 7}


def job(**fields: Any) -> Job:
    return Job(13, "ref", "rain\nat night", Options(), "studio", Status.DONE, "b", seed=7)._replace(**fields)


def song(**fields: Any) -> Song:
    return Song(13, lyrics="[Verse]\nRain\n", plan=PLAN)._replace(**fields)


def test_all_known_properties_of_a_studio_song_can_be_locked() -> None:
    assert dict(lockable(job(), song(), STUDIO)) == {
        "tempo": "92.5", "key": "A minor", "seed": "7", "form": "4/4, verse 8", "band": "lead=flute",
        "lyrics": "[Verse]\nRain",
    }  # fmt: skip


def test_unknown_or_unsupported_properties_cannot_be_locked() -> None:
    assert lockable(job(seed=None), None, STUDIO) == ()
    assert [lock.name for lock in lockable(job(), song(), profile_of("riffusion").capabilities)] == ["lyrics"]
    assert [lock.name for lock in lockable(job(), song(), profile_of("acestep").capabilities)] == [
        "tempo", "key", "seed", "lyrics",
    ]  # fmt: skip
    plain = song(plan={"key": "A", "bpm": "?", "form": 3}, lyrics="")
    assert dict(lockable(job(), plain, STUDIO)) == {"key": "A major", "seed": "7"}
    assert "lyrics" not in dict(lockable(job(options=Options(instrumental=True)), song(), STUDIO))


def test_locked_options_keep_only_the_named_properties() -> None:
    old = job(options=Options(seed=7, lyrics="mine", title="T", extra=(("tempo", "92.5"), ("lyrics_weirdness", "9"))))
    assert locked_options(old, song(), STUDIO, ["key"]) == Options(
        title="T", extra=(("lyrics_weirdness", "9"), ("key", "A minor"))
    )
    kept = locked_options(old, song(), STUDIO, ["seed", "lyrics"])
    assert (kept.seed, kept.lyrics, dict(kept.extra)["like"]) == (7, "mine", "rain\nat night")
    assert "lyrics_strength" not in dict(kept.extra)


def test_locked_lyrics_keep_the_title_that_they_were_written_with() -> None:
    def titles(job: Job) -> list[str | None]:
        can = STUDIO._replace(max_title=5)
        return [locked_options(job, song(), can, names).title for names in (["lyrics"], ["tempo"])]

    assert titles(job(title="Night Rain")) == ["Night", None]
    assert titles(job(title="")) == [None, None]
    assert titles(job(title="Night Rain", options=Options(lyrics="mine"))) == [None, None]
    assert titles(job(title="T", options=Options(title="T"))) == ["T", "T"]
    assert locked_options(job(title="Rain"), song(), Capabilities(given_lyrics=True), ["lyrics"]).title is None


def test_a_song_like_another_keeps_the_original_prompt() -> None:
    old = job(options=Options(extra=(("like", "the first prompt"),)))
    assert dict(locked_options(old, song(), STUDIO, ["seed"]).extra) == {"like": "the first prompt"}


def test_locking_an_edited_song_drops_the_edit() -> None:
    old = job(options=Options(operation="mute", source="r1", extra=(("stem", "Drums"),)))
    kept = locked_options(old, song(), STUDIO, ["tempo", "lyrics"])
    assert (kept.operation, kept.source) == (None, None)
    assert dict(kept.extra) == {"tempo": "92.5", "lyrics_strength": "100"}


def test_edits_that_no_lock_keeps_are_named() -> None:
    replaced = job(id=2, parent=1, options=Options(operation="replace", extra=(("section", "Verse 2"),)))
    muted = job(id=3, parent=2, options=Options(operation="mute", extra=(("stem", "Drums"),)))
    jobs = {2: replaced, 3: muted}
    assert unkept_edits(muted, jobs.get, STUDIO, ["seed", "band"]) == ("replace Verse 2",)
    assert unkept_edits(muted, jobs.get, STUDIO, ["seed"]) == ("replace Verse 2", "mute Drums")
    assert unkept_edits(muted._replace(parent=None), jobs.get, STUDIO, ["band"]) == ()
    assert unkept_edits(job(), jobs.get, STUDIO, ["seed"]) == ()


@pytest.mark.parametrize(
    ("options", "parent", "lost"),
    [
        ({"extra": (("key", "A minor"),)}, 3, "replace Verse 2, mute Drums"),
        ({"extra": (("band", "lead=flute"),)}, 3, "replace Verse 2"),
        ({"extra": (("like", "rain"),), "seed": 7}, 2, "replace Verse 2"),
        ({"lyrics": "Rain"}, 3, "replace Verse 2, mute Drums"),
        ({"extra": (("band", "lead=flute"),)}, 4, ""),
        ({"extra": (("key", "A minor"),)}, None, ""),
        ({"extra": (("key", "A minor"),)}, 99, ""),
        ({"extra": (("key", "A minor"),), "operation": "transpose"}, 3, ""),
        ({}, 3, ""),
    ],
)
def test_a_song_says_which_edits_its_locks_do_not_keep(options: dict[str, Any], parent: int | None, lost: str) -> None:
    replaced = job(id=2, parent=1, options=Options(operation="replace", extra=(("section", "Verse 2"),)))
    muted = job(id=3, parent=2, options=Options(operation="mute", extra=(("stem", "Drums"),)))
    new = job(id=5, parent=parent, options=Options(**options))
    found = lost_edits(new, {2: replaced, 3: muted, 4: job(id=4)}.get)
    assert found == (f"no lock keeps the edits of job {parent}: {lost}" if lost else "")
    assert not lost_edits(new._replace(service="gone"), {2: replaced, 3: muted}.get)


def test_a_service_without_lock_fields_gets_only_seed_and_lyrics() -> None:
    kept = locked_options(job(), song(), Capabilities(seed=True, given_lyrics=True), ["seed", "lyrics"])
    assert (kept.seed, kept.lyrics, kept.extra) == (7, "[Verse]\nRain", ())


@pytest.mark.parametrize(
    ("plan", "expected"),
    [({}, "key can't be locked; only seed can"), (PLAN, "key can't be locked; nothing can be locked")],
)
def test_locking_an_unknown_property_is_refused(plan: dict[str, object], expected: str) -> None:
    can = STUDIO if not plan else Capabilities()
    with pytest.raises(NotPossible, match=expected):
        locked_options(job(), song(plan=plan, lyrics=""), can, ["key"])


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"bpm": 80.0, "meter": [12, 8], "beat": 1.5}, "80"),
        ({"bpm": 120.0, "meter": [12, 8]}, "80"),  # an older song: quarter notes
        ({"bpm": 100.0, "meter": [6, 8]}, "66.66666667"),
        ({"bpm": 120.0, "meter": [3, 8]}, "120"),
        ({"bpm": 120.0, "meter": [7, 8]}, "120"),
        ({"bpm": 120.0, "meter": "6/8"}, "120"),  # ACE-Step's
        ({"bpm": 120.0, "meter": 7}, "120"),
    ],
)
def test_a_locked_tempo_counts_the_beats_of_the_songs_meter(plan: dict[str, object], expected: str) -> None:
    assert dict(lockable(job(), song(plan=plan), STUDIO))["tempo"] == expected
    elsewhere = options_for(job(), song(plan=plan), profile_of("acestep").capabilities)
    assert dict(elsewhere.extra).get("tempo") in (expected, None)


@pytest.mark.parametrize(
    "prompt",
    [
        "slow blues in 12/8, 80 bpm, 20 seconds",
        "folk in 6/8, 99 bpm, 20 seconds",
        "rock, 6/8, quarter note = 100, 20 seconds",
        "drone in 12/8, 25 bpm, 30 seconds",
        "folk in 4/4, 99 bpm, 20 seconds",
    ],
)
def test_a_song_with_everything_locked_has_the_same_tempo_and_length(prompt: str) -> None:
    before = score_of(Request(prompt, seed=3, instrumental=True))
    for kept in (as_received(before.plan.as_kept()), as_received(asdict(before.plan))):  # as an older song had it, too
        there = song(plan=kept | {"form": before.form, "band": before.band})
        extra = dict(locked_options(job(prompt=prompt), there, STUDIO, ["tempo", "key", "form", "band"]).extra)
        locks = Locks("", float(extra["tempo"]), extra["key"], extra["form"], extra["band"])
        check(locks)
        after = score_of(Request(prompt, seed=3, instrumental=True, locks=locks))
        assert (after.plan.bpm, after.plan.pulse) == (before.plan.bpm, before.plan.pulse)
        assert after.duration_s == before.duration_s


def as_received(plan: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(plan)))
