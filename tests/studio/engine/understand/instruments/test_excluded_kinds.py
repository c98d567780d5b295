"""An excluded instrument is gone with all of its kinds, but for exceptions."""

from __future__ import annotations

from functools import cache

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.casting.player_hints import is_among
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request


@cache
def _score(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=75.0)))


@pytest.mark.parametrize(
    ("prompt", "gone", "stays"),
    [
        ("jazz, no sax", {"sax", "tenor sax", "soprano sax", "baritone sax"}, set()),
        ("jazz, no tenor sax", {"tenor sax"}, {"sax"}),
        ("jazz senza sassofono", {"sax", "tenor sax"}, set()),
        ("big band, no trumpets", {"trumpet", "muted trumpet"}, {"trombone"}),
        ("celtic, no violin", {"violin", "fiddle"}, {"cello"}),
        ("folk, no violins, fiddle ok", {"violin"}, {"fiddle"}),
        ("jazz, no piano", {"piano", "honky-tonk piano", "electric piano"}, {"organ"}),
        ("celtic, no flute", {"flute", "pan flute", "bansuri"}, {"whistle", "clarinet"}),
        ("rock, no guitar", {"electric guitar", "acoustic guitar", "distorted guitar", "pedal steel"}, {"banjo"}),
        ("rock sin guitarra", {"electric guitar", "acoustic guitar"}, set()),
        ("Rock ohne Gitarren", {"electric guitar", "acoustic guitar"}, set()),
        ("рок без гитары", {"electric guitar", "acoustic guitar", "overdriven guitar"}, {"mandolin"}),
        ("ギターなしのロック", {"electric guitar", "acoustic guitar", "overdriven guitar"}, set()),
        ("поп без хора", {"choir", "vocal choir", "female choir"}, set()),
        ("rock, no electric guitar", {"electric guitar", "overdriven guitar", "jazz guitar"}, {"acoustic guitar"}),
        ("pop, no acoustic guitar", {"acoustic guitar", "nylon guitar"}, {"electric guitar"}),
        ("techno, no synths", {"synth", "synth pad", "arp", "synth bass", "synth brass"}, {"drum machine"}),
        ("gospel, no backing vocals", {"vocal choir", "choir"}, set()),
        ("soul, no background singers", {"vocal choir", "choir"}, set()),
        ("bluegrass, no guitar", {"acoustic guitar"}, {"banjo", "mandolin"}),
    ],
)
def test_an_excluded_instrument_is_gone_with_all_of_its_kinds(prompt: str, gone: set[str], stays: set[str]) -> None:
    avoids = plan(Request(prompt)).avoided
    assert {name for name in gone | stays if is_among(avoids, name)} == gone
    assert not {track.instrument for seed in (1, 2) for track in _score(prompt, seed).tracks} & gone


def test_a_plain_guitar_of_another_script_is_the_genres_own() -> None:
    assert plan(Request("народная песня с гитарой")).instruments == ("acoustic guitar",)


@pytest.mark.parametrize(
    "prompt",
    [
        "rock, no guitar except acoustic",
        "rock, no guitars except an acoustic one",
        "rock, no guitar besides acoustic",
        "rock, no guitars other than acoustic guitar",
        "рок без гитар, кроме акустической",
    ],
)
def test_an_exception_from_an_exclusion_plays(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.instruments == ("acoustic guitar",)
    assert made.production == ()
    guitars = {track.instrument for track in _score(prompt).tracks if "guitar" in track.instrument}
    assert guitars == {"acoustic guitar"}


def test_no_other_percussion_plays_beside_an_exception() -> None:
    made = plan(Request("latin pop, no percussion except tambourine", seed=1))
    assert made.instruments == ("tambourine",)
    tracks = _score("latin pop, no percussion except tambourine").tracks
    assert {t.instrument for t in tracks if t.role in ("drums", "percussion")} == {"tambourine"}


def test_without_an_electric_guitar_an_acoustic_one_plays() -> None:
    for seed in (1, 2, 3):
        assert "acoustic guitar" in {track.instrument for track in _score("rock, no electric guitars", seed).tracks}


@pytest.mark.parametrize(
    ("prompt", "production", "word"),
    [
        ("pop, avoid synths and autotune", "auto-tuned", "autotune"),
        ("pop, no synths and autotune", "auto-tuned", "autotune"),
        ("rock, no drums or reverb", "reverberant", "reverb"),
        ("rock, leave out the synths and the reverb", "reverberant", "reverb"),
    ],
)
def test_an_effect_that_a_negation_joins_is_excluded(prompt: str, production: str, word: str) -> None:
    made = plan(Request(prompt))
    assert production not in made.production
    assert ("avoid", word) in {(term.kind, term.meaning) for term in made.understood}


@pytest.mark.parametrize(
    ("prompt", "era"), [("80s pop, no cheesy 80s synths", "1980s"), ("indie pop, no cheesy 80s synths", None)]
)
def test_a_kind_of_synths_of_a_decade_is_excluded_not_the_decade(prompt: str, era: str | None) -> None:
    made = plan(Request(prompt))
    assert made.era == era
    assert is_among(made.avoided, "synth")
    assert made.ignored == ()


@pytest.mark.parametrize(
    ("prompt", "player"),
    [("hornless funk", "brass"), ("pianoless pop", "piano"), ("stringless ballad", "strings"), ("saxless ska", "sax")],
)
def test_a_word_for_music_without_a_player_excludes_it(prompt: str, player: str) -> None:
    for seed in range(4):
        score = _score(prompt, seed)
        assert score.plan.ignored == ()
        assert not any(is_among((player,), track.instrument) for track in score.tracks)
