"""What a prompt excludes is gone, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.song_request import Request, WeightedPrompt
from riffusion_tui.studio.engine.structure_hints import WITHOUT_SOLOS
from riffusion_tui.studio.engine.understand.words.tables import instruments


@cache
def _score(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=75.0)))


def _kit(prompt: str, *, whole: bool = False) -> set[str]:
    """Return the parts of the drum kit that are played; if `whole`, as if nothing was excluded."""
    scores = [_score(prompt, seed) for seed in (1, 2, 3)]
    scores = [compose(replace(score.plan, avoided=())) for score in scores] if whole else scores
    struck = {n.pitch for score in scores for t in score.tracks if t.role == "drums" for n in t.notes}
    return {name for name, pitch in HITS.items() if pitch in struck}


@pytest.mark.parametrize(
    ("prompt", "silent"),
    [
        ("rock song, no kick drum", {"kick"}),
        ("techno, no kick", {"kick"}),
        ("house without hi-hats", {"hat", "openhat", "pedalhat"}),
        ("pop with no snare", {"snare", "rim", "brush"}),
        ("rock, no cymbals", {"crash", "crash2", "ride", "bell", "china", "splash"}),
        ("hard rock, no toms", {"floortom", "lowtom", "midtom", "hightom"}),
        ("house, no claps", {"clap"}),
    ],
)
def test_an_excluded_part_of_the_kit_is_silent_and_the_others_play(prompt: str, silent: set[str]) -> None:
    usual = _kit(prompt, whole=True)
    assert usual & silent
    assert _kit(prompt) == usual - silent


@pytest.mark.parametrize("prompt", ["metal, no blast beats", "house, no four on the floor", "rock, no drum fills"])
def test_without_a_way_of_drumming_there_are_still_drums(prompt: str) -> None:
    assert plan(Request(prompt)).avoided == ()


@pytest.mark.parametrize(
    "prompt", ["no kick, no snare, no hats, just a soft pad", "pop, no drums", "jazz trio without drums"]
)
def test_without_its_parts_or_without_drums_there_is_no_kit(prompt: str) -> None:
    assert not _kit(prompt)


@pytest.mark.parametrize("prompt", ["pop", "rock", "ambient", "string quartet", "voice and piano", "lofi"])
def test_without_chords_tunes_and_bass_stay(prompt: str) -> None:
    usual = {track.role for track in _score(prompt).tracks}
    roles = {track.role for track in _score(f"{prompt}, no chords").tracks}
    assert not roles & {"chords", "pad"}
    assert roles >= usual & {"bass", "drums", "vocal"}
    assert roles & {"lead", "vocal"}


@pytest.mark.parametrize("prompt", ["metal, no growled vocals", "metal, no screamed vocals", "metal, no harsh singing"])
def test_without_a_manner_of_singing_the_usual_singer_sings_cleanly(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.vocals == plan(Request("metal", seed=1)).vocals == "male"
    assert manner_of(made) is None


def test_a_trio_without_a_kick_keeps_its_drummer() -> None:
    assert plan(Request("jazz piano trio, no kick")).cast == ("piano", "upright bass", "drums")
    assert "drums" not in plan(Request("jazz piano trio, no drums")).cast


@pytest.mark.parametrize("genre", ["african", "gospel", "pop", "rock ballad"])
@pytest.mark.parametrize("words", ["no choir", "without a choir", "no choirs"])
def test_without_a_choir_a_song_keeps_its_singer(genre: str, words: str) -> None:
    score = _score(f"{genre} song, {words}")
    assert score.plan.vocals not in ("none", "choir")
    assert any(track.role == "vocal" for track in score.tracks)
    assert not {track.instrument for track in score.tracks} & {"choir", "male choir", "vocal choir"}


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("techno, no choir", "none"),
        ("orchestral, no choir", "none"),
        ("gospel, no choir and no vocals", "none"),
        ("gospel without singing or choir", "none"),
    ],
)
def test_without_a_choir_music_that_nobody_sings_stays_instrumental(prompt: str, voice: str) -> None:
    assert plan(Request(prompt)).vocals == voice


def test_without_backing_vocals_a_band_plays_to_one_singer() -> None:
    score = _score("pop ballad, no strings, no backing vocals")
    assert score.plan.cast == ()
    assert score.plan.vocals != "none"
    assert {"drums", "bass", "chords", "vocal"} <= {track.role for track in score.tracks}
    assert not {track.instrument for track in score.tracks} & {"strings", "vocal choir"}


@pytest.mark.parametrize(
    "prompt",
    [
        "drone without melody",
        "techno, no melody",
        "Techno mit 135 BPM, keine Melodie",
        "lofi beat, no piano, no melody",
        "house, neither vocals nor melody",
        "techno, no vocals or melody",
        "ambient, no melody, just pads",
        "pop, no melody",
    ],
)
def test_without_melody_there_are_no_tunes_answers_or_solos(prompt: str) -> None:
    for seed in (1, 2):
        score = _score(prompt, seed)
        assert not {track.role for track in score.tracks} & {"lead", "counter", "vocal"}
        assert any(track.role in ("chords", "pad", "arp") for track in score.tracks)


def test_without_melody_a_named_instrument_holds_notes() -> None:
    score = _score("rock with flute, no melody")
    flute = [n for track in score.tracks if track.instrument == "flute" for n in track.notes]
    assert flute
    assert sum(n.length for n in flute) / len(flute) > 1.2


def test_without_melody_rap_is_still_rapped() -> None:
    assert plan(Request("hip hop, no melody")).vocals != "none"
    assert plan(Request("techno with a female singer, no melody")).vocals == "female"
    assert plan(Request("pop, no melody", lyrics="[Verse]\nOne line")).vocals != "none"


@pytest.mark.parametrize("prompt", ["rock without distortion", "metal, no distorted guitars", "punk, no overdrive"])
def test_without_distortion_guitars_are_clean(prompt: str) -> None:
    guitars = [track for track in _score(prompt).tracks if "guitar" in track.instrument]
    assert guitars
    assert not {track.program for track in guitars} & {29, 30}


@pytest.mark.parametrize("prompt", ["rock, no guitar solos", "rock with no guitar solo", "rock without guitar solos"])
def test_without_guitar_solos_there_are_guitars_but_no_solos(prompt: str) -> None:
    made = plan(Request(prompt))
    assert made.avoided == ()
    assert made.structure == (WITHOUT_SOLOS,)


def test_without_a_piano_solo_there_is_a_piano() -> None:
    assert plan(Request("jazz, no piano solo")).avoided == ()
    assert plan(Request("jazz, no piano")).avoided[0] == "piano"


@pytest.mark.parametrize(
    "prompt", ["jazz, no piano and no saxophone", "ballad, no piano or strings", "blues, no guitar"]
)
def test_somebody_else_plays_the_chords_of_an_excluded_player(prompt: str) -> None:
    for seed in (1, 2, 3):
        assert {track.role for track in _score(prompt, seed).tracks} & {"chords", "pad", "arp"}


@pytest.mark.parametrize("prompt", ["orchestra without brass", "surf rock, no guitars", "techno, no synths"])
def test_somebody_else_plays_the_tune_of_an_excluded_player(prompt: str) -> None:
    for seed in (1, 2, 3):
        score = _score(prompt, seed)
        assert "lead" in {track.role for track in score.tracks}


@pytest.mark.parametrize(
    "prompt",
    [
        "metal, no growls",
        "metal, no screaming",
        "metalcore, no harsh vocals",
        "trap, no autotuned vocals",
        "pop, no falsetto",
        "pop without vocal effects",
    ],
)
def test_without_a_way_of_singing_a_song_is_still_sung(prompt: str) -> None:
    score = _score(prompt)
    assert "vocals" not in score.plan.avoided
    assert any(track.role == "vocal" for track in score.tracks)


@pytest.mark.parametrize(
    "prompt", ["metal, no vocals", "pop, no screaming and no vocals", "pop, no lyrics", "techno, no shouting"]
)
def test_without_vocals_nobody_sings(prompt: str) -> None:
    assert plan(Request(prompt)).vocals == "none"


def test_horns_are_saxophones_too_and_keyboards_synthesizers() -> None:
    for seed in (1, 2, 3):
        jazz = {track.instrument for track in _score("jazz combo, no horns", seed).tracks}
        assert not {name for name in jazz if "sax" in name or name in ("brass", "trumpet", "muted trumpet")}
        metal = _score("black metal, no keyboards", seed)
        assert not {track.instrument for track in metal.tracks} & {"synth pad", "piano", "synth lead"}


def test_another_bass_plays_for_an_excluded_one() -> None:
    assert {track.instrument for track in _score("trap without 808").tracks if track.role == "bass"} == {"synth bass"}
    assert not {track.instrument for track in _score("trap without bass").tracks if track.role == "bass"}


@pytest.mark.parametrize("instrument", ["accordion", "harmonica", "melodica"])
def test_without_an_organ_other_reeds_play(instrument: str) -> None:
    made = plan(Request(f"folk with {instrument}, no organ"))
    assert made.avoided == ("organ",)
    players = {track.instrument for track in _score("reggae without organ", 2).tracks}
    assert not players & {"organ", "church organ", "harmonium"}
    assert "melodica" in {track.instrument for seed in range(6) for track in _score("reggae, no organ", seed).tracks}


def _in_two_parts(second: str) -> dict[str, tuple[int, int]]:
    """Return how many notes each role has before and well after the song's middle, whose second half has a prompt."""
    parts = (WeightedPrompt("rock", 1.0, 0.0, 0.5), WeightedPrompt(second, 1.0, 0.5, 1.0))
    score = compose(plan(Request("rock instrumental", seed=1, length_s=80.0, prompts=parts)))
    later = next(section.start for section in score.sections if section.start >= score.beats / 2 + 4)
    return {
        role: (
            sum(n.start < later for n in notes),
            sum(n.start >= later for n in notes if role != "drums" or n.pitch == HITS["kick"]),
        )
        for role in ("drums", "chords", "lead", "counter")
        for notes in [[n for track in score.tracks if track.role == role for n in track.notes]]
    }


@pytest.mark.parametrize(
    ("second", "gone"),
    [
        ("no guitars", {"chords", "lead"}),
        ("no melody", {"lead", "counter"}),
        ("no kick", {"drums"}),
        ("no drums", {"drums"}),
    ],
)
def test_a_prompt_for_a_section_excludes_as_one_for_the_song_does(second: str, gone: set[str]) -> None:
    found, usual = _in_two_parts(second), _in_two_parts("rock")
    for role, (before, after) in found.items():
        assert before
        assert usual[role][1]
        assert after == 0 if role in gone else after > 0


@pytest.mark.parametrize(
    ("prompt", "stays"),
    [
        ("not sad piano song", "piano"),
        ("not too sad piano", "piano"),
        ("techno without heavy bass", "bass"),
        ("no aggressive guitars rock", "electric guitar"),
        ("pop without cheesy synths", "synth"),
        ("no fast drums, techno", "drums"),
        ("house, no loud drums", "drums"),
        ("pop, no dark sad strings", "strings"),
    ],
)
def test_a_negated_adjective_excludes_no_instrument(prompt: str, stays: str) -> None:
    made = plan(Request(prompt))
    assert made.avoided == ()
    assert stays in made.instruments


@pytest.mark.parametrize("prompt", ["a love song but without cheesy lyrics", "pop, no sad vocals", "no loud singer"])
def test_a_negated_adjective_excludes_no_voice(prompt: str) -> None:
    made = plan(Request(prompt))
    assert made.vocals != "none"
    assert made.avoided == ()


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("rock, no electric guitar", "electric guitar"),
        ("rock, no acoustic drums", "drums"),
        ("rock, no distorted guitar", "distorted guitar"),
        ("rock, no heavy guitars", "distorted guitar"),
        ("pop without programmed drums", "drum machine"),
        ("sad song, no piano", "piano"),
        ("no slow songs, no piano", "piano"),
    ],
)
def test_a_kind_of_instrument_is_excluded(prompt: str, excluded: str) -> None:
    assert excluded in plan(Request(prompt)).avoided


def test_without_a_kind_of_voice_another_sings() -> None:
    assert plan(Request("pop, no male vocals")).vocals == "female"


@pytest.mark.parametrize(
    ("prompt", "family"),
    [
        ("orchestral piece without strings", "strings"),
        ("orchestra without strings", "strings"),
        ("rock with orchestra, no strings", "strings"),
        ("symphony without woodwinds", "wind"),
        ("symphony, no woodwind section", "wind"),
        ("symphony without wind instruments", "wind"),
        ("symphony without wind instruments", "brass"),
    ],
)
def test_without_a_section_of_the_orchestra_nobody_of_it_plays(prompt: str, family: str) -> None:
    scores = [_score(prompt, seed) for seed in (1, 2, 3)]
    played = {track.instrument for score in scores for track in score.tracks}
    assert not {name for name, row in instruments().items() if row.family == family} & played


def test_an_excluded_section_is_not_also_understood_as_wanted() -> None:
    assert ("instrument", "strings") not in {
        (term.kind, term.meaning) for term in plan(Request("orchestral piece without strings")).understood
    }


def test_a_single_excluded_instrument_leaves_the_rest_of_its_section() -> None:
    assert "strings" in {track.instrument for track in _score("orchestral piece, no violins").tracks}


def test_a_band_of_which_nobody_is_left_is_a_limit() -> None:
    limit = "The prompt excludes the instruments of chamber music; others take their place."
    assert limit in plan(Request("string quartet without strings")).limits
    assert limit not in plan(Request("string quartet without a viola")).limits
