"""The tempo counts the pulse of the meter: dotted quarter notes in 6/8, 9/8 and 12/8."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.chordpro import chordpro
from riffusion_tui.studio.engine.output.midi import write_midi
from riffusion_tui.studio.engine.prompt import plan, plan_json
from riffusion_tui.studio.engine.song_request import Locks, Request
from riffusion_tui.studio.engine.understand.words.tables import genres


@pytest.mark.parametrize(
    ("prompt", "meter", "shown", "quarters"),
    [
        ("folk, 120 bpm, 6/8", (6, 8), 120, 180),
        ("slow blues, 12/8, 60 bpm", (12, 8), 60, 90),
        ("folk, 9/8, 80 bpm", (9, 8), 80, 120),
        ("rock, 120 bpm", (4, 4), 120, 120),
        ("waltz, 120 bpm", (3, 4), 120, 120),
        ("prog rock in 7/8, 140 bpm", (7, 8), 140, 140),
        ("rock, 6/8, dotted quarter = 60", (6, 8), 60, 90),
        ("rock, 6/8 at dotted quarter 60", (6, 8), 60, 90),
        ("rock, 6/8, ♩. = 72", (6, 8), 72, 108),
        ("rock, 6/8, quarter note = 120", (6, 8), 80, 120),
        ("ballad, 6/8, ♪=180", (6, 8), 60, 90),
        ("march, ♩=96", (4, 4), 96, 96),
        ("march, 1/4 = 96", (4, 4), 96, 96),
        ("rock, 6/8, 1/8=180", (6, 8), 60, 90),
        ("Lied, Viertel = 90", (4, 4), 90, 90),
        ("chanson, 4/4, noire = 90", (4, 4), 90, 90),
        ("valse musette, 3/4, 220 à la noire", (3, 4), 220, 220),
        ("folk, 6/8, noire pointée = 60", (6, 8), 60, 90),
        ("marcha, 2/2, blanca = 60", (2, 2), 120, 120),
        ("Lied, 6/8, punktierte Viertelnote = 60", (6, 8), 60, 90),
        ("tango, 4/4, semiminima = 120", (4, 4), 120, 120),
        ("rock, 6/8, 60 to the dotted quarter", (6, 8), 60, 90),
        ("march, 2/2, half note = 60", (2, 2), 120, 120),
        # Too fast for dotted quarters, so these are eighths.
        ("metal, 6/8, 240 bpm", (6, 8), 80, 120),
    ],
)
def test_the_figure_counts_the_pulse(prompt: str, meter: tuple[int, int], shown: float, quarters: float) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.meter, made.pulse, made.bpm) == (meter, shown, quarters)
    assert plan_json(made)["bpm"] == shown


def test_a_genres_and_a_tempo_words_range_count_the_pulse() -> None:
    jigs = [plan(Request("irish jig", seed=seed)) for seed in range(6)]
    assert all(made.meter == (6, 8) and 100 <= made.pulse <= 126 for made in jigs)
    assert all(dict(made.chosen)["bpm"] == f"{made.pulse:g}" for made in jigs)
    slow = plan(Request("slow soul, 12/8", seed=1))
    assert slow.pulse <= 84
    assert slow.tempo == "slow"
    fast = [plan(Request("power metal, 6/8", seed=seed)).bpm for seed in range(4)]
    assert max(fast) <= 210


def test_midi_and_chordpro_agree_with_the_plan(tmp_path: Path) -> None:
    score = compose(plan(Request("folk, 120 bpm, 6/8", seed=1, length_s=30.0)))
    write_midi(score, tmp_path / "song.mid")
    conductor = mido.MidiFile(tmp_path / "song.mid").tracks[0]
    assert next(one for one in conductor if one.type == "set_tempo").tempo == mido.bpm2tempo(180)
    signature = next(one for one in conductor if one.type == "time_signature")
    assert (signature.numerator, signature.denominator, signature.clocks_per_click) == (6, 8, 36)
    assert "{tempo: 120}" in chordpro(score)


def test_a_locked_tempo_is_the_one_shown() -> None:
    before = plan(Request("folk, 120 bpm, 6/8", seed=1))
    shown = plan_json(before)["bpm"]
    assert isinstance(shown, float)
    again = plan(Request("folk, 6/8, with a fiddle", seed=1, locks=Locks(tempo=shown)))
    straight = plan(Request("folk, 4/4", seed=1, locks=Locks(tempo=shown)))
    assert (again.bpm, straight.bpm, straight.pulse) == (180, 120, 120)


def test_a_locked_form_keeps_the_tempo_in_its_own_meter() -> None:
    made = plan(Request("folk, 4/4, 100 bpm", seed=1, locks=Locks(form="6/8, verse 8, chorus 8")))
    assert (made.meter, made.pulse, made.bpm) == ((6, 8), 100, 150)


@pytest.mark.parametrize(
    ("prompt", "meter"),
    [
        ("irish jig on fiddle", (6, 8)),
        ("a slip jig", (9, 8)),
        ("a lively reel", (4, 4)),
        ("baroque minuet", (3, 4)),
        ("tarantella", (6, 8)),
        ("swedish polska on a fiddle", (3, 4)),
        ("zamba argentina", (6, 8)),
        ("a rachenitsa from bulgaria", (7, 8)),
        ("barcarolle for piano", (6, 8)),
        ("jig in 4/4", (4, 4)),
    ],
)
def test_a_dance_has_its_meter(prompt: str, meter: tuple[int, int]) -> None:
    assert {plan(Request(prompt, seed=seed)).meter for seed in range(4)} == {meter}


def test_an_excluded_dance_or_several_leave_the_meter_open() -> None:
    assert plan(Request("celtic, no jigs", seed=1)).chosen
    assert len({plan(Request("celtic, jigs and reels", seed=seed)).meter for seed in range(9)}) > 1


@pytest.mark.parametrize(
    ("prompt", "meter"), [("Irish reel on fiddle and bodhran then a jig", (4, 4)), ("a jig into a reel", (6, 8))]
)
def test_of_dances_that_follow_each_other_the_first_one_has_the_meter(prompt: str, meter: tuple[int, int]) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        assert made.meter == meter
        assert [term.kind for term in made.understood].count("genre") == 2
        assert made.limits == ("The studio keeps one meter throughout a song.",)


@pytest.mark.parametrize("prompt", ["techno with a bridge in 7/8", "techno, verse in 3/4", "techno, 7/8 chorus"])
def test_the_meter_of_a_section_is_not_the_songs(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).meter == (4, 4)
    assert plan(Request(f"{prompt}, the song is in 5/4", seed=1)).meter == (5, 4)


@pytest.mark.parametrize("prompt", ["a piano solo in 3/4", "podcast intro in 3/4", "3/4 techno"])
def test_the_meter_of_a_piece_is_the_songs(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).meter == (3, 4)


@pytest.mark.parametrize(
    ("prompt", "slowest", "fastest"),
    [
        ("new jack swing, 1991, party", 100, 116),
        ("cha cha chá for dancing lessons", 112, 128),
        ("trapsoul, alone", 60, 78),
        ("d-beat, furious", 168, 208),
        ("R&B but new-jack swing", 100, 116),
        ("baile funk, rio favela", 126, 134),
        ("a nocturne in E flat", 54, 76),
        ("baroque sarabandes", 54, 76),
        ("Viennese waltz in G major for string quartet", 165, 185),
        ("Wiener Walzer", 165, 185),
        ("salsa, no cha cha cha", 160, 200),
        ("detective walking in the rain, sax", 84, 116),
    ],
)
def test_a_kind_of_a_genre_has_its_own_tempo(prompt: str, slowest: int, fastest: int) -> None:
    assert all(slowest <= plan(Request(prompt, seed=seed)).pulse <= fastest for seed in range(6))


@pytest.mark.parametrize(
    "prompt",
    [
        "jazz standard, female singer, late night",
        "smoky jazz club, piano trio",
        "candlelit lounge singer with brushes",
        "calm jazz quartet",
        "swing, after hours, whispered",
    ],
)
def test_jazz_is_slow_if_its_mood_is(prompt: str) -> None:
    assert all(plan(Request(prompt, seed=seed)).pulse <= 90 for seed in range(6))


@pytest.mark.parametrize(
    ("prompt", "slowest"),
    [
        ("late night jazz jam, fast", 124),
        ("big band swing with a suave male crooner", 120),
        ("electro swing, smoky", 112),
        ("late night house", 120),
    ],
)
def test_other_music_is_as_fast_as_usual(prompt: str, slowest: int) -> None:
    assert all(plan(Request(prompt, seed=seed)).pulse >= slowest for seed in range(6))


@pytest.mark.parametrize("genre", ["drum and bass", "punk", "thrash metal", "bebop", "waltz"])
def test_fast_music_of_a_fast_genre_is_not_slower_than_usual(genre: str) -> None:
    slowest = genres()[genre].bpm[0]
    assert all(plan(Request(f"fast {genre}", seed=seed)).pulse >= slowest for seed in range(8))


def test_the_saddest_song_still_has_a_beat() -> None:
    prompt = "funeral ballad in 4/4, grief, loneliness, crying, sad piano"
    assert all(plan(Request(prompt, seed=seed)).pulse >= 50 for seed in range(8))


@pytest.mark.parametrize(("prompt", "slowest", "fastest"), [("rock in 6/8", 54, 92), ("pop, 12/8", 48, 82)])
def test_a_song_in_a_compound_meter_is_not_hurried(prompt: str, slowest: int, fastest: int) -> None:
    assert all(slowest <= plan(Request(prompt, seed=seed)).pulse <= fastest for seed in range(6))


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("psytrance 145 forest", 145),
        ("house 4/4 124", 124),
        ("dnb 174 dark", 174),
        ("trap, 140 half time", 140),
        ("dubstep 140 halftime", 140),
        ("liquid drum and bass 174 half-time", 174),
        ("drum and bass, half time 170, dark", 170),
        ("half time 140 trap", 140),
        ("hip hop 85 double time", 85),
        ("distorted 140 techno", 140),
    ],
)
def test_a_number_after_a_genre_or_a_meter_is_the_tempo(prompt: str, bpm: int) -> None:
    assert plan(Request(prompt, seed=1)).bpm == bpm


@pytest.mark.parametrize("prompt", ["choral 120 voices", "jazz quartet 100 people clap", "12/8 100 voices"])
def test_a_number_of_people_is_no_tempo(prompt: str) -> None:
    assert "bpm" in dict(plan(Request(prompt, seed=1)).chosen)


@pytest.mark.parametrize("prompt", ["scottish bagpipe lament", "armenian duduk, a dirge", "laments of the balkans"])
def test_a_lament_is_slow(prompt: str) -> None:
    assert all(plan(Request(prompt, seed=seed)).pulse <= 84 for seed in range(6))


def test_a_lament_is_as_slow_as_the_prompt_says() -> None:
    assert all(plan(Request("violin lament, very slow", seed=seed)).pulse <= 62 for seed in range(6))


@pytest.mark.parametrize(("genre", "slowest"), [("bluegrass", 140), ("punk", 170), ("banjo breakdown", 150)])
def test_fast_music_is_not_slower_than_most_of_its_genre(genre: str, slowest: int) -> None:
    assert all(plan(Request(f"fast {genre}", seed)).bpm >= slowest for seed in range(8))


@pytest.mark.parametrize("prompt", ["funeral march", "Marche funèbre pour fanfare", "Trauermarsch, Bläser"])
def test_a_funeral_march_is_slow_and_in_minor(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.bpm < 75, made.mode in ("minor", "dorian")) == ("march", True, True)
