"""An instrument that the prompt names within a band is heard: early, often, in its register and in front."""

from __future__ import annotations

from functools import cache
from statistics import median

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.casting.cast import seats
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.prominence import changes, clearness
from riffusion_tui.studio.engine.mix.spectral_balance import EDGES, narrow_powers, wide
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score, Track
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Locks, Request, SongEdit, WeightedPrompt
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.studio.engine import handmade
from tests.studio.engine.scores import bar_of

_OPENING_S = 30.0


@cache
def _score(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=75.0)))


def _share_of_bars(score: Score, instrument: str, seconds: float) -> float:
    """Return the share of the bars of the first `seconds` in which an instrument sounds."""
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    bars = range(int(min(score.beats, seconds * score.plan.bpm / 60) / bar))
    notes = [n for track in score.tracks if track.instrument == instrument for n in track.notes]
    sounding = {
        at
        for n in notes
        for at in range(int(n.start // bar), int((n.start + min(n.length, 4 * bar) - 1e-6) // bar) + 1)
    }
    return sum(at in sounding for at in bars) / len(bars)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("techno track with violin", "violin"),
        ("house with saxophone", "sax"),
        ("ska punk with trumpet and trombone", "trombone"),
        ("celtic punk with tin whistle and bagpipes", "bagpipes"),
        ("country song with fiddle and pedal steel", "pedal steel"),
        ("jazz with french horn", "french horn"),
        ("funk with clavinet and horns", "brass"),
        ("pop song with glockenspiel and ukulele", "glockenspiel"),
        ("prog rock epic with moog solo", "synth lead"),
        ("trap beat with harp", "harp"),
    ],
)
def test_a_named_instrument_is_heard_early_and_in_most_of_the_song(prompt: str, instrument: str, seed: int) -> None:
    score = _score(prompt, seed)
    assert _share_of_bars(score, instrument, _OPENING_S) >= 0.4
    assert _share_of_bars(score, instrument, 1e3) >= 0.5


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("country instrumental with fiddle and pedal steel", {"fiddle", "pedal steel"}),
        ("metal instrumental with violin and cello", {"violin", "cello"}),
        ("ska instrumental with trumpet and baritone sax", {"trumpet", "baritone sax"}),
    ],
)
def test_two_named_soloists_take_turns_with_the_tune(prompt: str, names: set[str]) -> None:
    score = _score(prompt, 3)
    assert {track.instrument for track in score.tracks if track.role == "lead"} == names


def test_in_a_song_one_soloist_answers_while_the_other_holds_notes() -> None:
    score = _score("country song with fiddle and pedal steel", 2)
    leads = [track for track in score.tracks if track.role == "lead"]
    verse = next(section for section in score.sections if section.kind == "verse")
    end = verse.start + verse.bars * 4
    starts = [{round(n.start, 1) for n in track.notes if verse.start <= n.start < end} for track in leads]
    assert all(starts)
    assert len(starts[0] & starts[1]) < 0.5 * min(map(len, starts))


def test_a_named_piano_beside_a_named_guitar_plays_chords_too_if_there_is_singing() -> None:
    roles = {track.role for track in _score("pop song with guitar and piano", 1).tracks if track.instrument == "piano"}
    assert "chords" in roles
    unsung = _score("pop instrumental with guitar and piano", 1)
    assert "chords" not in {track.role for track in unsung.tracks if track.instrument == "piano"}


@pytest.mark.parametrize(
    ("prompt", "guitar"),
    [
        ("punk with accordion and fiddle", "distorted guitar"),
        ("metalcore with piano and strings", "distorted guitar"),
        ("surf rock with organ", "electric guitar"),
        ("folk with piano", "acoustic guitar"),
    ],
)
def test_a_genre_keeps_its_guitars_if_others_that_are_named_play_chords(prompt: str, guitar: str) -> None:
    assert ("chords", guitar) in {(track.role, track.instrument) for track in _score(prompt, 1).tracks}
    assert guitar not in {track.instrument for track in _score(f"{prompt}, no guitars", 1).tracks}


def test_the_instrument_before_the_word_has_the_intro() -> None:
    assert plan(Request("metalcore with piano intro and strings")).structure == ("piano intro",)
    assert plan(Request("rock, intro: strings and piano")).structure == ("strings intro",)


@pytest.mark.parametrize(
    ("instrument", "center"), [("xylophone", 80), ("tin whistle", 80), ("sax", 67), ("trumpet", 69)]
)
def test_a_named_wind_instrument_plays_where_it_sounds_best(instrument: str, center: int) -> None:
    for seed in (1, 2, 3):
        score = _score(f"folk rock instrumental with {instrument}", seed)
        pitches = [n.pitch for track in score.tracks if track.role == "lead" for n in track.notes]
        assert abs(median(pitches) - center) <= 7


@pytest.mark.parametrize("prompt", ["cello and piano elegy", "bassoon and piano duet", "trombone and piano duet"])
def test_chords_are_above_a_low_tune(prompt: str) -> None:
    score = _score(prompt, 1)
    tune, chords = (
        [n.pitch for track in score.tracks if track.role == role for n in track.notes] for role in ("lead", "chords")
    )
    assert median(tune) < 62
    upper = [pitch for pitch in chords if pitch >= 55]
    assert median(upper) >= median(tune) + 10


def test_a_left_hand_stays_below_a_low_tune() -> None:
    for seed in range(1, 6):
        chords = [
            n.pitch
            for track in _score("cello and piano elegy", seed).tracks
            for n in track.notes
            if track.role == "chords"
        ]
        assert 36 <= min(chords) < 55


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("cello and piano elegy", {"cello", "piano"}),
        ("romance for violin and piano", {"violin", "piano"}),
        ("barcarolle for flute and harp", {"flute", "harp"}),
    ],
)
def test_an_elegy_or_romance_is_played_by_the_named_instruments_alone(prompt: str, players: set[str]) -> None:
    assert set(plan(Request(prompt)).cast) == players


def test_a_bassoon_has_the_tune_of_a_duo_and_the_bass_of_a_quintet() -> None:
    assert {t.role for t in _score("bassoon and piano duet", 1).tracks if t.instrument == "bassoon"} == {"lead"}
    assert {t.role for t in _score("wind quintet", 1).tracks if t.instrument == "bassoon"} == {"bass"}


def test_a_mellotron_is_no_synthesizer() -> None:
    assert plan(Request("psychedelic rock with mellotron, no synths")).instruments == ("mellotron",)


def _tracks(*players: tuple[str, str]) -> list[Track]:
    return [Track(name, role, name, 0, ()) for name, role in players]


def test_a_named_instrument_is_raised_until_it_stands_out() -> None:
    plain = handmade.plan(instruments=("violin",))
    tracks = _tracks(("violin", "lead"), ("electric guitar", "chords"), ("drums", "drums"))
    flat = np.ones(20)
    clear = changes(plain, tracks, [flat * 100, flat, flat])
    covered = changes(plain, tracks, [flat, flat * 4, flat])
    drowned = changes(plain, tracks, [flat, flat * 1e4, flat])
    assert clear == [2.5, 0.0, 0.0]
    assert 2.5 < covered[0] < drowned[0] == 11.5
    assert 0 > covered[1] > drowned[1] == -3.0
    assert covered[2] == drowned[2] == 0.0


def test_instruments_that_are_not_named_or_are_the_whole_cast_keep_their_levels() -> None:
    tracks = _tracks(("clarinet", "lead"), ("piano", "chords"))
    powers = [np.ones(20), np.full(20, 100.0)]
    assert changes(handmade.plan(), tracks, powers) == [0.0, 0.0]
    assert changes(handmade.plan(instruments=("clarinet",), cast=("clarinet", "piano")), tracks, powers) == [0.0, 0.0]


def test_a_flute_with_the_tune_is_louder_than_others_would_be() -> None:
    powers = [np.ones(20), np.full(20, 4.0)]
    raised = {}
    for name in ("flute", "clarinet"):
        tracks = _tracks((name, "lead"), ("piano", "chords"))
        band = changes(handmade.plan(instruments=(name,)), tracks, powers)
        duo = changes(handmade.plan(instruments=(name,), cast=(name, "piano")), tracks, powers)
        raised[name] = (band[0], duo[0])
    assert raised["flute"][0] > raised["clarinet"][0] + 2
    assert raised["flute"][1] > raised["clarinet"][1] + 2


def test_named_percussion_is_raised_too() -> None:
    tracks = _tracks(("tabla", "percussion"), ("synth", "chords"))
    assert changes(handmade.plan(instruments=("tabla",)), tracks, [np.ones(20), np.full(20, 100.0)])[0] > 6


def test_one_instrument_alone_is_only_louder() -> None:
    assert changes(handmade.plan(instruments=("flute",)), _tracks(("flute", "lead")), [np.ones(20)]) == [2.5]


@pytest.mark.parametrize(("role", "other"), [("lead", "counter"), ("lead", "pad")])
def test_who_has_the_tune_stands_out_more_than_who_accompanies_it(role: str, other: str) -> None:
    powers = [np.ones(20), np.full(20, 4.0)]
    plain = handmade.plan(instruments=("violin",))
    tune, second = (changes(plain, _tracks(("violin", r), ("piano", "chords")), powers)[0] for r in (role, other))
    assert tune > second + 4


def test_a_choir_that_distorted_guitars_hide_is_raised_further_than_others() -> None:
    powers = [np.ones(20), np.full(20, 1e3)]
    plain = handmade.plan(instruments=("choir",))
    bands = (_tracks(("choir", role), ("distorted guitar", "chords")) for role in ("pad", "counter"))
    held, answers = (changes(plain, band, powers)[0] for band in bands)
    assert held > answers + 4


def test_clearness_is_that_of_the_bands_in_which_a_sound_is_loud() -> None:
    low, high = np.array([1.0, 1e-9]), np.array([1e-9, 1.0])
    assert clearness(low, high) > 15
    assert clearness(low, low) == pytest.approx(0, abs=0.1)
    assert clearness(low, 100 * low) < -15
    assert clearness(np.zeros(2), high) == 0


def test_narrow_bands_add_up_to_the_wide_ones() -> None:
    sound = np.random.default_rng(1).standard_normal((2, 1 << 14)).astype(np.float32)
    assert len(narrow_powers(sound)) == 4 * (len(EDGES) - 1)
    powers = narrow_powers(sound)
    sums = [powers[first : first + 4].sum() for first in range(0, len(powers), 4)]
    assert wide(powers) == pytest.approx(sums)


def test_a_flute_in_a_rock_band_is_heard_beside_the_guitars() -> None:
    score = _score("rock with flute", 1)
    parts = Performance(score, SYNTHESIZED).parts
    usual = Performance(compose(plan(Request("rock", seed=1, length_s=75.0))), SYNTHESIZED).parts
    gains = {part.track.role: part.gain_db for part in parts}
    before = {part.track.role: part.gain_db for part in usual}
    assert gains["lead"] - gains["chords"] > before["lead"] - before["chords"] + 3


def test_a_named_soloist_holds_notes_softly_while_somebody_sings() -> None:
    sung, alone = (
        [n for track in _score(prompt, 2).tracks if track.role == "lead" for n in track.notes]
        for prompt in ("soul song with saxophone", "soul instrumental with saxophone")
    )
    assert max(n.velocity for n in sung if n.length > 2.5) < max(n.velocity for n in alone)
    assert min(n.velocity for n in sung if n.length > 2.5) < 0.6 * max(n.velocity for n in sung)


@pytest.mark.parametrize("prompt", ["progressive rock with flute, instrumental", "symphonic metal with violin solo"])
def test_driven_guitars_rest_while_a_soft_instrument_has_the_tune(prompt: str) -> None:
    score = _score(prompt, 1)
    guitars = [n for t in score.tracks if t.role == "chords" and t.program in (29, 30) for n in t.notes]
    leads = [n for t in score.tracks if t.role == "lead" for n in t.notes]
    solos = [section for section in score.sections if section.kind == "solo"]
    assert solos
    for solo in solos:
        end = solo.start + solo.bars * bar_of(score)
        assert any(solo.start <= n.start < end for n in leads)
        assert not any(solo.start < n.start < end - 1 for n in guitars)
    assert guitars


def test_a_named_instrument_with_the_tune_does_not_answer_itself() -> None:
    for seed in range(4):
        made = plan(Request("celtic music with fiddle", seed=seed, instrumental=True))
        band = seats(made, Dice(made.origin, made.seed))
        assert [seat.role for seat in band if seat.instrument == "fiddle"] == ["lead"]


def test_indian_classical_music_has_no_bass_guitar() -> None:
    played = {t.instrument for seed in range(4) for t in _score("indian classical", seed).tracks}
    assert not played & {"bass", "upright bass", "guzheng", "pipa", "piano"}


def test_a_named_drummer_opens_the_song() -> None:
    score = _score("hard rock, the drums hit like a truck", 2)
    first = min(score.tracks, key=lambda track: (min(n.start for n in track.notes), track.role != "drums"))
    assert score.sections[0].kind == "intro"
    assert first.role == "drums"
    assert all(n.start >= 4 for t in score.tracks if t.role in ("bass", "lead") for n in t.notes)


def test_named_drums_do_not_always_begin_beside_an_instrument_that_is_to_open_the_song() -> None:
    begins = {name: [_drums_begin(prompt, seed) for seed in range(12)] for name, prompt in _OPENINGS.items()}
    assert all(begins["drums"])
    assert not all(begins["piano"])


_OPENINGS = {"drums": "rock, pounding drums", "piano": "rock, pounding drums, piano intro"}


def _drums_begin(prompt: str, seed: int) -> bool:
    drums = next(track for track in _score(prompt, seed).tracks if track.role == "drums")
    return min(note.start for note in drums.notes) < 4


@pytest.mark.parametrize("prompt", ["funk, wah guitar, male vocal", "latin pop with spanish guitar, female vocal"])
def test_a_song_with_vocals_introduces_the_instrument_that_is_named(prompt: str) -> None:
    for seed in range(3):
        assert _kinds(f"{prompt}, 45 seconds", seed)[0] == "intro"
        assert "intro" not in _kinds(f"{prompt}, 45 seconds, no intro", seed)


def _kinds(prompt: str, seed: int) -> list[str]:
    return [section.kind for section in compose(plan(Request(prompt, seed=seed))).sections]


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("minimal techno with a rubbery bassline", "synth bass"), ("electro, buzzing bass", "synth bass"),
        ("rockabilly with a tight bass", "upright bass"), ("techno with bass guitar", "bass"),
        ("rock, driving bass", "bass"),
    ],
)  # fmt: skip
def test_a_bass_of_any_kind_is_the_genres_own(prompt: str, instrument: str) -> None:
    assert {track.instrument for track in _score(prompt, 1).tracks if track.role == "bass"} == {instrument}


def test_the_genres_own_bass_begins_the_song_if_the_prompt_says_so() -> None:
    for seed in range(3):
        score = compose(plan(Request("techno, starts with bass", seed=seed)))
        assert min(note.start for track in score.tracks if track.role == "bass" for note in track.notes) < 1


def test_the_genres_own_bass_waits_for_the_section_whose_prompt_names_it() -> None:
    parts = (WeightedPrompt("piano", 0.5, 0.0, 0.5), WeightedPrompt("bass", 0.5, 0.5, 1.0))
    score = compose(plan(Request("techno", seed=7, prompts=parts)))
    assert min(note.start for t in score.tracks if t.role == "bass" for note in t.notes) > 0.4 * score.beats


def test_a_locked_band_with_its_own_bass_gets_no_other() -> None:
    first = compose(plan(Request("techno", seed=7)))
    locks = Locks(like="techno", band=first.band)
    again = score_of(Request("techno with bass", seed=7, locks=locks))
    edit = SongEdit("replace", section=first.sections[5].name, prompt="more bass", seed=3)
    edited = score_of(Request("techno", seed=7, edits=(edit,)))
    for score in (first, again, edited):
        assert [track.instrument for track in score.tracks if track.role == "bass"] == ["synth bass"]


def test_the_genres_own_bass_is_not_an_excluded_one() -> None:
    score = compose(plan(Request("trap with a bass, no 808", seed=1)))
    assert {track.instrument for track in score.tracks if track.role == "bass"}.isdisjoint({"808"})


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("1980s power ballad", "power ballad"), ("rock ballad", "power ballad"), ("piano ballad", "ballad"),
        ("dirty hard rock boogie", "hard rock"),
    ],
)  # fmt: skip
def test_a_rock_ballad_is_no_pop_ballad_and_a_boogie_is_no_disco(prompt: str, genre: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.blend) == (genre, None)


def test_a_power_ballad_has_driven_guitars() -> None:
    for seed in range(4):
        assert "overdriven guitar" in {track.instrument for track in _score("power ballad", seed).tracks}


def test_no_saxophone_leads_a_grunge_band() -> None:
    for genre in ("grunge", "alternative rock", "hard rock"):
        played = {track.instrument for seed in range(6) for track in _score(genre, seed).tracks}
        assert not played & {"sax", "tenor sax", "upright bass"}
