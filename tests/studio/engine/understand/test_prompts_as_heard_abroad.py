"""Prompts that mix languages, kinds of players and stories, each of which was misread."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request


def _plan(prompt: str) -> Plan:
    return plan(Request(prompt, seed=1, length_s=30.0))


def _band(prompt: str) -> set[str]:
    return {track.instrument for track in compose(_plan(prompt)).tracks if track.role != "vocal"}


@pytest.mark.parametrize(
    ("prompt", "genre", "vocals"),
    [
        ("floating, weightless, endless, no beat", "ambient", "none"),
        ("SATB anthem, unaccompanied, English cathedral style", "choral", "choir"),
        ("we want music for a 45 second instagram reel, gypsy jazz like django", "gypsy jazz", "none"),
        ("सितार और तबला, सुबह का राग, बिना गायन", "indian classical", "none"),
        ("smutny walc na fortepian, bez wokalu", "waltz", "none"),
        ("kołysanka na harfę i flet, bez perkusji", "lullaby", "any"),
        ("عود وقانون، حزين، بدون غناء", "arabic", "none"),
        ("thrash metal, no clean singing, very fast", "thrash metal", "male"),
        ("traditional hymn played on pipe organ for a funeral, no choir", "choral", "none"),
        ("A lullaby for baby Emil, celesta and soft harp, mama sings, 3/4", "lullaby", "female"),
        ("berlin school, sequencers, mellotron choir, 1975", "electronic", "any"),
        ("ヘヴィメタル、女性ボーカル、アニメのオープニング風", "metal", "female"),
        ("anime opening, heavy metal, a woman sings", "metal", "female"),
        ("power metal anime opening, female singer", "power metal", "female"),
        ("Rajasthani folk, men singing, dholak, harmonium", "indian classical", "male"),
        ("serenade for strings, like Dvorak", "classical", "none"),
        ("serenade for flute and harp, gentle", "chamber music", "none"),
        ("vocalise for cello and piano", "chamber music", "none"),
        ("serenade for soprano and guitar", "singer-songwriter", "female"),
    ],
)
def test_genre_and_singer_are_those_that_are_meant(prompt: str, genre: str, vocals: str) -> None:
    made = _plan(prompt)
    assert (made.genre, made.vocals) == (genre, vocals)


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("guitar duo, steel string and nylon string, nothing else", "acoustic guitar, nylon guitar"),
        ("a hymn-like tune on french horn with soft brass choir (brass players, not singers!)", "french horn, brass"),
        ("four clarinets, no rhythm section, jaunty", "clarinet, clarinet, clarinet, clarinet"),
        ("organ, clean guitar, bass, drums. that's the whole band.", "organ, electric guitar, bass, drums"),
        ("singer/songwriter, just me (tenor) and an upright piano, living room", "piano"),
        (
            "Score for my film: a widower. Sparse. Felt piano and one cello. Nothing sentimental, no pads",
            "piano, cello",
        ),
    ],
)
def test_only_the_named_players_play(prompt: str, players: str) -> None:
    assert ", ".join(_plan(prompt).cast) == players


def test_no_rhythm_section_means_no_bass_either() -> None:
    assert not _band("pop, no rhythm section") & {"drums", "percussion", "bass", "synth bass"}


def test_acoustic_guitars_of_a_loud_genre() -> None:
    assert not _band("hardcore punk but acoustic: guitars acoustic, no drum kit") & {
        "distorted guitar",
        "bass",
        "drums",
    }


def test_a_duet_among_other_wishes_is_sung() -> None:
    made = _plan("90s bollywood love song, duet, big strings, dholak and bansuri")
    assert (made.cast, made.vocals) == ((), "any")


@pytest.mark.parametrize("prompt", ["new wave from 82, cold male voice", "pop, back in 85."])
def test_a_year_of_two_figures(prompt: str) -> None:
    assert _plan(prompt).era == "1980s"


def test_a_range_of_tempos_is_no_year() -> None:
    assert _plan("house from 90 to 128 bpm").era is None


def test_a_word_for_without_in_polish_excludes_an_instrument() -> None:
    assert not any("guitar" in name for name in _band("rock bez gitary"))


@pytest.mark.parametrize(
    ("prompt", "genre", "players", "vocals"),
    [
        ("nylon string guitar alone, granada at night, fingerstyle", "folk", "nylon guitar", "none"),
        ("clavecin seul, prélude lent et triste svp", "baroque", "harpsichord", "none"),
        ("juke joint 1930s, woman shouting the blues, scratchy 78", "blues", "", "female"),
        ("indie folk stomp, dude starts alone, whole choir of friends joins", "indie folk", "", "male"),
        ("sitar vs electric guitar duel, djent/metal fusion", "progressive metal", "", "any"),
        ("jazz fusion", "jazz fusion", "", "none"),
    ],
)
def test_genre_players_and_singer_fit_together(prompt: str, genre: str, players: str, vocals: str) -> None:
    made = _plan(prompt)
    assert (made.genre, ", ".join(made.cast), made.vocals) == (genre, players, vocals)


def test_rhythm_guitars_are_those_of_the_genre() -> None:
    assert "electric guitar" not in _band("hot club de paris, violin on top, two rhythm guitars chugging")


def test_a_chorus_of_soldiers_is_a_male_choir() -> None:
    assert "male choir" in _band("grand opera, soldiers' chorus marching home with full orchestra")


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("schneller Punkrock über meinen Chef", "punk"),
        ("Hardrock mit Orgel", "hard rock"),
        ("Liebeslied für Anna, Klavier", "ballad"),
        ("Volkslied, Gitarre", "folk"),
        ("Filmmusik, Orchester", "cinematic"),
        ("música de película", "cinematic"),
        ("elektronische Tanzmusik", "edm"),
        ("valzer lento per pianoforte", "waltz"),
        ("canzone d'amore, chitarra", "ballad"),
    ],
)
def test_a_genre_by_its_name_abroad(prompt: str, genre: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert genre in (made.genre, made.blend)
    assert "cooking" not in made.scenes


def test_a_daughter_in_another_language_does_not_sing() -> None:
    made = plan(Request("berceuse pour ma fille", seed=1))
    assert (made.vocals == "female", made.scenes) == (False, ("family",))
