"""The plan is reproducible, varies with the seed, and is robust against any text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.prompt import plan, plan_json, recognize
from riffusion_tui.studio.engine.song_plan import RecognizedTerm, pulse_of
from riffusion_tui.studio.engine.song_request import Request, WeightedPrompt
from riffusion_tui.studio.engine.understand.timing.tempo import dotted
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import lexicon
from riffusion_tui.studio.engine.understand.words.tokens import tokenize


def test_another_process_makes_the_same_plan() -> None:
    program = (
        "import json; from riffusion_tui.studio.engine.song_request import Request; "
        "from riffusion_tui.studio.engine.prompt import plan, plan_json; "
        "print(json.dumps(plan_json(plan(Request('rainy city song', 5)))))"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(other.stdout) == json.loads(json.dumps(plan_json(plan(Request("rainy city song", 5)))))


def test_seeds_vary_only_what_the_prompt_leaves_open() -> None:
    plans = [plan(Request("deep house in A minor with piano", seed)) for seed in range(30)]
    assert len({made.bpm for made in plans}) > 3
    assert {(made.genre, made.key, made.mode, made.instruments) for made in plans} == {
        ("deep house", "A", "minor", ("piano",))
    }
    assert all(118 <= made.bpm <= 124 for made in plans)
    assert len({(made.key, made.mode) for made in (plan(Request("deep house", seed)) for seed in range(30))}) > 8


def test_stating_a_value_does_not_change_the_other_draws() -> None:
    one, other = plan(Request("house", 3)), plan(Request("house", 3, length_s=40))
    assert replace(other, length_s=one.length_s, chosen=one.chosen) == one


def test_chosen_lists_the_values_that_were_drawn() -> None:
    made = plan(Request("techno, 130 bpm, no vocals"))
    assert set(dict(made.chosen)) == {"key", "mode", "meter", "length_s"}
    assert dict(made.chosen)["key"] == made.key
    assert "meter" not in dict(plan(Request("a waltz for two")).chosen)
    assert set(dict(plan(Request("")).chosen)) == {"genre", "bpm", "key", "mode", "meter", "vocals", "length_s"}


def test_understood_and_ignored_share_no_word() -> None:
    made = plan(Request("a zorgly piano with flarb"))
    assert made.ignored == ("zorgly", "flarb")
    assert RecognizedTerm("piano", "instrument", "piano") in made.understood


def test_words_of_the_subject_are_not_ignored_in_lyrics_that_the_engine_writes() -> None:
    assert plan(Request("a lullaby for my daughter Mia, zorgly")).ignored == ("zorgly",)
    assert plan(Request("death metal song about taxes")).ignored == ()
    assert plan(Request("death metal song about taxes", lyrics="Growl")).ignored == ("taxes",)


@pytest.mark.parametrize(
    "prompt", ["power trio, hard rock", "flamenco guitar duo", "a trio for oboe, bassoon and piano"]
)
def test_the_size_of_an_ensemble_is_not_ignored(prompt: str) -> None:
    assert plan(Request(prompt)).ignored == ()


@pytest.mark.parametrize(
    "prompt",
    ["happy wedding song with our names", "a song that is slow", "happy song about sad things", "music about my dog"],
)
def test_a_song_is_sung(prompt: str) -> None:
    sung = [plan(Request(prompt, seed)).vocals != "none" for seed in range(40)]
    assert sum(sung) >= 38


def test_a_song_that_is_not_sung_is_none() -> None:
    assert {
        plan(Request(f"{words} song", seed)).vocals for words in ("instrumental", "a no vocals") for seed in range(9)
    } == {"none"}
    assert "none" in {plan(Request("music for a film", seed)).vocals for seed in range(9)}


def test_words_for_a_length_are_not_ignored() -> None:
    made = plan(Request("very short jingle, 15 seconds"))
    assert (made.length_s, made.ignored) == (15.0, ())
    assert plan(Request("calm piano, 2 minutes long")).ignored == ()


def test_a_muted_trumpet_can_be_a_trumpet_with_mute() -> None:
    assert plan(Request("jazz, trumpet with mute, piano")).instruments == ("muted trumpet", "piano")


def test_happy_hardcore_is_in_major() -> None:
    assert {plan(Request("happy hardcore", seed)).mode for seed in range(12)} <= {"major", "mixolydian"}


def test_options_override_the_prompt() -> None:
    made = plan(Request("pop song with female vocals, 3 minutes", instrumental=True, length_s=42))
    assert (made.vocals, made.length_s) == ("none", 42)
    assert "vocals" in made.avoided


@pytest.mark.parametrize(
    ("prompt", "modes"),
    [
        ("pop in the key of G", {"major", "mixolydian"}),
        ("cinematic, key of G", {"major", "lydian"}),
        ("blues in E", {"mixolydian", "major"}),
        ("house in F", {"major"}),
        ("sad ballad in D", {"minor", "dorian", "harmonic minor"}),
        ("death metal in B", {"phrygian", "minor", "locrian", "harmonic minor"}),
        ("pop, sad, key of G minor", {"minor"}),
    ],
)
def test_a_key_without_its_mode_is_major_where_genre_and_mood_allow(prompt: str, modes: set[str]) -> None:
    assert {plan(Request(prompt, seed)).mode for seed in range(12)} <= modes


def test_vocals_follow_the_genre_unless_stated() -> None:
    assert plan(Request("folk rock")).vocals == "any"
    assert plan(Request("folk rock", instrumental=True)).vocals == "none"
    assert plan(Request("folk rock, no vocals")).vocals == "none"
    assert plan(Request("ambient")).vocals == "none"
    assert plan(Request("solo piano and nothing else")).vocals == "none"


def test_additional_prompts_affect_their_part() -> None:
    parts = (WeightedPrompt("aggressive distorted guitar", 0.8, 0.5, 1.0), WeightedPrompt("", 0.2, 0.0, 0.5))
    made = plan(Request("calm piano", prompts=parts))
    first, second = made.parts
    assert first.instruments == ("distorted guitar",)
    assert first.energy > made.energy
    assert (second.energy, second.instruments) == (made.energy, ())


def test_the_strongest_additional_prompt_leads_without_a_main_one() -> None:
    parts = (WeightedPrompt("jazz", 0.2), WeightedPrompt("reggae", 0.9))
    assert plan(Request("", prompts=parts)).genre == "reggae"


@pytest.mark.parametrize(
    ("less", "more", "field"),
    [
        ("calm pop", "energetic pop", "energy"),
        ("sparse pop", "dense pop", "density"),
        ("dark pop", "bright pop", "brightness"),
        ("slightly dark pop", "pop", "brightness"),
        ("very dark pop", "slightly dark pop", "brightness"),
    ],
)
def test_descriptive_words_move_the_value_they_name(less: str, more: str, field: str) -> None:
    assert getattr(plan(Request(less)), field) < getattr(plan(Request(more)), field)


def test_every_genre_is_recognized_by_its_name_and_complete() -> None:
    assert len(tables.genres()) >= 40
    known = tables.instruments()
    for name, genre in tables.genres().items():
        made = plan(Request(name))
        assert (made.genre, dict(made.chosen).get("genre")) == (name, None)
        low, high = genre.bpm if pulse_of(made.meter) == 1 else map(dotted, genre.bpm)
        assert low <= made.pulse <= high
        assert set(genre.instruments) <= set(known)
        assert genre.vocals in ("none", "male", "female", "choir", "any")


def test_every_instrument_is_recognized_by_every_word_for_it() -> None:
    for name, words in tables.instrument_names().items():
        for word in (name, *words):
            assert name in {recognized.meaning for recognized in recognize(word) if recognized.kind == "instrument"}, (
                word
            )


def test_the_tables_reference_existing_entries() -> None:
    genres = set(tables.genres())
    assert set(tables.instrument_names()) == set(tables.instruments())
    for color in tables.colors().values():
        assert set(color.genres) <= genres, color.name
    hints = read_data("lexicon/hints.toml")
    assert set(hints["instruments"]) <= set(tables.instruments())
    for words in (words for table in hints.values() for words in table.values()):
        assert set(split_words(words)) <= genres, words


_PIECES = st.lists(
    st.sampled_from(
        sorted(" ".join(parts) for by in lexicon().phrases.values() for rows in by.values() for parts, _ in rows)
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), _PIECES.map(" ".join), _PIECES.map(", no ".join)), st.integers())
def test_any_text_gives_a_valid_plan(text: str, seed: int) -> None:
    made = plan(Request(text, seed))
    assert 30 <= made.bpm <= 300
    assert 5 <= made.length_s <= 600
    assert made.genre in tables.genres()
    assert made.meter[1] in (2, 4, 8, 16)
    assert not set(made.avoided) & set(made.instruments)
    assert all(0 <= value <= 1 for value in (made.energy, made.density, made.brightness))
    json.dumps(plan_json(made))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "🎸🔥🥁",
        "雨の夜のピアノ、ゆっくり",
        "грустная песня",
        "أغنية حزينة",
        "\x1b[31mred\x00",
        "\ud800",
        "a" * 20_000,
        "?!.,;" * 500,
    ],
    ids=["empty", "blank", "emoji", "japanese", "russian", "arabic", "control", "surrogate", "long", "marks"],
)
def test_difficult_texts_give_plans(text: str) -> None:
    assert plan(Request(text)).bpm > 0


@pytest.mark.parametrize(
    "piece",
    [
        "no drums or ",
        "120 bpm in A minor 3/4 ",
        "she sings in a ",
        "guittar zxcvbn ",
        "about ",
        "key of ",
        "C G Am F ",
        "I V vi ",
    ],
)
def test_time_grows_in_proportion_to_the_length(piece: str) -> None:
    def took(size: int, start: int) -> float:
        text = (piece * size)[start : start + size]  # another text each time: a prompt is read only once
        begun = time.process_time()
        recognize(text)
        return time.process_time() - begun

    took(2_000, 0)
    short, long = min(took(2_500, start) for start in range(3)), min(took(10_000, start) for start in range(2))
    assert long < max(0.05, 12 * short)


def test_analyzing_a_prompt_is_quick() -> None:
    """Compared with splitting the same text into words at the same moment, it takes about eight times as long."""
    text = "A slow waltz-time country ballad with fiddle, steel guitar, bass and light drums, sung by a woman. " * 5

    def took(work: Callable[[str], object]) -> float:
        def once(count: int) -> float:
            begun = time.process_time()
            work(f"{text}{count}")
            return time.process_time() - begun

        return min(once(count) for count in range(7))

    recognize(text)
    assert took(recognize) < 40 * took(tokenize)


def test_understanding_loads_no_numpy() -> None:
    program = "import sys, riffusion_tui.studio.engine.prompt as p; p.recognize('x'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_cappella_has_only_voices() -> None:
    made = plan(Request("a cappella, female vocals"))
    assert (made.vocals, made.instruments) == ("female", ("vocal choir",))
    assert "only these" in made.structure
    assert {"drums", "bass"} <= set(made.avoided)


def test_a_plain_guitar_becomes_the_genres_kind() -> None:
    assert plan(Request("flamenco with guitar")).instruments == ("nylon guitar",)
    assert plan(Request("bluegrass with guitar")).instruments == ("acoustic guitar",)
    assert plan(Request("rock with guitar")).instruments == ("electric guitar",)
    assert plan(Request("folk with electric guitar")).instruments == ("electric guitar",)


@pytest.mark.parametrize("prompt", ["quiet guitar", "a sad guitar", "slow guitar"])
def test_a_quiet_guitar_is_acoustic_and_not_rock(prompt: str) -> None:
    plans = [plan(Request(prompt, seed=seed)) for seed in range(20)]
    assert {made.instruments for made in plans} == {("acoustic guitar",)}
    assert not {made.genre for made in plans} & {"rock", "indie rock", "soft rock", "funk", "pop"}


@pytest.mark.parametrize(
    ("prompt", "lyrics", "voice"),
    [
        ("techno, 132 bpm", None, "none"),
        ("dark ambient", "", "none"),
        ("pop", None, "any"),
        ("techno with a female singer", None, "female"),
        ("techno, 132 bpm", "Dance all night", "any"),
        ("solo piano", "Dance all night", "any"),
        ("instrumental techno", "Dance all night", "none"),
    ],
)
def test_an_instrumental_genre_is_sung_if_vocals_or_lyrics_are_requested(
    prompt: str, lyrics: str | None, voice: str
) -> None:
    assert plan(Request(prompt, seed=3, lyrics=lyrics)).vocals == voice


@pytest.mark.parametrize("prompt", ["arpeggios on a harp", "harp arpeggios", "arpeggiated piano"])
def test_arpeggios_of_an_instrument_suggest_no_synthesizers(prompt: str) -> None:
    genres = {plan(Request(prompt, seed=seed)).genre for seed in range(60)}
    assert not genres & {"synthwave", "trance", "electronic", "techno"}


@pytest.mark.parametrize(
    "prompt",
    [
        "jazz ballad",
        "country ballads",
        "80s hair metal ballad",
        "indie ballad",
        "a soul ballad, male singer",
        "torch song, jazz club",
    ],
)
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_ballad_of_any_genre_is_slow(prompt: str, seed: int) -> None:
    assert plan(Request(prompt, seed=seed)).pulse <= 84


def test_a_ballad_that_tells_a_story_or_has_a_tempo_is_as_fast_as_usual() -> None:
    assert max(plan(Request("an Irish folk ballad", seed=seed)).pulse for seed in range(5)) > 84
    assert plan(Request("fast country ballad")).bpm > 110


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("oldies", "rock and roll"),
        ("hard bop, sax and trumpet", "bebop"),
        ("texas blues rock", "blues rock"),
        ("chillout lounge", "downtempo"),
        ("baroque pop with strings", "indie pop"),
        ("slowcore", "dream pop"),
        ("an indie song about the sea", "indie rock"),
        ("indie pop", "indie pop"),
        ("symphonic prog from the 70s with flute and guitar", "progressive rock"),
        ("a prog epic", "progressive rock"),
        ("bakersfield sound", "country"),
    ],
)
def test_names_of_styles_belong_to_the_nearest_genre(prompt: str, genre: str) -> None:
    assert plan(Request(prompt)).genre == genre


@pytest.mark.parametrize(
    ("prompt", "era"),
    [
        ("60s soul", "1960s"), ("90s dance", "1990s"), ("50s rock", "1950s"), ("sixties soul", "1960s"),
        ("fifties pop", "1950s"), ("modern rock", None),
    ],
)  # fmt: skip
def test_a_decade_in_the_name_of_a_genre_is_the_era(prompt: str, era: str | None) -> None:
    assert plan(Request(prompt)).era == era


@pytest.mark.parametrize("prompt", ["classical guitar piece, instrumental", "solo classical guitar", "guitar etude"])
def test_a_classical_guitar_plays_classical_music_alone(prompt: str) -> None:
    for seed in range(1, 4):
        made = plan(Request(prompt, seed=seed))
        assert (made.genre, made.vocals) == ("classical guitar", "none")
        assert {track.instrument for track in compose(made).tracks} == {"nylon guitar"}


@pytest.mark.parametrize(
    ("prompt", "genre"), [("folk song, classical guitar", "folk"), ("flamenco guitar", "flamenco")]
)
def test_a_classical_guitar_in_another_genre_is_only_an_instrument(prompt: str, genre: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.blend) == (genre, None)
