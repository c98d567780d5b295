"""Prompts as people write them, of which a part was lost or misread."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.understand.words.tables import genres
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("rock and roll, piano like Jerry Lee Lewis", "piano"),
        ("blues, guitar like Hendrix", "electric guitar"),
        ("country, a guitar like in a western", "electric guitar"),
        ("jazz, organ like the old masters", "organ"),
    ],
)
def test_an_instrument_that_is_compared_to_a_players_is_one(prompt: str, instrument: str) -> None:
    names = planned(prompt).instruments
    assert len(names) == 1
    assert instrument in names or "guitar" in names[0]


def test_an_adjective_of_an_instrument_is_none() -> None:
    assert planned("ambient, bell-like tones").instruments == ()
    assert planned("techno with guitar-like textures").instruments == ()


@pytest.mark.parametrize(
    ("prompt", "tempo"),
    [
        ("drum and bass at 174 with a female MC", 174),
        ("techno at 128 and a dark bassline", 128),
        ("house at 124 for running", 124),
        ("metal at 200, fast", 200),
    ],
)
def test_a_tempo_after_at_needs_no_unit(prompt: str, tempo: float) -> None:
    made = planned(prompt)
    assert made.pulse == tempo
    assert made.ignored == ()


@pytest.mark.parametrize("prompt", ["a song about grandma at 80 with a cane", "pop about a party at 110 Main Street"])
def test_other_numbers_after_at_are_no_tempo(prompt: str) -> None:
    assert "bpm" in dict(planned(prompt).chosen)


@pytest.mark.parametrize(
    ("prompt", "production"),
    [
        ("ska punk about skipping school", ()),
        ("pop song about living underwater", ()),
        ("folk song about a crowd in a distant city, live recording", ("live",)),
        ("rock about a lost love with lots of reverb", ("reverberant",)),
    ],
)
def test_words_of_the_subject_say_nothing_of_the_sound(prompt: str, production: tuple[str, ...]) -> None:
    assert planned(prompt).production == production


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("progressive rock in 7/8 with changing meters", "The studio keeps one meter throughout a song."),
        ("math rock, meter changes", "The studio keeps one meter throughout a song."),
        ("prog, changing time signatures", "The studio keeps one meter throughout a song."),
        ("grunge, whispered verses, screamed choruses", "The singer keeps one manner of singing throughout a song."),
        ("metal, growled verses and clean choruses", "The singer keeps one manner of singing throughout a song."),
        ("metal, clean and harsh vocals", "The singer keeps one manner of singing throughout a song."),
        (
            "the verse is rapped and the chorus is sung, pop",
            "The singer keeps one manner of singing throughout a song.",
        ),
        ("country, verses spoken, chorus sung", "The singer keeps one manner of singing throughout a song."),
        ("rock, screamed chorus", "The singer keeps one manner of singing throughout a song."),
        ("metal, clean vocals in the chorus", "The singer keeps one manner of singing throughout a song."),
        ("pop, whisper in the verse, belt in the chorus", "The singer keeps one manner of singing throughout a song."),
        ("rap in the verses, singing in the chorus", "The singer keeps one manner of singing throughout a song."),
        ("mongolian throat singing", "The studio can't sing overtones; an ordinary voice takes their place."),
        ("khoomei with a drum", "The studio can't sing overtones; an ordinary voice takes their place."),
    ],
)
def test_what_cannot_be_kept_is_said(prompt: str, limit: str) -> None:
    assert limit in planned(prompt).limits


@pytest.mark.parametrize(
    "prompt",
    [
        "metal, growled and screamed vocals",
        "rock, raspy voice",
        "math rock in 7/8, no meter changes",
        "mongolian folk",
        "pop, clean verses",
        "pop, spoken intro",
        "rock, screamed verses and screamed choruses",
    ],
)
def test_what_is_kept_is_no_limit(prompt: str) -> None:
    assert planned(prompt).limits == ()


@pytest.mark.parametrize("prompt", ["a villain's theme, bassoon, sneaky", "the hero's theme", "opening theme, brass"])
def test_a_theme_of_somebody_is_film_music(prompt: str) -> None:
    for seed in range(4):
        made = planned(prompt, seed)
        assert made.genre == "cinematic"
        assert made.vocals == "none"


def test_half_the_tempo_is_slow() -> None:
    assert max(planned("ragtime, half tempo", seed).pulse for seed in range(6)) <= 90


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("rock, 3 and a half minutes", 210),
        ("a two-and-a-half-minute pop song", 150),
        ("jazz, 2½ minutes", 150),
        ("half a minute of polka", 30),
        ("ballad around four minutes", 240),
        ("techno, about 3 minutes", 180),
        ("rock, around 2 minutes long", 120),
    ],
)
def test_a_length_with_halves_or_about(prompt: str, seconds: float) -> None:
    made = planned(prompt)
    assert made.length_s == seconds
    assert made.limits == ()
    assert made.ignored == ()


def test_around_a_moment_is_no_length() -> None:
    assert "length_s" in dict(planned("techno, the drop comes around 2 minutes").chosen)
    assert "length_s" in dict(planned("techno with a break around the 2 minute mark").chosen)


@pytest.mark.parametrize("prompt", ["EDM without a drop", "dubstep, no drops", "trance with no drop"])
def test_without_a_drop_there_are_choruses(prompt: str) -> None:
    for seed in range(4):
        kinds = [section.kind for section in compose(planned(prompt, seed)).sections]
        assert "drop" not in kinds
        assert "chorus" in kinds


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("banjo-free bluegrass", "banjo"),
        ("a piano-free jazz combo", "piano"),
        ("violin-free classical piece", "violin"),
    ],
)
def test_an_instrument_before_free_is_excluded(prompt: str, name: str) -> None:
    made = planned(prompt)
    assert name in made.avoided
    assert name not in made.instruments
    assert made.moods == ()


def test_free_before_music_excludes_nothing() -> None:
    assert "piano" in planned("piano, free jazz").instruments
    assert planned("saxophone free improvisation").instruments == ("sax",)


def test_electric_guitars_of_another_language_are_electric() -> None:
    for prompt in ("rock senza chitarre elettriche", "rock sin guitarras eléctricas", "rock sans guitares électriques"):
        made = planned(prompt)
        assert "electric guitar" in made.avoided
        assert "acoustic guitar" not in made.avoided
        assert made.ignored == ()


def test_a_modulation_for_one_section_is_no_other_key_change() -> None:
    assert "key change" not in planned("blues in A, then modulate to D for the solo").structure


@pytest.mark.parametrize("prompt", ["canto gregoriano", "chant grégorien", "gregorianischer Choral"])
def test_plainchant_in_other_languages_is_sung_by_a_choir(prompt: str) -> None:
    made = planned(prompt)
    assert (made.genre, made.vocals, made.language) == ("plainchant", "choir", "la")
    assert made.cast == ("choir",)


@pytest.mark.parametrize("prompt", ["acoustic version of a techno track", "unplugged house"])
def test_machines_in_an_acoustic_version_are_a_limit(prompt: str) -> None:
    assert any("are electronic; name acoustic ones." in limit for limit in planned(prompt).limits)
    assert planned("acoustic pop").limits == ()
    assert planned("acoustic techno on piano and cello").limits == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "beat, 140 bpm, dark",
        "hard beat 140",
        "make me a beat",
        "freestyle beat",
        "J. Cole type beat",
        "a beat for rapping",
        "sick beat with flute",
    ],
)
def test_a_beat_is_instrumental_hip_hop(prompt: str) -> None:
    for seed in range(6):
        made = planned(prompt, seed)
        assert genres()[made.genre].family == "hip hop"
        assert made.vocals == "none"


@pytest.mark.parametrize("prompt", ["flute, steady beat", "drum beat, 100 bpm", "a song with a strong beat"])
def test_other_beats_are_drums(prompt: str) -> None:
    assert "hip hop" not in {genres()[planned(prompt, seed).genre].family for seed in range(2)}


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("can you do a metal version of happy birthday", "metal"), ("country version of a lullaby", "country"),
        ("motown girl group", "motown"),
        ("sea shanty but techno", "techno"), ("a villain song for a musical", "musical theatre"),
        ("música alegre para niños", "children's"), ("Musik für Kinder", "children's"),
        ("lobby music", "smooth jazz"), ("bop", "pop"), ("hard bop", "bebop"), ("trot", "trot"), ("트로트", "trot"),
        ("アニメのオープニング、女性ボーカル", "j-pop"),
        ("bollywood item number", "bollywood"), ("chicha", "cumbia"),
        ("soundtrack for a sad robot", "cinematic"), ("perfect soundtrack for studying, lofi", "lo-fi"),
        ("mathcore, screaming", "metalcore"), ("children's lullaby in French", "lullaby"),
        ("Kammermusik für Oboe und Klavier, langsam", "chamber music"),
        ("gnawa trance with guembri", "african"), ("Klaviermusik zum Weinen", "romantic piano"),
    ],
)  # fmt: skip
def test_the_genre_is_what_people_mean(prompt: str, genre: str) -> None:
    drawn = [planned(prompt, seed).genre for seed in range(6)]
    assert drawn.count(genre) >= 4


def test_nobody_sings_in_a_documentary() -> None:
    assert {planned("music for a documentary about whales", seed).vocals for seed in range(6)} == {"none"}


@pytest.mark.parametrize(
    "prompt",
    [
        "I hate pop. give me something heavy",
        "I hate country, sad song",
        "I can't stand country, sad song",
        "I dislike pop, sad song",
    ],
)
def test_a_hated_genre_is_excluded(prompt: str) -> None:
    assert not {"pop", "country"} & {planned(prompt, seed).genre for seed in range(8)}


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("no pop", "pop"),
        ("I hate pop, make me something heavy", "pop"),
        ("no folk, acoustic guitar, sad", "folk"),
        ("no jazz, saxophone and upright bass", "jazz"),
    ],
)
def test_an_excluded_genre_excludes_its_kinds(prompt: str, word: str) -> None:
    drawn = {planned(prompt, seed).genre for seed in range(16)}
    assert {name for name in drawn if word in name} == set()


@pytest.mark.parametrize("prompt", ["disco strings, four on the floor, 120", "four on the floor"])
def test_a_way_of_drumming_is_no_list_of_players(prompt: str) -> None:
    made = planned(prompt)
    assert made.cast == ()
    assert made.vocals != "none"


def test_what_is_unaccompanied_at_first_has_a_band() -> None:
    assert planned("rock, starts a cappella, then the band joins").cast == ()


@pytest.mark.parametrize("prompt", ["ein Lied über den Herbst mit Klavier und Cello", "песня о зиме, пианино"])
def test_a_song_about_something_in_another_language_is_sung(prompt: str) -> None:
    assert "none" not in {planned(prompt, seed).vocals for seed in range(4)}


@pytest.mark.parametrize("prompt", ["no one dances like you", "nothing compares to you", "we will never go back"])
def test_a_line_of_a_song_is_sung(prompt: str) -> None:
    assert "none" not in {planned(prompt, seed).vocals for seed in range(6)}


def test_a_wish_is_no_line_of_a_song() -> None:
    assert "none" in {planned("give me something calm", seed).vocals for seed in range(6)}


def test_a_person_with_an_instrument_sings() -> None:
    assert planned("just a man in the rain with his guitar").vocals == "male"
    assert planned("a man dreams, harp and her sisters").vocals != "male"


def test_a_cowboy_is_of_the_country() -> None:
    drawn = [planned("cowboy dies at sunset, harmonica", seed).genre for seed in range(12)]
    assert sum(genre in ("country", "americana", "spaghetti western") for genre in drawn) >= 9


@pytest.mark.parametrize("seed", range(4))
def test_what_excludes_the_singer_keeps_the_genre(seed: int) -> None:
    made = planned("pop, not sung", seed)
    assert (made.genre, made.vocals) == ("pop", "none")
    assert planned("jazz guitar trio in a restaurant, for talking", seed).vocals == "none"
    assert planned("jazz, vocals replaced by a trumpet", seed).vocals == "none"


def test_instruments_talk_without_a_singer() -> None:
    assert planned("a conversation between a violin and a cello").vocals == "none"
    assert planned("pop, a conversation between two friends").vocals != "none"


def test_a_choir_in_a_section_has_a_band() -> None:
    assert planned("choir in the chorus").cast == ()
    assert planned("a choir sings a hymn").cast != ()


@pytest.mark.parametrize(
    "prompt",
    ["add a trumpet solo at the end", "drum solo in the middle, rock", "rock, guitar solo after the second chorus"],
)
def test_a_solo_in_a_part_of_the_song_is_a_section(prompt: str) -> None:
    made = planned(prompt)
    assert made.cast == ()
    assert any(hint.endswith("solo") for hint in made.structure)
