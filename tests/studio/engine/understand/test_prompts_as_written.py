"""Prompts as musicians and others write them, each of which was misread."""

from __future__ import annotations

import pytest

from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("prompt", "genre", "blend"),
    [
        ("celtic metal with bagpipes", "metal", "celtic"),
        ("amapiano log drum, shakers, deep house vibe", "amapiano", "deep house"),
        ("k-pop girl group, catchy hook, rap break, EDM drop", "k-pop", None),
        ("city pop, female singer japanese", "city pop", None),
        ("k-pop, english and korean", "k-pop", None),
        ("mariachi with trumpets and a grito", "mariachi", None),
        ("circus music, calliope and tuba", "march", None),
        ("drill uk sliding 808s", "drill", None),
        ("not jazz, not blues, but something like swing", "swing", None),
        ("quiet guitar intro 10 seconds then explosion of metal", "metal", None),
        ("news broadcast intro, brass hits", "corporate", None),
        ("alphabet song", "children's", None),
        ("sea song with concertina", "sea shanty", None),
        ("phonk cowbell, lo fi tape", "phonk", None),
        ("black metal, lofi production", "black metal", None),
        ("guitar-driven, not synth-driven indie rock", "indie rock", None),
        ("banjo breakdown", "bluegrass", None),
        ("a fiddle breakdown, 1920s", "bluegrass", None),
        ("techno with a banjo breakdown", "techno", None),
        ("170 half-time drum and bass", "drum and bass", None),
        ("half-time drum and bass", "drum and bass", None),
        ("punchy drum and bass", "drum and bass", None),
    ],
)
def test_the_genre_is_the_one_that_is_meant(prompt: str, genre: str, blend: str | None) -> None:
    for seed in range(3):
        made = planned(prompt, seed)
        assert made.genre == genre
        assert blend is None or made.blend == blend
        assert blend is not None or made.blend not in ("japanese traditional", "korean traditional", "african", "house")


def test_a_trio_without_a_genre_plays_jazz_or_chamber_music() -> None:
    assert {planned("bill evans trio", seed).genre for seed in range(8)} <= {"jazz", "chamber music"}
    assert {planned("power trio", seed).genre for seed in range(8)} == {"rock"}


@pytest.mark.parametrize(
    ("prompt", "language"), [("city pop, female singer japanese", "ja"), ("rap français, boom bap, voix grave", "fr")]
)
def test_a_nationality_after_a_singer_is_a_language(prompt: str, language: str) -> None:
    assert planned(prompt).language == language


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("persian tar and daf, improvisation", ("oud", "frame drum")),
        ("gregorian chant, monks", ("male choir",)),
        ("arabic oud taqsim", ("oud",)),
        ("guitar solo with lots of distortion", ("electric guitar",)),
        ("choro flute cavaquinho 7 string guitar", ("flute", "cavaquinho", "nylon guitar")),
        ("cancion de cuna, voz suave, caja de musica", ("music box",)),
        ("viking metal choir", ()),
        ("basset horn trio", ("clarinet", "clarinet", "clarinet")),
        ("horn trio", ("french horn", "violin", "piano")),
        ("synth quartet", ("synth",) * 4),
        ("modular synth solo", ("synth",)),
        ("bandoneon and guitar tango", ("bandoneon", "nylon guitar")),
        ("drum solo with brushes", ("drums",)),
        ("it must have piano, violin, cello, and flute. nothing else.", ("piano", "violin", "cello", "flute")),
        ("jazz, alto sax and trumpet quintet", ("trumpet", "sax", "piano", "upright bass", "drums")),
        ("only female backing vocals, male lead, soul", ()),
    ],
)
def test_only_those_who_are_meant_play(prompt: str, cast: tuple[str, ...]) -> None:
    assert sorted(planned(prompt).cast) == sorted(cast)


@pytest.mark.parametrize(
    ("prompt", "instrument", "other"),
    [
        ("heavy metal con guitarras rápidas", "distorted guitar", "acoustic guitar"),
        ("progressive metal, 7-string guitars", "distorted guitar", "strings"),
        ("russian romance with guitar", "acoustic guitar", "electric guitar"),
        ("cumbia con teclado", "electric piano", "synth"),
        ("cumbia con guitarra eléctrica", "electric guitar", "nylon guitar"),
        ("choro com bandolim", "mandolin", "lute"),
        ("rock, loud bass guitar", "bass", "electric guitar"),
    ],
)
def test_the_instrument_is_the_one_that_is_meant(prompt: str, instrument: str, other: str) -> None:
    made = planned(prompt)
    assert instrument in made.instruments
    assert other not in made.instruments


@pytest.mark.parametrize(
    ("prompt", "genre", "vocals", "cast"),
    [
        ("une valse musette à l'accordéon", "musette", "none", ()),
        ("duo de guitares classiques", "", "none", ("nylon guitar", "nylon guitar")),
        ("Deutschrap mit männlicher Stimme", "hip hop", "male", ()),
        ("Marschmusik mit Trompeten", "march", "none", ()),
        ("coro gregoriano de monjes", "plainchant", "choir", ("male choir",)),
        ("rock pesado sem voz", "rock", "none", ()),
        ("sertanejo universitário", "country", "any", ()),
        ("smutna ballada fortepianowa, kobiecy głos", "ballad", "female", ()),
        ("hızlı rock, erkek sesi", "rock", "male", ()),
        ("tres flautas", "", "none", ("flute", "flute", "flute")),
        ("due violini e pianoforte", "", "none", ("violin", "violin", "piano")),
        ("gavotte for harpsichord", "baroque", "none", ("harpsichord",)),
        ("canon for three flutes", "", "none", ("flute", "flute", "flute")),
        ("kirtan with harmonium and tabla", "indian classical", "any", ()),
    ],
)
def test_prompts_in_other_languages_and_about_older_music(
    prompt: str, genre: str, vocals: str, cast: tuple[str, ...]
) -> None:
    made = planned(prompt)
    assert made.genre == (genre or made.genre)
    assert made.vocals == vocals
    assert sorted(made.cast) == sorted(cast)


def test_about_in_spanish_is_no_mood() -> None:
    assert planned("canción infantil sobre los animales").moods == ()


@pytest.mark.parametrize(
    ("prompt", "vocals"),
    [
        ("sax replaces the voice, smooth jazz", "none"),
        ("boom bap, no rap", "none"),
        ("pop, vocals only in the chorus", "any"),
        ("boom bap, no rap, female vocals", "female"),
        ("raga with harmonium female", "female"),
        ("folk about a female fox", "any"),
    ],
)
def test_the_singer_is_the_one_that_is_meant(prompt: str, vocals: str) -> None:
    assert planned(prompt).vocals == vocals


def test_names_are_not_corrected_to_music() -> None:
    made = planned("a pop song about my cat Murka, she is black")
    assert (made.genre, made.blend) == ("pop", None)
    assert planned("I want drumms and pianno").instruments == ("drums", "piano")


def test_a_quiet_start_is_an_intro() -> None:
    assert "piano intro" in planned("epic, starts quietly with piano, then drums").structure


def test_binaural_beats_are_no_drums() -> None:
    assert "drums" not in planned("binaural beats for sleep").instruments


def test_a_dash_after_tempo() -> None:
    assert planned("pop; tempo - 100; mood - happy").bpm == 100


def test_seconds_of_a_section_are_not_the_songs_length() -> None:
    assert "length_s" in dict(planned("guitar intro 10 seconds, then metal").chosen)
    assert planned("news intro 10 seconds").length_s == 10


def test_tunings_and_tempos_without_a_unit() -> None:
    made = planned("solo guitar, DADGAD tuning")
    assert (made.key, made.ignored) == ("D", ())
    assert planned("gabber 200").bpm == 200


def test_the_figures_of_a_meter_count_no_players() -> None:
    assert planned("scottish march 6/8 bagpipes").cast == ()
    assert planned("zamba 6/8 guitar and bombo").cast == ("nylon guitar", "surdo")
    assert planned("4 cellos").cast == ("cello",) * 4


@pytest.mark.parametrize(
    ("prompt", "genre", "guitars"),
    [
        ("epic orchestral, taiko. Exclude styles: rock, pop, electronic", "epic", True),
        ("dark synthpop | negative: guitar, rap", "synth-pop", False),
        ("negative space, ambient guitar", "ambient", True),
    ],
)
def test_lists_of_what_to_exclude(prompt: str, genre: str, guitars: bool) -> None:
    made = planned(prompt)
    assert (made.genre, made.blend) == (genre, None)
    assert ("guitar" not in made.avoided) == guitars


def test_a_solo_instrument_in_a_section_is_no_section() -> None:
    made = planned("intro: solo cello. verse: cello and piano. chorus: full orchestra. outro: solo cello")
    assert "in order: intro verse chorus ending" in made.structure


def test_the_first_of_two_tempos_counts() -> None:
    made = planned("the tempo starts at 80 and speeds up to 160")
    assert (made.bpm, made.limits) == (80, ("The studio keeps one tempo throughout a song.",))


@pytest.mark.parametrize("prompt", ["jazz witout drums", "jazz whitout drums", "jazz, no drumms"])
def test_what_is_misspelled_is_excluded_too(prompt: str) -> None:
    made = planned(prompt)
    assert {"drums", "percussion"} <= set(made.avoided)
    assert "drums" not in made.instruments


@pytest.mark.parametrize(
    ("prompt", "vocals"), [("femail voice pop", "female"), ("maile singer rock", "male"), ("coir and organ", "choir")]
)
def test_misspelled_singers_sing(prompt: str, vocals: str) -> None:
    assert planned(prompt).vocals == vocals


def test_vocals_in_one_part_only_leave_the_band() -> None:
    assert planned("pop, vocals only in the chorus").cast == ()
    assert planned("vocals only").cast == ("vocals",)


def test_what_is_replaced_does_not_play() -> None:
    made = planned("rock, replace the guitar with banjo")
    assert made.instruments == ("banjo",)
    assert "electric guitar" in made.avoided
