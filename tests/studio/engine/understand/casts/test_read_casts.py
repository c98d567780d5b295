"""Prompts as people type them: lists of players, numbers of them, kinds of voices, who plays which music."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import split_words
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words import tables

_QUARTET = "violin, violin, viola, cello"


def _score(prompt: str, seed: int = 3) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=30.0)))


def _players(score: Score) -> set[str]:
    return {track.instrument for track in score.tracks if track.role != "vocal"}


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("guitar, bass and drums", "electric guitar, bass, drums"),
        ("piano, bass and drums", "piano, upright bass, drums"),
        ("violin, cello and piano", "violin, cello, piano"),
        ("piano, cello, flute", "piano, cello, flute"),
        ("guitar/bass/drums", "electric guitar, bass, drums"),
        ("guitar bass drums", "electric guitar, bass, drums"),
        ("guitar & drums", "electric guitar, drums"),
        ("2 guitars, bass, drums", "electric guitar, electric guitar, bass, drums"),
        ("guitar, bass and drums, no vocals", "electric guitar, bass, drums"),
        ("guitar and bass, no drums", "electric guitar, bass"),
        ("piano feat. cello", "piano, cello"),
        ("soft piano, violin, cello, flute and harp", "piano, violin, cello, flute, harp"),
        ("music for flute, viola and harp", "flute, viola, harp"),
        ("soft synth lead and piano", "synth lead, piano"),
        ("gentle drums", "drums"),
        ("sad piano", "piano"),
        ("organ", "church organ"),
        ("cinematic piano and cello", "piano, cello"),
        ("jazz piano and double bass", "piano, upright bass"),
        ("piano and cello, cinematic", "piano, cello"),
        ("four cellos playing metal", "cello, cello, cello, cello"),
        ("metal played by four cellos", "cello, cello, cello, cello"),
        ("string quartet playing metal", _QUARTET),
        ("violin and accordion playing a tango", "violin, accordion"),
    ],
)
def test_a_list_of_instruments_is_everyone_and_nobody_sings(prompt: str, players: str) -> None:
    score = _score(prompt)
    assert Counter(score.plan.cast) == Counter(players.split(", "))
    assert score.plan.vocals == "none"
    assert _players(score) == set(players.split(", "))


@pytest.mark.parametrize(
    "prompt",
    [
        "rock song with guitar, bass and drums",
        "rock with guitar, bass and drums",
        "pop, piano, bass and drums",
        "a song with piano, cello and drums",
        "cinematic, epic, piano, drums",
        "trap piano and 808",
        "techno drums and synth",
        "a violin playing metal",
        "gospel choir with band",
    ],
)
def test_a_list_within_a_song_has_the_genres_band(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).cast == ()


def test_a_rock_song_with_a_list_of_instruments_keeps_its_singer() -> None:
    assert plan(Request("rock song with guitar, bass and drums", seed=3)).vocals != "none"


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("3 cellos and a singer", "cello, cello, cello", "any"),
        ("two guitars and a female singer", "acoustic guitar, acoustic guitar", "female"),
        ("a singer with four violins", "violin, violin, violin, violin", "any"),
        ("guitar, bass, drums and a male singer", "electric guitar, bass, drums", "male"),
        ("five trombones", ", ".join(["trombone"] * 5), "none"),
        ("only two violins", "violin, violin", "none"),
        ("three sad cellos", "cello, cello, cello", "none"),
    ],
)
def test_so_many_play_as_the_prompt_says(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert Counter(made.cast) == Counter(players.split(", "))
    assert made.vocals == voice


@pytest.mark.parametrize("prompt", ["choir and organ", "choir with organ", "organ and choir", "hymn with organ"])
@pytest.mark.parametrize("seed", range(1, 5))
def test_a_choir_with_an_organ_is_sacred_music(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    assert score.plan.genre == "choral"
    assert score.plan.vocals == "choir"
    assert set(score.plan.cast) == {"choir", "church organ"}


@pytest.mark.parametrize(
    ("prompt", "players"),
    [("gospel choir and organ", "choir, organ"), ("hymn with piano and trumpet", "choir, piano, trumpet")],
)
def test_a_choirs_accompaniment_is_what_the_prompt_names(prompt: str, players: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert set(made.cast) == set(players.split(", "))
    assert made.vocals == "choir"


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("four cellos playing metal", "metal"),
        ("string quartet playing metal", "metal"),
        ("metal played by four cellos", "metal"),
        ("cinematic piano and cello", "cinematic"),
        ("piano, bass and drums", "jazz"),
        ("guitar, bass and drums", "rock"),
        ("violin, cello and piano", "chamber music"),
    ],
)
def test_the_players_of_a_list_play_their_genre(prompt: str, genre: str) -> None:
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(8)} == {genre}
    assert {plan(Request(prompt, seed=seed)).blend for seed in range(8)} == {None}


@pytest.mark.parametrize(
    ("prompt", "voice", "highest"),
    [
        ("bass voice", "male", 60),
        ("bass singer", "male", 60),
        ("a deep bass singer, folk", "male", 60),
        ("basso profundo", "male", 55),
        ("aria for bass and strings", "male", 60),
        ("tenor", "male", 67),
        ("baritone", "male", 64),
        ("alto", "female", 74),
        ("alto and piano", "female", 74),
        ("soprano", "female", 81),
    ],
)
def test_a_kind_of_voice_is_a_singer(prompt: str, voice: str, highest: int) -> None:
    for seed in range(3):
        score = _score(prompt, seed)
        assert score.plan.vocals == voice
        assert not {"bass", "sax", "tenor sax"} & set(score.plan.instruments)
        (sung,) = [track for track in score.tracks if track.role == "vocal"]
        assert max(note.pitch for note in sung.notes) <= highest


@pytest.mark.parametrize(
    ("prompt", "instruments"),
    [
        ("tenor sax", "tenor sax"),
        ("alto sax", "sax"),
        ("alto and tenor sax", "sax, tenor sax"),
        ("alto, tenor and baritone saxophones", "sax, tenor sax, baritone sax"),
        ("jazz with tenor, piano, bass and drums", "tenor sax, piano, upright bass, drums"),
        ("tenor banjo", "banjo"),
        ("alto recorder", "recorder"),
        ("alto flute and piano", "flute, piano"),
        ("bass clarinet solo", "clarinet"),
    ],
)
def test_a_kind_of_voice_before_an_instrument_is_its_size(prompt: str, instruments: str) -> None:
    score = _score(prompt)
    named = {*score.plan.cast, *score.plan.instruments} - {"bass"}
    assert named <= _players(score)
    assert set(instruments.split(", ")) - {"upright bass"} == named - {"upright bass"}
    assert score.plan.vocals == "none" or "jazz" in prompt


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("lied, soprano and piano", "piano", "female"),
        ("lied for tenor and piano", "piano", "male"),
        ("art song for baritone and piano", "piano", "male"),
    ],
)
def test_a_lied_is_an_art_song(prompt: str, players: str, voice: str) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        assert made.genre == "opera"
        assert (", ".join(made.cast), made.vocals) == (players, voice)


def test_a_german_lied_is_any_song() -> None:
    assert {plan(Request("ein Lied über den Sommer", seed=seed)).genre for seed in range(5)} - {"opera"}


@pytest.mark.parametrize(
    ("prompt", "genre", "players"),
    [
        ("bach prelude for harpsichord", "baroque", "harpsichord"),
        ("prelude for harpsichord", "baroque", "harpsichord"),
        ("prelude for organ", "baroque", "church organ"),
        ("chopin nocturne", "romantic piano", "piano"),
        ("debussy prelude", "romantic piano", "piano"),
        ("beethoven sonata for piano", "classical", "piano"),
        ("mozart string quartet", "classical", _QUARTET),
        ("organ toccata", "baroque", "church organ"),
        ("nocturne for violin and piano", "chamber music", "violin, piano"),
    ],
)
def test_a_composer_and_the_instruments_say_more_than_the_kind_of_work(prompt: str, genre: str, players: str) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        assert (made.genre, made.blend) == (genre, None)
        assert Counter(made.cast) == Counter(players.split(", "))
        assert made.vocals == "none"


@pytest.mark.parametrize("prompt", ["four cellos playing metal", "string quartet playing metal"])
@pytest.mark.parametrize("seed", range(1, 5))
def test_inner_voices_without_a_band_play_the_rhythm_of_its_chords(prompt: str, seed: int) -> None:
    """They played a note a beat, as in a chorale."""
    score = _score(prompt, seed)
    (chorus, *_) = [section for section in score.sections if section.kind == "chorus"]
    for track in (one for one in score.tracks if one.role == "counter"):
        inside = [n for n in track.notes if chorus.start <= n.start < chorus.start + 4 * chorus.bars]
        assert len(inside) / chorus.bars > 7


@pytest.mark.parametrize(
    ("prompt", "cast", "voice"),
    [
        ("soprano, alto, tenor, bass", "choir", "choir"),
        ("soprano, alto, tenor and bass with organ", "choir, church organ", "choir"),
        ("four male voices", "vocal choir", "male"),
        ("three female singers and a guitar", "vocal choir, acoustic guitar", "female"),
        ("men's choir and organ", "male choir, church organ", "choir"),
    ],
)
def test_several_singers_sing_in_parts(prompt: str, cast: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert (set(made.cast), made.vocals) == (set(cast.split(", ")), voice)


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("4 saxophones", "soprano sax, sax, tenor sax, baritone sax"),
        ("2 trumpets, horn, trombone and tuba", "trumpet, trumpet, french horn, trombone, tuba"),
        ("dos guitarras y una voz", "acoustic guitar, acoustic guitar"),
        ("guitarra, bajo y batería", "electric guitar, bass, drums"),
        ("chitarra, basso e batteria", "electric guitar, bass, drums"),
        ("deux violons et un piano", "violin, violin, piano"),
        ("a pair of flutes", "flute, flute"),
        ("jazz by a string quartet", _QUARTET),
        ("recorder consort playing pop", "recorder, recorder, recorder, recorder"),
    ],
)
def test_numbers_and_lists_in_other_words(prompt: str, players: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert Counter(made.cast) == Counter(players.split(", "))
    assert not made.ignored


def test_instruments_that_point_to_a_genre_together_are_known() -> None:
    rows = [row for table in genre_files.genres().values() for row in table.get("hints", {}).get("together", ())]
    assert len(rows) == len({frozenset(split_words(row)) for row in rows})
    assert {name for row in rows for name in split_words(row)} <= set(tables.instruments())


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("bach prelude", "harpsichord"),
        ("scarlatti sonata", "harpsichord"),
        ("mozart sonata", "piano"),
        ("chopin waltz", "piano"),
        ("satie gymnopedie", "piano"),
        ("beethoven violin sonata", "violin, piano"),
        ("bach on guitar", "nylon guitar"),
        ("organ playing a hymn", "church organ"),
        ("vivaldi concerto for two violins", "violin, violin, strings, cello, harpsichord"),
        ("schubert lied", "piano"),
        ("Lied für Sopran und Klavier", "piano"),
        ("a hymn sung by a soprano with organ", "church organ"),
        ("congregation singing a hymn with organ", "choir, church organ"),
        ("unaccompanied violin sonata", "violin"),
    ],
)
def test_a_work_has_its_usual_players(prompt: str, players: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert Counter(made.cast) == Counter(players.split(", "))
    sung = any(word in prompt.lower() for word in ("lied", "sung", "singing"))
    assert (made.vocals != "none") == sung


@pytest.mark.parametrize(
    "prompt", ["violin concerto", "concerto for piano", "gospel hymn with organ", "trauriges Lied"]
)
def test_a_work_for_a_larger_band_keeps_it(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).cast == ()


@pytest.mark.parametrize("seed", range(1, 9))
def test_an_organ_accompanies_a_choir_in_chords(seed: int) -> None:
    """It played broken chords in sixteenths."""
    (organ,) = [track for track in _score("choir and organ", seed).tracks if track.instrument == "church organ"]
    starts = sorted({round(4 * note.start) / 4 for note in organ.notes})
    assert min(after - before for before, after in pairwise(starts)) >= 1
