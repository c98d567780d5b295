"""Phrases for present and absent players: kinds after the name, forms of absence, pronouns, numbers."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words import tables

_NOUNS = ("drums", "percussion", "percussive instruments", "drum kit", "beat")
_ABSENCES = (
    "There is no {}.", "It has no {}.", "without any {}", "There aren't any {} in the recording.", "It lacks {}.",
    "No {} can be heard.", "The {} is missing.", "There are no vocals, bass, or {}.", "It's devoid of {} or vocals.",
    "The song uses neither {} nor bass.", "There's no singer, and there is no {} either.", "The {} has been removed.",
)  # fmt: skip


def _made(text: str, seed: int = 3) -> Plan:
    return plan(Request(text, seed))


@pytest.mark.parametrize("absence", _ABSENCES)
def test_absence_is_read_in_every_form(absence: str) -> None:
    for noun in _NOUNS:
        made = _made("A piano and a violin play a slow tune. " + absence.format(noun))
        assert set(made.instruments) == {"piano", "violin"}, noun
        assert "drums" in made.avoided, noun


@pytest.mark.parametrize(
    "text",
    [
        "whispers over a drone, there is neither rhythm nor melody",
        "a harp plays, it lacks any pulse",
        "a flute carries the melody without any other player",
        "a man whistles a tune. There's no instrumentation",
        "The trumpeter plays, alone, in a field",
        "Just him and his guitar, an old bluesman",
        "A lullaby hummed by a man. The only accompaniment is an acoustic guitar",
        "A plucked string instrument, probably a koto, playing alone",
    ],
)
def test_phrases_that_exclude_drums_are_read(text: str) -> None:
    assert "drums" in _made(text).avoided


@pytest.mark.parametrize(
    "text", ["the rhythm is slow", "a song with a steady rhythm", "there are other instruments too"]
)
def test_a_noun_of_an_absence_phrase_alone_excludes_nothing(text: str) -> None:
    made = _made(text)
    assert "drums" not in made.avoided
    assert "only these" not in made.structure


@pytest.mark.parametrize(
    ("text", "instruments"),
    [
        ("rock, the guitars are acoustic", {"acoustic guitar"}),
        ("funk, the drums are electronic, the bass is deep", {"drum machine", "bass"}),
        ("pop where the guitar is heavily distorted", {"distorted guitar"}),
        ("a guitar and his bottleneck guitar", {"slide guitar"}),
        ("a plucked string instrument, perhaps a lute", {"lute"}),
        ("one huge cinematic drum", {"taiko"}),
        ("pitched-up vocal samples", {"vocal chops"}),
        ("a man whistles a tune, tapping his foot", {"whistling", "stomps"}),
        ("a trap beat", {"drums"}),
        ("waltz no drums male voice fiddle", {"fiddle"}),
        ("minimal percussion, just a tambourine", {"percussion", "tambourine"}),
    ],
)
def test_instruments_are_read_from_phrases(text: str, instruments: set[str]) -> None:
    assert set(_made(text).instruments) == instruments


@pytest.mark.parametrize(
    ("text", "vocals"),
    [
        ("The vocals aren't male but female", "female"),
        ("soul with a falsetto singer. He is joined by strings", "male"),
        ("A woman raps on top of a drill instrumental", "female"),
        ("a fast rap by a woman over an instrumental", "female"),
        ("This is an instrumental", "none"),
        ("a sea shanty by a group of men stomping their feet. No other instruments", "male"),
        ("folk, a smoky alto", "female"),
        ("the didgeridoo hums beneath a guitar. It has no lyrics", "none"),
        ("a wailing guitar, there is no backing at all", "none"),
        ("Only bass and drums. Nobody else plays or sings", "none"),
        ("country waltz no drums male whiskey voice fiddle", "male"),
        ("a deep-voiced man over trap hats", "male"),
        ("a folk singer accompanies herself on a dulcimer", "female"),
        ("dream pop with a drum machine and a breathy woman", "female"),
        ("blues rock with female rasp and a hammond", "female"),
        ("piano, the song doesn't contain drums or human voice", "none"),
    ],
)
def test_singers_are_read_from_phrases(text: str, vocals: str) -> None:
    assert _made(text).vocals == vocals


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("in the style of arabic pop", "arabic"),
        ("it sounds like a march", "march"),
        ("a hawaiian chant by men", "hawaiian"),
        ("a duet of duduk and drums", "arabic"),
        ("a bhangra song", "bhangra"),
        ("fado, a woman and two guitars", "fado"),
        ("a soca party", "calypso"),
        ("a man's throat singing and a morin khuur", "mongolian"),
        ("a dan bau plays, she sings in Vietnamese", "southeast asian"),
        ("pansori and a janggu", "korean traditional"),
        ("men sing a cappella, slow and prayerful", "choral"),
        ("men sing in Swahili over hand drums", "african"),
        ("a sitar and a tabla with an atmospheric feel and a tanpura", "indian classical"),
        ("techno club at night, a woman speaks over minimal percussion", "techno"),
    ],
)
def test_phrases_that_imply_a_genre_are_read(text: str, genre: str) -> None:
    for seed in range(3):
        made = _made(text, seed)
        assert genre in (made.genre, made.blend)


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("The speed is moderate", "medium"),
        ("the rhythm is slow", "slow"),
        ("pop. Upbeat.", "fast"),
        ("an upbeat bluegrass gospel number", "fast"),
        ("the pace is rather fast", "fast"),
    ],
)
def test_speed_after_its_noun_is_read(text: str, tempo: str) -> None:
    assert _made(text).tempo == tempo


def test_a_quiet_prompt_tends_to_a_quiet_genre() -> None:
    def energy(text: str) -> float:
        return sum(tables.genres()[_made(text, seed).genre].energy for seed in range(20)) / 20

    assert energy("sad slow piano") < 0.5 < energy("energetic fast piano")


def test_requested_players_are_audible_in_quiet_songs() -> None:
    text = "Electric piano, a deep sub, finger snaps. No drum kit. Slow, smooth, calm, sparse R&B."
    made = plan(Request(text, 2, length_s=60.0))
    assert set(made.instruments) <= {track.instrument for track in compose(made).tracks if track.notes}


@pytest.mark.parametrize(
    ("genre", "struck"),
    [("bhangra", {"dhol"}), ("fado", set()), ("mongolian", {"frame drum"}), ("southeast asian", {"hand drum"})],
)
def test_a_regional_genre_uses_its_own_percussion(genre: str, struck: set[str]) -> None:
    table = tables.instruments()
    for seed in range(4):
        played = {track.instrument for track in compose(plan(Request(genre, seed, length_s=60.0))).tracks}
        found = {one for one in played if one in table and table[one].family == "percussion"}
        assert found == struck


@pytest.mark.parametrize(
    "prompt",
    [
        "Negative prompt: drums",
        "A calm song. Negative prompt: vocals, drums",
        "Negative prompt:\nvocals, drums",
        "exclude: drums",
        "rock, exclude: drums",
        "Excluded: drums. Happy piano",
        "Instruments not used: drums",
        "everything but the drums",
        "all but the drums",
    ],
)
def test_excluded_instruments_do_not_play(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "drums" in made.avoided
    assert "drums" not in made.instruments


@pytest.mark.parametrize("prompt", ["anything but jazz", "anything other than jazz", "exclude: jazz"])
def test_a_genre_that_is_excluded_is_not_chosen(prompt: str) -> None:
    assert "jazz" not in {plan(Request(prompt, seed=seed)).genre for seed in range(30)}


def test_an_exclusion_ends_with_its_list() -> None:
    made = plan(Request("exclude: drums, mood: sad, piano"))
    assert (made.moods, made.instruments) == (("sad",), ("piano",))
    assert plan(Request("less aggressive metal")).genre == "metal"
    assert plan(Request("less than 90 bpm house music")).genre == "house"
    assert plan(Request("less is more, piano")).instruments == ("piano",)


_FIGURES = (
    "{} 15 seconds", "15 seconds {}", "15 seconds of {}", "{} 90 bpm", "90 bpm {}", "{} at 90 bpm", "2 min {}",
    "{}, 90 bpm, 15 seconds", "90 bpm {} 15 seconds", "{} 3/4", "{} in 3/4", "{} in A minor",
)  # fmt: skip


@pytest.mark.parametrize("form", _FIGURES)
def test_every_genre_is_recognized_beside_a_figure(form: str) -> None:
    wrong = []
    for genre in tables.genres():
        made = plan(Request(form.format(genre), seed=1))
        if (made.genre, made.ignored) != (genre, ()) and (genre, form) != ("march", "15 seconds of {}"):  # the month
            wrong.append((genre, made.genre, made.ignored))
    assert wrong == []


@pytest.mark.parametrize("form", ["{} 90", "90 {}", "{} #7"])
def test_every_genre_is_recognized_beside_a_bare_number(form: str) -> None:
    wrong = {genre: made for genre in tables.genres() if (made := plan(Request(form.format(genre))).genre) != genre}
    assert wrong == {}


@pytest.mark.parametrize("no", ["no vocals", "no lyrics", "no singing", "without vocals", "no drums or vocals"])
def test_every_genre_is_recognized_after_an_exclusion(no: str) -> None:
    wrong = []
    for genre in tables.genres():
        made = plan(Request(f"{no} {genre}", seed=1))
        if (made.genre, made.vocals) != (genre, "none"):
            wrong.append((genre, made.genre, made.vocals))
    assert wrong == []


def test_a_mood_after_an_exclusion_applies_to_the_song() -> None:
    made = plan(Request("no vocals sad slow jazz"))
    assert (made.genre, made.moods, "vocals" in made.avoided) == ("jazz", ("sad",), True)
    assert "jazz" not in {plan(Request("no rock or jazz", seed=seed)).genre for seed in range(20)}


def test_a_place_at_a_distance_is_not_a_genre() -> None:
    assert "house" not in {term.meaning for term in recognize("a house 2 minutes from the beach")}
    assert "house" not in {term.meaning for term in recognize("house 2 minutes away. Sad piano")}


@pytest.mark.parametrize(
    ("prompt", "singer"),
    [
        ("honky tonk!!! pedal steel, fiddle, some hound dog man cryin in his whiskey", "male"),
        ("power ballad, piano start, guy w/ perm, guitar solo", "male"),
        ("deep southern soul, a lady pouring her broken heart out over horns", "female"),
        ("80s aerobics workout hit; peppy pop; female star; gated drums", "female"),
        ("a rock song for my wife", "any"),
        ("country song about a man and his dog", "any"),
        ("pop song like the girl from the movie", "any"),
        ("ambient music, a woman walks in the rain", "none"),
    ],
)
def test_somebody_in_the_prompt_sings_unless_the_song_is_for_or_about_them(prompt: str, singer: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == singer


@pytest.mark.parametrize(
    ("prompt", "era"),
    [("rave '92", "1990s"), ("power ballad ’88, lighters", "1980s"), ("indie rock '05", "2000s"), ("song '92'", None)],
)
def test_a_year_may_be_short(prompt: str, era: str | None) -> None:
    assert plan(Request(prompt, seed=1)).era == era
