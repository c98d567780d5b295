"""Prompts as composers and session players write them: works, soloists, who is alone, and what is said of sounds."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_SONATA = "trio sonata for flute, cello and harpsichord, three voices in dialogue"


@pytest.mark.parametrize(
    ("prompt", "vocals"),
    [
        (_SONATA, "none"),
        ("invention in three voices for harpsichord", "none"),
        ("a fugue, voices enter one by one, string quartet", "none"),
        ("violin concerto, the soloist sings over hushed strings", "none"),
        ("string quartet, scherzo in G minor, snarling cello", "none"),
        ("square dance tune, fiddle, no caller no words", "none"),
        ("instrumental rock n roll, 1962, twangy guitar", "none"),
        ("sonata for voice and piano", "any"),
        ("fugue for choir, four voices", "choir"),
        ("a tenor soloist sings, orchestra", "male"),
        ("big indian film number: heroine singing on a train roof", "female"),
        ("rock, snarling vocals", "any"),
    ],
)
def test_only_singers_sing(prompt: str, vocals: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == vocals


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        (_SONATA, ("flute", "cello", "harpsichord")),
        ("invention in three voices for harpsichord", ("harpsichord",)),
        ("rondeau for harpsichord a la Couperin, just the one instrument", ("harpsichord",)),
        ("nostalgic waltz on a felt piano, tender, solo", ("piano",)),
        ("rock song with electric guitar, solo", ()),
        ("english folk ballad, one woman unaccompanied, about a ploughman", ("vocals",)),
        ("solo blues in A, slide guitar, elderly man sings about the levee", ("slide guitar",)),
        ("solo country singer with guitar", ("acoustic guitar",)),
        ("blues, guitar solo, elderly man sings", ()),
        ("in memory: choir and string orchestra, larghetto, classical", ("choir", "strings")),
        ("choir and symphony orchestra, classical", ()),
        ("a folk lullaby, mum sings very quietly with a nylon guitar, slow", ("nylon guitar",)),
        ("jazz, a woman sings softly to a piano", ("piano",)),
        ("folk, she sings with a guitar in a tavern", ()),
        ("folk, she sings with a guitar, drums", ()),
        ("pop, a girl sings with a guitar", ()),
    ],
)
def test_those_who_are_alone_stay_so(prompt: str, cast: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).cast == cast


@pytest.mark.parametrize(
    ("prompt", "instruments"),
    [
        ("country song, acoustic and slide guitars", ("acoustic guitar", "slide guitar")),
        ("rock with acoustic and electric guitars", ("acoustic guitar", "electric guitar")),
        ("soul, grand and electric pianos", ("piano", "electric piano")),
        ("jazz and acoustic guitars", ("acoustic guitar",)),
        ("rock with clean and distorted guitars", ("distorted guitar",)),
        ("alto flute with gut string guitar, instrumental", ("flute", "nylon guitar")),
    ],
)
def test_instruments_share_a_noun(prompt: str, instruments: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).instruments == instruments


def test_acoustic_guitars_beside_electric_ones_make_no_acoustic_music() -> None:
    assert "acoustic" not in plan(Request("rock with acoustic and electric guitars", seed=1)).production


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("an irish air for low whistle and harp, slow", "celtic"),
        ("goa beach sunset chillout, sitar", "downtempo"),
        ("goa trance", "psytrance"),
        ("instrumental rock n roll, 1962", "rock and roll"),
        ("country weeper, AM radio 1956, steel guitar sobbing", "country"),
        ("pagan folk metal with flute and hurdy gurdy", "power metal"),
        ("pagan folk with flute and hurdy gurdy", "nordic folk"),
    ],
)
def test_the_genre_is_the_one_that_is_meant(prompt: str, genre: str) -> None:
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(4)} == {genre}


def test_weird_music_is_experimental_or_psychedelic() -> None:
    genres = {plan(Request("make it weird. a dollhouse upside down", seed=seed)).genre for seed in range(8)}
    assert genres <= {"experimental", "psychedelic rock"}


def test_am_radio_is_no_key() -> None:
    assert "key" in dict(plan(Request("country, AM radio", seed=1)).chosen)
    assert plan(Request("a riff in Am", seed=1)).mode == "minor"


@pytest.mark.parametrize(
    ("prompt", "bpm", "era"),
    [
        ("House. 120. rhodes stabs", 120, None),
        ("electro / italo disco, 84, vocoder", None, "1980s"),
        ("synth-pop, 83", None, "1980s"),
        ("pop, 84", 84, None),
        ("hip hop, 84", 84, None),
    ],
)
def test_a_lone_figure_is_a_tempo_unless_the_genre_is_faster(prompt: str, bpm: int | None, era: str | None) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.era == era
    assert made.bpm == bpm or (bpm is None and made.bpm > 95)


@pytest.mark.parametrize(
    ("prompt", "hints"),
    [
        ("lo-fi beat with piano, no drums in the first 8 bars", {"where: in intro: drums"}),
        ("pop, no vocals in the first 30 seconds", {"where: in intro: vocals"}),
        ("rock, no drums in the last 4 bars", {"where: in ending: drums"}),
        ("lo-fi, no drums in bar 8", set()),
    ],
)
def test_the_first_bars_are_the_intro(prompt: str, hints: set[str]) -> None:
    structure = {*plan(Request(prompt, seed=1)).structure}
    assert {hint for hint in structure if not hint.endswith("percussion")} == hints


@pytest.mark.parametrize(
    ("prompt", "cast", "vocals"),
    [
        ("folk duo: two women in harmony, one guitar", ("acoustic guitar", "vocal choir"), "female"),
        ("country, two brothers in harmony", (), "male"),
        ("gospel, hammond and piano, choir comes in on the second chorus", (), "any"),
        ("hymn on the organ, no choir", ("church organ",), "none"),
    ],
)
def test_who_sings_in_harmony_or_joins_in(prompt: str, cast: tuple[str, ...], vocals: str) -> None:
    made = plan(Request(prompt, seed=2))
    assert (made.vocals, {*made.cast}) == (vocals, {*cast})


def test_northern_soul_is_for_dancing() -> None:
    for seed in range(4):
        assert 120 <= plan(Request("northern soul, 1966", seed=seed)).bpm <= 140


def test_sexy_is_a_mood() -> None:
    made = plan(Request("sexy electro house, 126 bpm", seed=1))
    assert (made.moods, made.bpm, "sexy" in made.ignored) == (("sensual",), 126, False)


@pytest.mark.parametrize(
    ("prompt", "beat"),
    [
        ("love theme from an old film, lush violins, slow", False),
        ("score for a short film, sad, slow, piano and cello", False),
        ("gentle fantasy music", False),
        ("film score, quiet, with taiko", True),
        ("sad film score that builds to a huge climax", True),
        ("film score for a battle", True),
        ("epic trailer, sad", True),
    ],
)
def test_a_quiet_film_scene_has_no_drums(prompt: str, beat: bool) -> None:
    for seed in range(3):
        score = compose(plan(Request(prompt, seed=seed, length_s=30)))
        assert any(track.role in ("drums", "percussion") for track in score.tracks) is beat
