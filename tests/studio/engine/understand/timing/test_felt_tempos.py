"""What a prompt says of its feeling decides about the tempo of concert music, and about singers and genres."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.spoken import delivery_of
from riffusion_tui.studio.engine.understand.words.tables import genres


@pytest.mark.parametrize("seed", range(4))
def test_moods_move_concert_music_far(seed: int) -> None:
    angry = plan(Request("requiem mass, dies irae, full wrath, terrifying", seed=seed))
    assert angry.bpm >= 120
    assert angry.mode in ("minor", "dorian", "phrygian")
    assert angry.energy >= 0.85
    assert plan(Request("requiem mass", seed=seed)).bpm <= 92
    assert plan(Request("two flutes, cheerful, court music", seed=seed)).bpm >= 90
    assert plan(Request("cello and piano, tears", seed=seed)).bpm <= 90


@pytest.mark.parametrize("seed", range(4))
def test_nothing_urgent_is_not_urgent_and_chill_music_is_chill(seed: int) -> None:
    prompt = "i feel like a washing machine on sunday. nothing urgent. chill, instrumental"
    made = plan(Request(prompt, seed=seed))
    assert made.genre in ("lo-fi", "downtempo", "lounge")
    assert "tense" not in made.moods
    assert made.scenes == ()
    assert plan(Request("nothing too sad, piano", seed=seed)).moods == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "celtic harp in the banquet hall, folk dance tune",
        "folk waltz with accordion",
        "balkan, barn dance",
        "irish jig",
    ],
)
def test_dances_of_folk_music_are_played(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == "none"


@pytest.mark.parametrize(
    "prompt", ["country waltz with fiddle and banjo", "90s dance tune", "a folk dance song", "polka about beer"]
)
def test_other_dances_are_sung(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals != "none"


def test_nu_metal_is_a_genre_with_rap() -> None:
    made = plan(Request("nu-metal 2001, rap verse, screamed chorus, dropped tuning", seed=1))
    assert made.genre == "nu metal"
    assert delivery_of(made) == "rapped"
    assert "The singer keeps one manner of singing throughout a song." in made.limits
    assert plan(Request("rap rock", seed=1)).genre == "nu metal"
    for seed in range(6):
        players = {track.instrument for track in compose(plan(Request("nu metal", seed=seed))).tracks}
        assert {"distorted guitar", "bass", "drums"} <= players
        assert "church organ" not in players


def test_the_music_of_an_anime_is_a_soundtrack() -> None:
    assert plan(Request("anime ost, sad", seed=1)).genre == "cinematic"
    assert plan(Request("anime opening", seed=1)).genre == "j-pop"


@pytest.mark.parametrize("genre", ["country", "indie rock", "soul", "pop"])
def test_sad_songs_of_bands_are_slower_than_others(genre: str) -> None:
    slowest = min(plan(Request(f"sad {genre} song", seed=seed)).bpm for seed in range(12))
    assert slowest < genres()[genre].bpm[0]


@pytest.mark.parametrize(
    "prompt", ["rock song with soft female vocals", "metal with a calm intro", "funk with mellow bass"]
)
def test_a_calm_player_or_section_makes_no_song_slower_than_usual(prompt: str) -> None:
    for seed in range(8):
        made = plan(Request(prompt, seed=seed))
        assert made.bpm >= genres()[made.genre].bpm[0]


def test_people_dance_to_sad_dances() -> None:
    assert min(plan(Request("sad reggaeton", seed=seed)).bpm for seed in range(8)) >= genres()["reggaeton"].bpm[0]


def test_the_tempo_is_and_its_short_form_are_read_alike() -> None:
    for prompt in ("sad country song, the tempo is medium", "sad country song. The tempo's medium."):
        assert plan(Request(prompt, seed=2)).tempo == "medium"


def test_symphonic_metal_has_an_orchestra() -> None:
    for seed in range(4):
        players = {track.instrument for track in compose(plan(Request("symphonic metal", seed=seed))).tracks}
        assert "distorted guitar" in players
        assert players & {"strings", "brass", "french horn", "choir"}


def test_a_low_voice_is_no_slow_tempo() -> None:
    assert "bpm" in dict(plan(Request("rap, piano, voix grave")).chosen)


@pytest.mark.parametrize(
    "prompt",
    [
        "hip hop, bouncy beat",
        "upbeat hip hop track",
        "lively reggae song",
        "upbeat r&b song",
        "easy techno track",
        "upbeat rock song",
    ],
)
def test_words_for_a_feeling_keep_the_tempo_in_the_genre(prompt: str) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        slowest, fastest = genres()[made.genre].bpm
        assert slowest <= made.bpm <= fastest


@pytest.mark.parametrize("prompt", ["hip hop, upbeat tempo", "hip hop. The tempo is lively."])
def test_words_for_a_tempo_leave_the_genres_range(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).bpm > genres()["hip hop"].bpm[1]


def test_a_medium_tempo_is_no_feeling() -> None:
    assert plan(Request("medium swing, no vocals, vibraphone", seed=1)).bpm <= 125
