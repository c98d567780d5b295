"""Ensembles that a prompt names without a size, and the kinds of instruments that a genre has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.prompt import plan, plan_json
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.score_edits import score_of, stems_of
from riffusion_tui.studio.engine.song_request import Request, SongEdit

_LATIN = "congas, bongos, timbales, surdo, shaker, cowbell"
_AFRICAN = "djembe, bongos, shekere, cowbell, log drum"
_BRASS = "trumpet, trumpet, french horn, trombone, tuba, drums"


def _score(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=45.0)))


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("percussion ensemble, african", _AFRICAN),
        ("Streichquartett in a-Moll", "violin, violin, viola, cello"),
        ("quartetto d'archi, triste", "violin, violin, viola, cello"),
        ("Klaviertrio, langsam", "piano, violin, cello"),
        ("16 bar blues in Bb for tenor sax trio (sax, bass, drums)", "tenor sax, bass, drums"),
        ("upright bass trio: piano, bass, drums", "upright bass, piano, drums"),
        ("soprano sax duo (sax, soprano sax)", "soprano sax, sax"),
        ("soft jazz ballad for piano trio, no bass", "piano, drums"),
        ("zwei Gitarren", "acoustic guitar, acoustic guitar"),
        ("deux pianos", "piano, piano"),
        ("waltz for violin and accordion", "violin, accordion"),
        ("piano and two violins, waltz", "piano, violin, violin"),
        ("medieval lute and recorder", "lute, recorder"),
        ("celtic harp and tin whistle", "harp, whistle"),
        ("piano four hands", "piano, piano"),
        ("stride piano", "piano"),
        ("ragtime piano", "piano"),
        ("fast boogie woogie piano, 1940s", "piano"),
        ("african drumming ensemble", _AFRICAN),
        ("latin percussion ensemble", _LATIN),
        ("classical percussion ensemble", "marimba, xylophone, timpani, snare drum, cymbals"),
        ("taiko drumming ensemble", "taiko, hand drum, gong, cymbals"),
        ("drumline", "snare drum, drums, cymbals"),
        ("steel band", "steel drums, steel drums, bass, drums, cowbell"),
        ("brass band", _BRASS),
        ("balkan brass band", _BRASS),
        ("marching band", "trumpet, clarinet, sax, french horn, trombone, tuba, snare drum, drums, cymbals"),
        ("string orchestra", "strings, strings, upright bass"),
        ("pipe band", "bagpipes, bagpipes, snare drum, drums"),
        ("cello ensemble", "cello, cello, cello, cello"),
        ("flute choir", "flute, flute, flute, flute"),
        ("mandolin orchestra", "mandolin, mandolin, mandolin, mandolin"),
        ("recorder consort", "recorder, recorder, recorder, recorder"),
        ("guitar ensemble", "acoustic guitar, acoustic guitar, acoustic guitar, acoustic guitar"),
        ("saxophone ensemble", "soprano sax, sax, tenor sax, baritone sax"),
        ("horn quartet", "french horn, french horn, french horn, french horn"),
    ],
)
def test_an_ensemble_is_everyone_who_plays(prompt: str, players: str) -> None:
    score = _score(prompt)
    assert ", ".join(score.plan.cast) == players
    assert score.plan.vocals == "none"
    assert {track.instrument for track in score.tracks} == set(players.split(", "))
    assert not score.plan.ignored


@pytest.mark.parametrize(
    "prompt",
    [
        "pop with a string orchestra", "trap beat with brass band", "rock, marching band", "pop, no brass band",
        "hip hop beat with marching band drums", "string orchestra and synth pad, pop", "rock, string ensemble",
        "rock with a flute choir",
    ],
)  # fmt: skip
def test_an_ensemble_beside_a_band_does_not_replace_it(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).cast == ()


@pytest.mark.parametrize("prompt", ["drum circle", "only congas", "only drums", "taiko drumming ensemble"])
@pytest.mark.parametrize("seed", range(1, 6))
def test_drums_alone_are_never_silent(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    starts = sorted({0.0, *(note.start for track in score.tracks for note in track.notes)})
    gaps = [after - before for before, after in pairwise(starts)]
    assert max(gaps) <= bar


@pytest.mark.parametrize("prompt", ["techno bassline only", "house bassline only", "dubstep bass only"])
def test_a_bass_alone_is_the_genres_own(prompt: str) -> None:
    assert {track.instrument for track in _score(prompt).tracks} == {"synth bass"}


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("drums and bass only", "drums, bass"),
        ("jazz guitar, bass and drums only", "jazz guitar, upright bass, drums"),
        ("guitar, bass and drums only", "electric guitar, bass, drums"),
        ("organ trio", "organ, jazz guitar, drums"),
        ("hard rock power trio", "distorted guitar, bass, drums"),
        ("garage trio, loud fuzzy guitars", "distorted guitar, bass, drums"),
        ("rock trio with organ instead of guitar", "organ, bass, drums"),
        ("guitar duo", "acoustic guitar, acoustic guitar"),
        ("rock guitar duo", "electric guitar, electric guitar"),
        ("metal guitar solo", "distorted guitar"),
        ("jazz guitar solo", "jazz guitar"),
        ("house piano only", "piano"),
    ],
)
def test_who_plays_is_the_genres_kind(prompt: str, players: str) -> None:
    assert ", ".join(_score(prompt).plan.cast) == players


def test_an_organist_beside_drums_plays_the_bass() -> None:
    (bass,) = [track for track in _score("organ trio").tracks if track.role == "bass"]
    assert bass.instrument == "organ"
    assert max(note.pitch for note in bass.notes) < 60


@pytest.mark.parametrize(
    ("prompt", "hint"),
    [
        ("metal, guitar solo", "distorted guitar solo"),
        ("guitar intro, thrash metal", "distorted guitar intro"),
        ("country, guitar solo", "acoustic guitar solo"),
        ("jazz, guitar solo", "jazz guitar solo"),
        ("rock, guitar solo", "electric guitar solo"),
        ("electric guitar solo, metal", "electric guitar solo"),
    ],
)
def test_a_guitars_solo_and_intro_are_played_on_the_genres_kind_of_guitar(prompt: str, hint: str) -> None:
    assert hint in plan(Request(prompt, seed=1)).structure


def test_what_a_song_starts_with_is_not_all_that_plays() -> None:
    made = plan(Request("rock, starts with just guitar"))
    assert (made.cast, made.structure) == ((), ("solo intro", "solo electric guitar intro"))


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("string quartet", "Violin 1, Violin 2, Viola, Cello"),
        ("string quartet with soprano", "Violin 1, Violin 2, Viola, Cello, Vocals"),
        ("brass quintet", "Trumpet 1, Trumpet 2, French Horn, Trombone, Tuba"),
        ("woodwind quintet", "Flute, Oboe, Clarinet, French Horn, Bassoon"),
        ("cello quartet", "Cello 1, Cello 2, Cello 3, Cello 4"),
        ("duet of two pianos", "Piano 1, Piano 2"),
        ("jazz trio", "Piano, Upright Bass, Drums"),
        ("pop, piano and drums", "Drums, Piano"),
    ],
)
def test_an_ensembles_players_are_listed_as_it_is_named(prompt: str, names: str) -> None:
    found = stems_of(_score(prompt))
    assert [name for name in found if name in names.split(", ")] == names.split(", ")
    assert len(found) == len(names.split(", ")) or "pop" in prompt


def test_the_first_violin_has_the_tune() -> None:
    roles = {track.name: track.role for track in _score("string quartet").tracks}
    assert roles == {"Violin 1": "lead", "Violin 2": "counter", "Viola": "counter", "Cello": "bass"}


@pytest.mark.parametrize(
    ("edit", "band"),
    [
        (SongEdit("mute", stem="Violin 2"), "only=violin, only=viola, only=cello"),
        (SongEdit("swap", stem="Violin 1", instrument="flute"), "only=violin, only=flute, only=viola, only=cello"),
    ],
)
def test_an_edit_of_one_violin_leaves_the_other(edit: SongEdit, band: str) -> None:
    request = Request("string quartet", seed=1, length_s=45.0)
    before, after = score_of(request), score_of(replace(request, edits=(edit,)))
    assert after.band == band
    kept = {track.name for track in before.tracks} - {edit.stem}
    assert {track for track in after.tracks if track.name in kept} == {t for t in before.tracks if t.name in kept}


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("flute and choir", ("flute", "choir"), "choir"),
        ("soprano and piano", ("piano",), "female"),
        ("tenor and harp", ("harp",), "male"),
    ],
)
def test_singers_beside_an_instrument_are_singers(prompt: str, players: tuple[str, ...], voice: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.cast, made.vocals) == (players, voice)


@pytest.mark.parametrize("prompt", ["percussion ensemble, african", "drum circle", "latin percussion ensemble"])
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_two_drummers_play_the_same(prompt: str, seed: int) -> None:
    parts = [{(round(note.start, 1), note.pitch) for note in track.notes} for track in _score(prompt, seed).tracks]
    for place, part in enumerate(parts):
        assert all(len(part & other) < 0.5 * min(len(part), len(other)) for other in parts[place + 1 :])


def test_the_lowest_of_several_flutes_is_softer_than_the_tune_and_a_bass_keeps_its_level() -> None:
    flutes, band = (mixing_for(plan(Request(p, seed=1))).levels for p in ("flute choir, folk", "rock trio"))
    assert flutes["bass"] < flutes["lead"]
    assert band["bass"] == mixing_for(plan(Request("rock", seed=1))).levels["bass"]


def test_the_plan_says_exactly_who_plays() -> None:
    casts = [plan_json(plan(Request(prompt)))["cast"] for prompt in ("string quartet", "voice only", "pop")]
    assert casts == [["violin", "violin", "viola", "cello"], ["vocals"], []]


@pytest.mark.parametrize("prompt", ["three acoustic guitars, lazy", "four women sing", "four-on-the-floor house"])
def test_a_number_is_no_instrument(prompt: str) -> None:
    """The Spanish `tres` and `cuatro` are also instruments, so they are not read as numbers."""
    assert "cavaquinho" not in plan(Request(prompt)).instruments
    assert plan(Request("salsa with a tres")).instruments
