"""Singers and players of small casts: what they sing and play fits them."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request


def _score(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=45.0)))


@pytest.mark.parametrize(
    ("prompt", "low", "high"),
    [("a cappella, female vocals", 53, 79), ("barbershop quartet", 40, 69), ("male voice choir a cappella", 40, 70)],
)
def test_women_sing_no_bass_and_men_no_soprano(prompt: str, low: int, high: int) -> None:
    for seed in range(3):
        backing = [track for track in _score(prompt, seed).tracks if track.role != "vocal"]
        assert all(low <= note.pitch <= high for track in backing for note in track.notes), (prompt, seed)


@pytest.mark.parametrize("prompt", ["slide guitar and voice", "delta blues, slide guitar and voice, 1930s"])
def test_a_lone_slide_guitar_plays_chords_and_bass_too(prompt: str) -> None:
    for seed in range(3):
        notes = [n for track in _score(prompt, seed).tracks if track.instrument == "slide guitar" for n in track.notes]
        assert min(note.pitch for note in notes) < 52


@pytest.mark.parametrize(
    "prompt",
    ["piano duet", "two violins and piano", "clarinet, violin and piano", "voice and piano, sad", "soprano and piano"],
)
def test_chamber_music_does_not_stop_before_its_climax_as_a_band_does(prompt: str) -> None:
    """All were silent for up to two seconds before a chorus."""
    for seed in range(4):
        score = _score(prompt, seed)
        notes = sorted((n.start, n.start + n.length) for track in score.tracks for n in track.notes)
        last = 0.0
        for start, end in notes:
            assert start - last < 1.5, (prompt, seed, last)
            last = max(last, end)


@pytest.mark.parametrize(
    ("prompt", "band"),
    [
        ("protest folk, acoustic guitar, harmonica", {"acoustic guitar", "harmonica"}),
        ("irish reel, flute and fiddle, instrumental", {"flute", "fiddle"}),
        ("japanese garden, shakuhachi and koto, taiko", {"shakuhachi", "koto", "taiko"}),
        ("cocktail jazz with vibraphone and jazz guitar", {"vibraphone", "jazz guitar"}),
    ],
)
def test_named_players_of_a_small_band_need_no_ornaments(prompt: str, band: set[str]) -> None:
    """Strings, a harp and a second flute played with them."""
    for seed in range(4):
        tracks = [track for track in _score(prompt, seed).tracks if track.role in ("lead", "arp", "counter", "pad")]
        assert {track.instrument for track in tracks} <= band | {"vocals", "vocal choir"}, (prompt, seed)


@pytest.mark.parametrize("prompt", ["opera, full orchestra, tenor", "rock with organ and electric guitar, 1975"])
def test_an_orchestra_and_a_rock_band_have_more_than_who_is_named(prompt: str) -> None:
    found = {track.role for seed in range(6) for track in _score(prompt, seed).tracks}
    assert {"arp", "counter"} <= found


@pytest.mark.parametrize(
    ("prompt", "low"),
    [
        ("pan flute and guitar", 73),
        ("bansuri and tabla", 66),
        ("ney and oud", 69),
        ("dizi and guzheng", 76),
        ("shakuhachi solo", 68),
    ],
)
def test_a_flute_of_any_kind_plays_its_tune_where_it_sounds(prompt: str, low: int) -> None:
    """They played an octave lower, where a flute is breath rather than tone."""
    for seed in range(4):
        tunes = [track for track in _score(prompt, seed).tracks if track.role == "lead"]
        pitches = sorted(note.pitch for note in tunes[0].notes)
        assert pitches[len(pitches) // 2] >= low, (prompt, seed)
