"""What a prompt silences without a plain `no`, or in some sections, in several languages."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "hint"),
    [
        ("rock, mute the drums in the bridge", "where: in bridge: drums"),
        ("rock, mute the drums and the bass in the bridge", "where: in bridge: bass"),
        ("rock, drums out in verse 2", "where: in verse 2: drums"),
        ("rock, drums drop out in the bridge", "where: in bridge: drums"),
        ("rock, no drums in verse 1 and the bridge", "where: in verse 1, bridge: drums"),
        ("rock, piano, but not in the chorus", "where: in chorus: piano"),
        ("rock, Klavier, aber nicht im Refrain", "where: in chorus: piano"),
        ("rock, kein Schlagzeug im Refrain", "where: in chorus: drums"),
        ("pop, keine Gitarre in der ersten Strophe", "where: in verse 1: guitar"),
        ("pop, kein Schlagzeug bis zum Refrain", "where: until chorus: drums"),
        ("pop, Schlagzeug nur im Refrain", "where: only in chorus: drums"),
        ("chanson, sans batterie dans le refrain", "where: in chorus: drums"),
        ("chanson, piano, mais pas dans le refrain", "where: in chorus: piano"),
        ("pop, sin batería en el puente", "where: in bridge: drums"),
        ("pop, sin batería en el segundo verso", "where: in verse 2: drums"),
        ("pop, senza batteria nel ritornello", "where: in chorus: drums"),
        ("pop, sem bateria no refrão", "where: in chorus: drums"),
        ("pop, violão, mas não no refrão", "where: in chorus: guitar"),
    ],
)
def test_a_player_rests_in_a_section(prompt: str, hint: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert hint in made.structure
    assert "without chorus" not in made.structure
    assert "drums" not in made.avoided
    assert "mute" not in made.ignored
    assert made.genre in ("rock", "pop", "folk")


def test_who_rests_in_the_chorus_plays_elsewhere() -> None:
    made = plan(Request("rock, piano, but not in the chorus", seed=1))
    assert made.instruments == ("piano",)
    score = compose(made)
    pianos = [track for track in score.tracks if track.instrument == "piano"]
    assert pianos
    for section in (one for one in score.sections if one.kind == "chorus"):
        end = section.start + section.bars * 4
        assert not any(section.start + 0.2 < note.start < end - 0.2 for one in pianos for note in one.notes)


@pytest.mark.parametrize(
    "prompt",
    [
        "rock, turn off the drums",
        "jazz, turn the drums off",
        "a song where nobody sings or plays drums",
        "pop, kill the drums",
    ],
)
def test_a_player_is_silenced_throughout(prompt: str) -> None:
    assert "drums" in plan(Request(prompt, seed=1)).avoided


@pytest.mark.parametrize(
    "prompt", ["rock ballad, hardly any drums", "jazz, almost no drums", "pop with barely any drums"]
)
def test_hardly_any_is_softer(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.softer == ("drums", "percussion")
    assert "drums" not in made.avoided


@pytest.mark.parametrize(
    "prompt",
    ["mute trumpet solo", "turn off the lights, rock song with drums", "kill the lights, drums and bass, rock"],
)
def test_other_verbs_silence_nobody(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.instruments
    assert not set(made.instruments) & set(made.avoided)


@pytest.mark.parametrize("prompt", ["synthpop without anything electronic", "techno, nothing electronic"])
def test_nothing_electronic_plays(prompt: str) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        names = {track.instrument for track in compose(made).tracks}
        assert not {name for name in names if "synth" in name or name in ("drum machine", "808", "arp", "sub bass")}
        assert any("excludes the instruments" in limit for limit in made.limits)
        assert "drums" in names
        assert made.avoided == tuple(dict.fromkeys(made.avoided))
        assert list(made.avoided[3:7]) == sorted(made.avoided[3:7])  # in the same order in every process


def test_refused_modes_in_the_plural() -> None:
    for seed in range(6):
        assert plan(Request("pop, avoid major keys", seed=seed)).mode not in ("major", "mixolydian", "lydian")
        assert plan(Request("pop, no minor keys", seed=seed)).mode in ("major", "mixolydian", "lydian", "pentatonic")


@pytest.mark.parametrize("prompt", ["a wireless world", "an old dusty world", "a broken world, sad piano"])
def test_a_world_with_an_adjective_is_no_genre(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).genre != "world"


def test_verbs_are_no_genres() -> None:
    assert plan(Request("no one dances like you", seed=1)).genre != "edm"
    assert plan(Request("she dances in the rain, piano", seed=1)).genre != "edm"
    assert plan(Request("world music", seed=1)).genre == "world"


def test_hours_of_rain_have_rain() -> None:
    made = plan(Request("ten hours of rain", seed=1))
    assert made.instruments == ("nature sounds",)
    assert made.limits == ("A song lasts at most 10 minutes.",)
    assert plan(Request("two hours of jazz in the rain", seed=1)).instruments == ()


def _drummers(prompt: str, seed: int) -> list[Track]:
    return [track for track in compose(plan(Request(prompt, seed=seed))).tracks if track.instrument == "drums"]


def test_a_band_with_drums_keeps_its_kit_in_a_blend() -> None:
    assert all(_drummers("celtic punk, drinking song", seed) for seed in range(6))


def test_a_solo_in_a_section_is_a_limit() -> None:
    limit = "A solo is a section of its own; it isn't in the chorus."
    assert limit in plan(Request("rock, sax solo in the chorus", seed=1)).limits
    assert limit in plan(Request("rock ballad, guitar solo in the last chorus", seed=1)).limits
    assert plan(Request("rock with a sax solo", seed=1)).limits == ()
    assert limit not in plan(Request("rock, a sax solo after the chorus", seed=1)).limits
