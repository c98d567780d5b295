"""Prompts as musicians, editors and parents type them: players, singers, sections and lengths."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "instruments"),
    [
        ("heavy bass guitar", ("bass",)),
        ("funk with slap bass guitar", ("slap bass",)),
        ("rock with a big bass drum", ("drums",)),
        ("dub with deep bass line", ("sub bass",)),
        ("opera with chorus", ("choir",)),
        ("soul band with 3 horns (tpt, tenor, bone), Hammond", ("trumpet", "tenor sax", "trombone", "organ")),
        ("ska with a horn section: trumpet, tenor, trombone", ("trumpet", "tenor sax", "trombone")),
        ("pop with strings (violin, cello)", ("violin", "cello")),
        ("soul, four horns and organ", ("brass", "organ")),
        ("two horns, orchestra", ("french horn", "strings")),
        ("opera, trumpet and tenor", ("trumpet",)),
        ("bluegrass, mando", ("mandolin",)),
        ("everything electronic except the violin", ("violin",)),
        ("all acoustic except for a synth bass, folk", ("synth bass",)),
        ("techno, everything except the piano", ()),
        ("lullaby with guitar", ("acoustic guitar",)),
        ("elctric piano and drms, soul", ("electric piano", "drums")),
        ("salsa with violin, charanga style", ("violin",)),
        ("symphony with chorus", ("choir",)),
        ("epic trailer music with chorus", ("choir",)),
        ("cinematic song, big chorus", ()),
        ("pop with chorus", ()),
        ("piano in a saloon", ("honky-tonk piano",)),
        ("Tom: sax, Jim: piano, Al: bass", ("sax", "piano", "bass")),
        ("Toms: loud, drums", ("drums",)),
        ("violoncelle et piano, très beau", ("cello", "piano")),
        ("son cubano, tres y bongos", ("cavaquinho", "bongos")),
    ],
)
def test_the_named_instruments_are_those_that_are_meant(prompt: str, instruments: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).instruments == instruments


@pytest.mark.parametrize("prompt", ["hair metal", "hard rock"])
def test_hard_rock_has_no_organ_of_its_own(prompt: str) -> None:
    for seed in range(6):
        played = {track.instrument for track in compose(plan(Request(prompt, seed=seed))).tracks}
        assert played.isdisjoint({"organ", "strings"})


def test_a_rumba_is_in_four() -> None:
    assert {plan(Request("rumba flamenca", seed=seed)).meter for seed in range(6)} == {(4, 4)}


@pytest.mark.parametrize(
    ("prompt", "vocals"),
    [
        ("Female fronted soul band with 3 horns (tpt, tenor, bone), Hammond", "female"),
        ("praise and worship, female leader, electric guitars", "female"),
        ("música sertaneja, dois homens", "male"),
        ("Hi! I'm a wedding singer (alto), slow jazz waltz, piano, bass, brushes", "female"),
        ("R&B trio of sisters, close harmony", "female"),
        ("my band: singer (f), 2 gtr, alt rock", "female"),
        ("rock, vocals (male), drums", "male"),
        ("disco, 2 singers (m/f)", "any"),
        ("girl punk band 1977", "female"),
        ("punk band, a girl is cheering", "male"),
        ("mujer despechada", "female"),
        ("church band, female worship leader", "female"),
        ("folk, intimate male vocals with a female harmony in the chorus", "male"),
        ("folk, female harmonies", "female"),
        ("pop, male and female vocals", "any"),
        ("song in the style of a radio ad for soap, female trio", "female"),
        ("song for my daughter Emma, she's 6", "any"),
        ("pop song for my travel video", "any"),
        ("a rap for my game montage", "any"),
        ("lofi for my study stream, female vocals", "female"),
        ("[Verse] acoustic guitar, soft male vocal [Chorus] full band, belting", "male"),
    ],
)
def test_the_singer_is_the_one_that_is_meant(prompt: str, vocals: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == vocals


@pytest.mark.parametrize(
    ("prompt", "hints"),
    [
        ("rock, louder chorus", {"quiet-loud"}),
        ("pop, quieter verses", {"quiet-loud"}),
        ("two choruses, no verses, house", {"in order: chorus chorus"}),
        ("3 verses no chorus, folk ballad", {"without chorus", "in order: verse verse verse"}),
        ("rock, just organ bass drums", {"only these"}),
        ("folk, three verses without a chorus", {"without chorus", "in order: verse verse verse"}),
        ("I play bass and my mate plays drums, just us two, noise rock", {"only these"}),
        ("[Verse] acoustic guitar [Chorus] full band [Bridge] piano only", {"where: alone in bridge: piano"}),
        ("big band riffing, everybody takes a chorus", {"solo"}),
        ("jazz quintet, two players take a chorus", {"solo"}),
    ],
)
def test_sections_are_those_that_are_meant(prompt: str, hints: set[str]) -> None:
    assert hints <= {*plan(Request(prompt, seed=1)).structure}


@pytest.mark.parametrize(
    ("prompt", "length_s"),
    [
        ("victory fanfare 4 seconds brass", 5.0),
        ("fade in over 20 seconds, ambient techno", None),
        ("pop with a 3 second pause", None),
    ],
)
def test_seconds_are_of_the_song_or_of_a_part(prompt: str, length_s: float | None) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.length_s == length_s or (length_s is None and made.length_s > 60)


def test_who_is_afraid_of_the_dark_wants_no_dark_song() -> None:
    made = plan(Request("a lullaby for my son who is afraid of the dark", seed=1))
    assert (made.moods, made.mode) == ((), "major")


@pytest.mark.parametrize(
    ("prompt", "genre", "cast"),
    [
        ("harp, flute, viola - Debussy style", "chamber music", ("harp", "flute", "viola")),
        ("my daughter plays the recorder, I play guitar, something easy", "singer-songwriter", ("recorder", "guitar")),
        ("noise rock, I play bass and my mate plays drums", "indie rock", ("bass", "drums")),
        ("pop, the piano plays chords and the violin plays the tune", "pop", ()),
        ("old man singing with a harmonica and stomping foot", "indie folk", ("harmonica", "stomps")),
        ("need an intro tool, african, percussion only", "african", ("percussion",)),
        ("harmonium and tabla behind a female ghazal singer", "indian classical", ()),
        ("final boss, choir in latin, huge drums, organ", "epic", ()),
        ("8-bit final boss", "chiptune", ()),
        ("Persian love song, setar, daf", "arabic", ()),
        ("a korean ballad", "ballad", ()),
    ],
)
def test_who_plays_and_what(prompt: str, genre: str, cast: tuple[str, ...]) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.genre == genre
    assert tuple(name.removeprefix("acoustic ") for name in made.cast) == cast


@pytest.mark.parametrize("prompt", ["relaxing music", "calm music", "music to calm down, slow"])
def test_calm_music_is_played(prompt: str) -> None:
    assert {plan(Request(prompt, seed=seed)).vocals for seed in range(6)} == {"none"}


def test_a_boss_is_not_cool() -> None:
    assert plan(Request("final boss", seed=1)).moods == ()
    assert plan(Request("rap like a boss", seed=1)).moods == ("cool",)


@pytest.mark.parametrize("prompt", ["bold brass fanfare", "a march, played boldly"])
def test_bold_music_is_brave_not_cool(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).moods == ("epic mood",)


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("punk, Tom on drums, Jen sings", ""),
        ("pop: Tom (drums), Viola (vocals)", ""),
        ("a song for Tom with drums", "Tom"),
        ("happy birthday Tom, drums", "Tom"),
    ],
)
def test_a_song_is_not_about_its_players(prompt: str, subject: str) -> None:
    assert plan(Request(prompt, seed=1)).subject == subject


def test_a_subject_ends_before_a_wish() -> None:
    made = plan(Request("a birthday song for my dog max lol make it metal", seed=1))
    assert (made.subject, made.genre) == ("my dog max", "metal")


def test_bars_of_solos_are_not_those_of_the_song() -> None:
    assert plan(Request("jazz trio, no solos longer than 16 bars", seed=1)).length_s > 120
    assert plan(Request("jazz trio, 16 bars", seed=1)).length_s < 60


def test_a_band_without_keys_has_no_synthesizers() -> None:
    assert "synth brass" in plan(Request("indie rock, no keys", seed=1)).avoided


@pytest.mark.parametrize(("prompt", "key"), [("broadway ballad. key Db, mezzo", "Db"), ("house, key A, 124", "A")])
def test_a_key_needs_no_of(prompt: str, key: str) -> None:
    assert plan(Request(prompt, seed=1)).key == key
    assert "key" in dict(plan(Request("pop, Key Change at the end", seed=1)).chosen)


def test_toys_are_no_jazz() -> None:
    for seed in range(4):
        made = plan(Request("clockwork toys come alive at midnight", seed=seed))
        assert made.genre in ("fantasy", "children's", "lullaby", "cinematic")


@pytest.mark.parametrize(
    ("prompt", "genre", "blend"),
    [
        ("pop indé, voix de fille, petit orgue", "indie pop", None),
        ("rock indé parisien, guitares", "indie rock", None),
        ("show choir, forty happy voices and a piano", "musical theatre", None),
        ("tribal house, congas, 124 bpm", "house", None),
        ("tribal techno, shakers", "techno", None),
        ("go-go party in a 1967 movie, farfisa", "garage rock", None),
        ("go-go from washington dc, congas", "funk", None),
        ("paraguayan folk harp, joyful", "andean", None),
        ("a car commercial: precise techno, pulsing synth", "techno", None),
        ("upbeat rock for a tv ad", "rock", None),
        ("happy commercial, ukulele", "corporate", None),
        ("ney flute, sufi, breath noise", "arabic", None),
        ("woman scatting bebop, jazz jazz jazz", "bebop", None),
        ("Electro for an arena. No singing, kids get distracted", "electro", None),
        ("techno, the kids are asleep", "techno", None),
        ("kids rock, guitars", "rock", "children's"),
        ("toy piano and tuba, as strange as you can", "experimental", None),
        ("final boss of my game. heavy metal guitars, super fast", "metal", "epic"),
        ("halloween, heavy metal guitars", "metal", "horror"),
        ("soundtrack, heavy metal guitars", "cinematic", "metal"),
    ],
)
def test_the_genre_is_the_one_that_is_meant(prompt: str, genre: str, blend: str | None) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.blend) == (genre, blend)


@pytest.mark.parametrize(
    ("prompt", "vocals"),
    [
        ("punk a toda leche, chica gritando", "female"),
        ("metal, une femme hurlant", "female"),
        ("pop, un mec chante", "male"),
        ("rap français, une meuf pose sa voix", "female"),
        ("punk rock, un tío gritando", "male"),
        ("rock, ein Kerl singt", "male"),
        ("folk, una muchacha cantando", "female"),
        ("easy listening, ladies going da-ba-da over soft strings", "female"),
        ("horror score, a boy going la la la", "male"),
        ("new age harp with a woman's aaah floating over it", "female"),
    ],
)
def test_who_shouts_or_sings_syllables_is_the_singer(prompt: str, vocals: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == vocals


@pytest.mark.parametrize("prompt", ["techno, robots building an engine", "folk, they build an ark"])
def test_building_something_is_no_build_up(prompt: str) -> None:
    assert "builds up" not in plan(Request(prompt, seed=1)).structure


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("ney flute all alone in an empty courtyard, sufi", ("ney",)),
        ("oboe alone on a hill, classical", ("oboe",)),
        ("rock, guitar alone in the intro", ()),
        ("metal, violin alone in the bridge", ()),
        ("pop song with piano alone at the end", ()),
    ],
)
def test_who_is_alone_plays_alone_or_only_in_a_section(prompt: str, cast: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).cast == cast


@pytest.mark.parametrize(
    ("prompt", "lead"),
    [
        ("harpsichord concerto, busy string band", "harpsichord"),
        ("piano concerto, strings", "piano"),
        ("piano and strings, ambient", "strings"),
    ],
)
def test_the_soloist_of_a_concerto_has_the_tune(prompt: str, lead: str) -> None:
    tracks = compose(plan(Request(prompt, seed=1))).tracks
    assert [track.instrument for track in tracks if track.role == "lead"] == [lead]
