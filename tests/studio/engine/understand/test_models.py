"""Artists and works by name, and names of genres that say little."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

LIMIT = "The studio knows no artists or songs by name; describe the sound instead."


@pytest.mark.parametrize(
    "prompt",
    [
        "song in the style of Queen",
        "in the style of abba",
        "sounds like Pink Floyd",
        "rock like Nirvana",
        "a ballad like Adele would sing",
        "pop in the vein of Taylor Swift",
        "Synthwave à la Kavinsky",
        "Song in the style of early Metallica",
        "protest song, acoustic guitar, male voice, like early Dylan",
        "música al estilo de Shakira",
        "something that sounds like the band Radiohead",
        "drake type beat",
        "Like Kraftwerk, but sadder",
        "reminds me of Coldplay",
        "Metallica style",
        "Metallica-style metal",
        "Bohemian Rhapsody by Queen",
        "something like Radiohead",
        "cover of Yesterday by the Beatles",
        "jazz cover of Yesterday",
        "rock song by Nirvana",
        "like Bohemian Rhapsody",
        "similar to Hotel California",
        "Taylor Swift style pop",
        "Taylor Swift type beat",
        "pop by Taylor Swift",
        "pop, Taylor Swift",
        "B.B. King",
        "slow groove, J.J. Cale",
        "Nat King Cole style crooner",
        "Beatles-esque pop",
        "stoner rock, Kyuss worship",
        "string quartet in the style of Shostakovich",
        "in the style of shostakovich",
        "Bartók-style piano",
        "piano, sounds like Ravel",
    ],
)
def test_a_name_as_a_model_is_a_limit(prompt: str) -> None:
    assert LIMIT in plan(Request(prompt)).limits


@pytest.mark.parametrize(
    "prompt",
    [
        "rock song like a thunderstorm",
        "jazz in the style of the 1940s",
        "in the style of a spaghetti western",
        "a song that sounds like rain",
        "Sounds Like Summer Rain",
        "SOUNDS LIKE A CLUB ANTHEM",
        "In the style of Baroque music",
        "in the style of French chanson",
        "Pansori-like Korean singing",
        "a song about a girl who looks like Marilyn",
        "I like Mondays",
        "it sounds like, Paul, a garage",
        "a sea shanty, sounds like drunken sailors",
        "drums in the style of",
        "dark type beat",
        "reminds me of summer",
        "sounds like Christmas morning",
        "Bollywood style",
        "Vintage style jazz",
        "a Barbershop-style song",
        "Rock. Style: slow",
        "Smooth Jazz by Candlelight",
        "Songs by the Campfire",
        "Jazz by Night",
        "Upbeat Pop by Female Singer",
        "jazz played by French musicians",
        "something like rain",
        "Rock song about trains. Best regards, Peter Miller",
    ],
)
def test_a_comparison_with_anything_else_is_none(prompt: str) -> None:
    assert LIMIT not in plan(Request(prompt)).limits


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("korean ballad ost", "ballad"),
        ("korean ballad", "ballad"),
        ("japanese lullaby", "lullaby"),
        ("k-drama ost, sad", "ballad"),
        ("halloween song for kids", "children's"),
        ("halloween lullaby", "lullaby"),
        ("korean traditional music", "korean traditional"),
        ("korean folk song", "korean traditional"),
        ("ost", "cinematic"),
        ("reggaeton with spanish guitar", "reggaeton"),
        ("a song with spanish guitar", "flamenco"),
        ("halloween music", "horror"),
        ("rock opera finale, choir, organ", "rock"),
        ("a national anthem for an imaginary country", "march"),
        ("a folk song about my home country", "folk"),
        ("country for old men", "country"),
        ("happy hardcore", "happy hardcore"),
        ("balada romántica con piano y violín, voz masculina", "ballad"),
    ],
)
def test_a_nationality_or_an_occasion_does_not_displace_a_genre(prompt: str, genre: str) -> None:
    made = plan(Request(prompt))
    assert made.genre == genre
    assert made.vocals != "none" or genre in ("cinematic", "horror", "march")  # which nobody sings


@pytest.mark.parametrize("prompt", ["Bohemian Rhapsody by Queen, but as jazz", "jazz, Bohemian Rhapsody by Queen"])
def test_a_title_before_a_name_describes_no_music(prompt: str) -> None:
    made = plan(Request(prompt))
    assert (made.genre, made.blend, made.scenes) == ("jazz", None, ())
    assert made.ignored == ("Bohemian", "Rhapsody", "Queen")


@pytest.mark.parametrize(
    "prompt",
    ["in the style of Taylor Swift", "pop like Taylor Swift", "pop, Taylor Swift", "a pop song like Bohemian Rhapsody",
     "pop, similar to Hotel California", "Taylor Swift type beat, pop", "pop, B.B. King", "Nat King Cole style pop"],
)  # fmt: skip
def test_a_name_describes_no_music(prompt: str) -> None:
    made = plan(Request(prompt, 1))
    assert not [term for term in made.understood if term.kind in ("tempo", "place", "scene")]
    assert {term.meaning for term in made.understood if term.kind == "genre"} <= {"pop"}


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("sounds like Daft Punk", "punk"),
        ("something like Deep House", "deep house"),
        ("in the style of Swing", "swing"),
    ],
)
def test_a_genre_at_the_end_of_a_comparison_counts(prompt: str, genre: str) -> None:
    assert plan(Request(prompt, 1)).genre == genre


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [("Waltz by Strauss", "waltz"), ("Smooth Jazz by Kenny", "smooth jazz"), ("a polka by Queen", "polka")],
)
def test_a_description_before_a_name_is_no_title(prompt: str, genre: str) -> None:
    assert plan(Request(prompt)).genre == genre


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("Jersey club", "The studio has no Jersey club; house takes its place."),
        ("zouk, 90 bpm", "The studio has no zouk; latin takes its place."),
        ("highlife guitar song", "The studio has no highlife; afrobeat takes its place."),
        ("cumbia with tambora", "The studio has no tambora; a hand drum takes its place."),
        ("演歌 style, koto", "The studio has no enka; trot takes its place."),
        ("sertanejo universitário", "The studio has no sertanejo universitário; country takes its place."),
    ],
)
def test_a_note_says_which_genre_takes_the_place_of_another(prompt: str, note: str) -> None:
    assert note in plan(Request(prompt)).limits


@pytest.mark.parametrize("prompt", ["house", "trot", "jazz, no footwork", "country"])
def test_no_genre_takes_the_place_of_one_that_is_there(prompt: str) -> None:
    assert not any("takes its place" in limit for limit in plan(Request(prompt)).limits)
