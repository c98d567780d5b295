"""Players as people list them: with commas, slashes and abbreviations, as sections, and beside what they play."""

from __future__ import annotations

from collections import Counter

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_QUARTET = "violin, violin, viola, cello"
_OCTET = "oboe, oboe, clarinet, clarinet, french horn, french horn, bassoon, bassoon"


def _score(prompt: str, seed: int = 3) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=30.0)))


def _players(score: Score) -> set[str]:
    return {track.instrument for track in score.tracks if track.role != "vocal"}


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("guitar, bass, drums, female vocals", "electric guitar, bass, drums", "female"),
        ("vocals/guitar/cajon", "acoustic guitar, cajon", "any"),
        ("one man and a guitar", "acoustic guitar", "male"),
        ("guitar only no singing", "electric guitar", "none"),
        ("violin vs cello", "violin, cello", "none"),
        ("pno, vln, vc", "piano, violin, cello", "none"),
        ("guitar and string quartet", f"nylon guitar, {_QUARTET}", "none"),
        ("four hands piano", "piano, piano", "none"),
        ("one violin", "violin", "none"),
        ("solo de violín", "violin", "none"),
        ("violn and paino", "violin, piano", "none"),
        ("opera, piano and cello", "piano, cello", "female"),
    ],
)
def test_players_as_people_type_them(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert Counter(made.cast) == Counter(players.split(", "))
    assert made.vocals == voice
    assert not made.ignored


@pytest.mark.parametrize("prompt", ["orchestra", "violin and orchestra", "piano and orchestra", "flute with orchestra"])
def test_an_orchestra_is_classical_and_nobody_sings_to_it(prompt: str) -> None:
    for seed in range(5):
        score = _score(prompt, seed)
        assert score.plan.genre in ("classical", "symphonic", "cinematic")
        assert score.plan.vocals == "none"
        assert prompt == "orchestra" or score.plan.genre == "classical"


@pytest.mark.parametrize("prompt", ["orchestra and choir", "choir and orchestra", "organ, choir and orchestra"])
def test_a_choir_with_an_orchestra_is_choral(prompt: str) -> None:
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(5)} == {"choral"}


def test_a_misspelled_word_is_one_that_ends_alike() -> None:
    assert plan(Request("violn")).instruments == ("violin",)
    assert plan(Request("drake feat. violin")).ignored == ("drake",)


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("flute and guitar bossa nova", "flute, nylon guitar", "none"),
        ("bossa nova guitar and soft female voice", "nylon guitar", "female"),
        ("trio sonata", "violin, violin, cello, harpsichord", "none"),
        ("trio sonata for two flutes and continuo", "flute, flute, harpsichord", "none"),
        ("church organ, solemn, funeral", "church organ", "none"),
        ("relaxing harp music for sleep", "harp", "none"),
        ("chicago blues harp solo", "harmonica", "none"),
        ("mass for four voices", "vocal choir", "any"),
        ("piano, classical", "piano", "none"),
        ("duet, male and female, piano", "piano", "any"),
    ],
)
def test_players_beside_what_they_play(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert (Counter(made.cast), made.vocals) == (Counter(players.split(", ")), voice)


@pytest.mark.parametrize(
    "prompt", ["country duet, male and female", "musical theatre duet with piano", "country duet with guitar"]
)
def test_a_duet_of_a_sung_genre_is_sung(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).vocals == "any"


@pytest.mark.parametrize("prompt", ["upbeat guitar for dancing", "blues guitar", "country guitar instrumental"])
def test_a_guitar_to_dance_to_or_of_a_genre_has_a_band(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).cast == ()


def test_a_choir_of_men_and_women_is_mixed() -> None:
    assert plan(Request("pop, a choir of men and women")).instruments == ("choir",)


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("just me and my guitar", "electric guitar", "any"),
        ("two voices and a guitar", "acoustic guitar", "any"),
        ("all female string quartet", _QUARTET, "none"),
        ("alto, tenor, bari, drums", "sax, tenor sax, baritone sax, drums", "none"),
        ("woodwinds only", "flute, oboe, clarinet, bassoon", "none"),
        ("horn section and drums", "trumpet, tenor sax, trombone, drums", "none"),
        ("voice, cello", "cello", "any"),
        ("beatbox and flute", "beatboxing, flute", "none"),
        ("horn, violin and piano", "french horn, violin, piano", "none"),
        ("two horns and strings", "french horn, french horn, strings", "none"),
        ("fiddle and guitar, irish", "fiddle, acoustic guitar", "none"),
        ("organ, two violins and cello", "church organ, violin, violin, cello", "none"),
        (
            "wind octet",
            ", ".join(two for one in ("oboe", "clarinet", "french horn", "bassoon") for two in (one, one)),
            "none",
        ),
        ("arpeggios on a harp", "harp", "none"),
    ],
)
def test_sections_horns_and_voices_in_lists(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert (Counter(made.cast), made.vocals) == (Counter(players.split(", ")), voice)


def test_a_beatboxer_plays_the_drums_and_a_choir_with_a_band_is_not_alone() -> None:
    roles = {track.instrument: track.role for track in _score("beatbox and flute").tracks}
    assert roles == {"beatboxing": "drums", "flute": "lead"}
    assert plan(Request("choir and band", seed=3)).cast == ()


@pytest.mark.parametrize(
    ("prompt", "genre"), [("harpsichord and strings", "baroque"), ("string sextet", "chamber music")]
)
def test_ensembles_of_the_concert_hall(prompt: str, genre: str) -> None:
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(5)} == {genre}


@pytest.mark.parametrize("prompt", ["piano, bass and drums", "vibraphone and bass"])
def test_a_jazz_trio_that_is_only_listed_has_an_upright_bass(prompt: str) -> None:
    assert "upright bass" in _players(_score(prompt))


@pytest.mark.parametrize(
    ("prompt", "players", "voice"),
    [
        ("folk singer with banjo", "banjo", "any"),
        ("country singer with guitar", "acoustic guitar", "any"),
        ("piano cover", "piano", "none"),
        ("narrator and strings", "strings", "any"),
        ("guitar no effects", "acoustic guitar", "none"),
        ("creepy music box", "music box", "none"),
        ("viola e piano", "viola, piano", "none"),
        ("orquesta y coro", "strings, choir", "choir"),
        ("Akustikgitarre und Mundharmonika", "acoustic guitar, harmonica", "none"),
        ("Irish reel, flute and fiddle", "flute, fiddle", "none"),
        ("8 bars of funk drums", "drums", "none"),
        ("8 bars of rock guitar and drums", "electric guitar, drums", "none"),
        ("polka, accordion and tuba", "accordion, tuba", "none"),
        ("vibes, bass, drums, piano", "vibraphone, bass, drums, piano", "none"),
        ("jazz quintet: sax, trumpet, vibes, bass, drums", "sax, trumpet, vibraphone, upright bass, drums", "none"),
        ("vibes and bass duo", "vibraphone, bass", "none"),
    ],
)
def test_lists_in_more_words(prompt: str, players: str, voice: str) -> None:
    made = plan(Request(prompt, seed=3))
    assert (Counter(made.cast), made.vocals) == (Counter(players.split(", ")), voice)


@pytest.mark.parametrize(
    "prompt", ["lofi, piano, vibes", "piano, chill vibes", "summer vibes, guitar", "no sax, vibes, drums, funk"]
)
def test_vibes_are_no_instrument_elsewhere(prompt: str) -> None:
    assert "vibraphone" not in plan(Request(prompt)).instruments


def test_steel_in_a_list_is_a_pedal_steel() -> None:
    assert plan(Request("country queen, fiddle and steel")).instruments == ("fiddle", "pedal steel")
    assert plan(Request("folk, drums of steel and bone")).instruments == ("drums",)


@pytest.mark.parametrize("prompt", ["gospel blues slide guitar", "sea shanty accordion", "doo-wop guitar"])
def test_an_instrument_beside_a_style_that_is_always_sung_has_a_singer(prompt: str) -> None:
    assert plan(Request(prompt)).vocals == "male"
    assert plan(Request("blues slide guitar")).vocals == "none"


@pytest.mark.parametrize(
    "prompt",
    [
        "lofi piano",
        "rock, 8 bars of drums",
        "string quartet with rock band",
        "modern country, male singer, drums and twangy guitars",
        "rock singer with piano",
    ],
)
def test_these_have_a_band(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).cast == ()


@pytest.mark.parametrize("prompt", ["violin cover of a pop song", "saxophone cover", "guitar instrumental rock"])
def test_a_cover_on_an_instrument_is_not_sung(prompt: str) -> None:
    assert {plan(Request(prompt, seed=seed)).vocals for seed in range(5)} == {"none"}


@pytest.mark.parametrize(
    "prompt",
    [
        "easy listening for a hotel lobby, vibraphone and soft strings",
        "pop for a road trip, guitars and drums",
        "soft jazz for dinner, piano and bass",
        "sixties soul stomper, brass",
    ],
)
def test_music_for_a_place_or_a_dance_is_not_for_the_players_that_follow_only(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).cast == ()


def test_a_style_with_stamping_feet_is_sung() -> None:
    assert plan(Request("glam rock stomp, 1973")).vocals == "any"
    assert plan(Request("claps and stomps")).vocals == "none"


def test_a_lament_is_played() -> None:
    assert plan(Request("celtic lament for low whistle")).vocals == "none"
    assert plan(Request("celtic lament song")).vocals == "any"
