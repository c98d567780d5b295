"""Who sings in groups, and who plays in duets, with a note on what takes an instrument's place."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.casts.stand_ins import stand_ins
from riffusion_tui.studio.engine.understand.words import tables
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("theremin and didgeridoo duet", {"theremin", "didgeridoo"}),
        ("synth and violin duet", {"synth", "violin"}),
        ("duet for theremin and harp", {"theremin", "harp"}),
        ("duet for kazoo and tuba", {"harmonica", "tuba"}),
        ("duet for nyckelharpa and cello", {"fiddle", "cello"}),
        ("ondes martenot and piano", {"theremin", "piano"}),
    ],
)
def test_a_duet_has_its_two_players(prompt: str, players: set[str]) -> None:
    for seed in range(3):
        made = planned(prompt, seed)
        assert (set(made.cast), made.vocals) == (players, "none")
        assert {track.instrument for track in compose(made).tracks} <= players
        assert not any("duet" in limit for limit in made.limits)


@pytest.mark.parametrize(
    "prompt",
    ["crwth and cello duet", "duet for crwth and cello", "duet for cello and a crwth", "duo: cello and crwth duo"],
)
def test_an_unknown_instrument_of_a_duet_is_replaced(prompt: str) -> None:
    made = planned(prompt)
    assert made.vocals == "none"
    assert len(set(made.cast)) == 2
    assert made.cast[0] == "cello"
    assert f"The studio has no crwth; a {made.cast[1]} takes its place." in made.limits


def test_other_duets_have_no_unknown_player() -> None:
    for prompt in ("duet of love and a piano", "country duet with guitar", "a cello duet", "flute and oboe duet"):
        assert not any("takes its place" in limit for limit in planned(prompt).limits)


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("kazoo solo", "The studio has no kazoo; a harmonica takes its place."),
        ("folk with nyckelharpas", "The studio has no nyckelharpa; a fiddle takes its place."),
        ("duduk over a drone", "The studio has no duduk; an oboe takes its place."),
        ("Ondes Martenot and strings", "The studio has no ondes martenot; a theremin takes its place."),
        ("samba with cuíca", "The studio has no cuíca; a surdo takes its place."),
        ("fado, Portuguese guitar", "The studio has no portuguese guitar; a nylon guitar takes its place."),
        ("uilleann pipes, slow", "The studio has no uilleann pipes; bagpipes take their place."),
        ("contrabassoon solo", "The studio has no contrabassoon; a bassoon takes its place."),
        ("bass clarinet and piano", "The studio has no bass clarinet; a clarinet takes its place."),
        ("cumbia with guacharaca", "The studio has no guacharaca; a guiro takes its place."),
        ("mridangam and flute", "The studio has no mridangam; a tabla takes its place."),
        ("mariachi with vihuela", "The studio has no vihuela; a nylon guitar takes its place."),
        ("guqin solo", "The studio has no guqin; a guzheng takes its place."),
        ("concertina waltz", "The studio has no concertina; an accordion takes its place."),
    ],
)
def test_a_note_says_what_takes_an_instruments_place(prompt: str, note: str) -> None:
    assert note in planned(prompt).limits


@pytest.mark.parametrize("prompt", ["harmonica solo", "folk with fiddle", "no kazoo, please: folk", "hornpipe"])
def test_nothing_takes_the_place_of_an_instrument_that_is_there(prompt: str) -> None:
    assert not any("takes its place" in limit for limit in planned(prompt).limits)


def test_every_stand_in_is_read_as_the_instrument_that_plays() -> None:
    from riffusion_tui.studio.engine.datafiles import read_data, split_words
    from riffusion_tui.studio.engine.understand.reading.read_prompt import read

    for name, words in read_data("lexicon/standins.toml").items():
        for word in split_words(words):
            reading = read(word)
            assert name in {mention.meaning for mention in reading.positive("instrument")}, word
            assert [instead for _, instead in stand_ins(reading, tables.genres()["folk"])] == [name], word


@pytest.mark.parametrize(
    ("prompt", "cast", "vocals"),
    [
        ("only vocals and drums", ("drums",), "any"),
        ("vocals and drums only", ("drums",), "any"),
        ("only piano and female vocals", ("piano",), "female"),
        ("soprano solo with choir", ("choir",), "female"),
        ("male quartet with piano", ("vocal choir", "piano"), "male"),
        ("male duo with guitar", ("acoustic guitar",), "male"),
        ("gospel quartet with organ", ("vocal choir", "organ"), "choir"),
        ("female and piano duet", ("piano",), "female"),
        ("choir of sopranos", ("female choir",), "choir"),
        ("a choir of old sailors", ("male choir",), "choir"),
        ("choir of men and women", ("choir",), "choir"),
        ("female chorus", ("female choir",), "choir"),
        ("hymn for male chorus", ("male choir",), "choir"),
        ("hymn", ("choir", "church organ"), "choir"),
        ("psalm", ("choir", "church organ"), "choir"),
        ("a sea shanty sung by a crew of sailors", ("male choir",), "choir"),
        ("pirates singing a drinking song", ("male choir",), "choir"),
        ("sung by a bunch of drunken pirates, accordion", ("accordion", "male choir"), "choir"),
        ("a group of nuns sings a hymn", ("female choir",), "choir"),
        ("sea shanty, crew of sailors bellowing in unison, stomps, no instruments", ("stomps", "male choir"), "choir"),
        ("shanty, lads drinking and singing, no instruments", ("male choir",), "choir"),
        ("tribal chant by a group of women, hand drums", ("female choir", "hand drum"), "choir"),
        ("English cathedral choir with organ, boys' voices, evening hymn", ("choir", "church organ"), "choir"),
        ("orthodox male choir, bass voices, no instruments", ("male choir",), "choir"),
        ("russian orthodox male choir, basso profundo, no instruments", ("male choir",), "choir"),
        ("bass voices, georgian polyphony, a cappella", ("male choir",), "choir"),
        ("soprano voices and men's voices, a cappella hymn", ("choir",), "choir"),
        ("sacred harp, congregation singing, no instruments", ("choir",), "choir"),
        ("choir but no solo singer, organ", ("choir", "church organ"), "choir"),
        ("children's choir with piano, winter song", ("choir", "piano"), "children"),
        ("children's choir with piano, christmas", ("choir", "piano"), "children"),
        ("community choir singing a folk song with guitar", ("choir", "acoustic guitar"), "choir"),
        ("happy song with kids choir, ukulele and glockenspiel", ("choir", "ukulele", "glockenspiel"), "children"),
        ("christmas song, choir, bells", (), "choir"),
        ("pop song with choir and piano", (), "any"),
        ("pop with a choir", (), "any"),
        ("house with gospel choir", (), "any"),
        ("pop, choir, female", (), "female"),
        ("rock sung by a choir", (), "choir"),
        ("a pop song for choir", (), "choir"),
        ("choir pop", (), "choir"),
        ("folk song with a choir", (), "choir"),
        ("christmas pop with a choir", (), "choir"),
        ("symphonic metal, latin choir", (), "choir"),
        ("a cappella, men and women", ("choir",), "choir"),
        ("men and women singing a cappella", ("choir",), "choir"),
        ("mixed choir of men and women, a cappella", ("choir",), "choir"),
        ("choir with string quartet and oboe", ("choir", "violin", "violin", "viola", "cello", "oboe"), "choir"),
        ("girl group, three singers, 60s wall of sound", (), "female"),
        ("guitar, bass, drums, vocals. simple indie rock.", ("electric guitar", "bass", "drums"), "any"),
        ("ten piece salsa orchestra, male sonero, coro", (), "male"),
        ("tuba. beatbox. that's all", ("tuba", "beatboxing"), "none"),
        ("bagpipes and drums, highland march", (), "none"),
        ("orthodox chant, women, a cappella", ("female choir",), "choir"),
        ("sacred harp singing", ("choir",), "choir"),
        ("beatboxer and a cappella group", ("beatboxing", "vocal choir"), "any"),
        ("husband and wife folk duo, guitar and mandolin", ("acoustic guitar", "mandolin"), "any"),
        ("country duet, man and woman, steel guitar", (), "any"),
        ("trio: theremin, harp, cello", ("theremin", "harp", "cello"), "none"),
        ("80s instrumental with synth leads and gated drums", (), "none"),
        ("a banger with brass and a big choir", (), "choir"),
        ("african village choir with djembe", ("choir", "djembe"), "choir"),
        ("football fans chanting in a stadium, drums", ("choir", "drums"), "choir"),
        ("reggae with a female harmony trio behind a male lead", (), "male"),
        ("pop, duet, male & female vocals, piano, strings", (), "any"),
        ("an old sailor and his concertina", ("accordion",), "male"),
        ("folk, a man and his guitar", ("acoustic guitar",), "male"),
        ("harp arpeggios with a cello melody on top", ("harp", "cello"), "none"),
        ("banjo picks fast, fiddle answers, bass thumps", ("banjo", "fiddle", "bass"), "none"),
        ("rock, solo de guitarra", (), "any"),
        ("rock progressif, longs solos de guitare, orgue", (), "any"),
        ("solo de violín", ("violin",), "none"),
        ("two cellos playing metal riffs", ("cello", "cello"), "none"),
        ("men and women sing punk", (), "any"),
        ("guitarra sola, triste", ("acoustic guitar",), "none"),
        ("gitaar en stem, rustig", ("acoustic guitar",), "any"),
        ("悲しいピアノ曲", ("piano",), "none"),
        ("compose a tango for two violins, piano and bass", ("violin", "violin", "piano", "bass"), "none"),
        ("schneller Walzer für Akkordeon und Klarinette", ("accordion", "clarinet"), "none"),
        ("trio per flauto, fagotto e liuto", ("flute", "bassoon", "lute"), "none"),
        ("techno, drops out until only the drums remain", (), "none"),
        ("música épica con coros y tambores", (), "choir"),
        ("folk duo: woman sings, man plays fiddle", ("fiddle",), "female"),
        ("a woman with her piano, jazz", ("piano",), "female"),
        ("male singer accompanied by lute, renaissance", ("lute",), "male"),
        ("just him and his guitar, an old bluesman, bottleneck slide", ("slide guitar",), "male"),
        ("memphis soul with horns and male singer", (), "male"),
        ("a street busker with guitar and harmonica", ("acoustic guitar", "harmonica"), "any"),
        ("three tenors with orchestra", (), "male"),
        ("a cappella, beatbox, male bass", ("beatboxing", "vocal choir"), "male"),
        ("poetry over jazz trio", ("piano", "upright bass", "drums"), "any"),
        ("a cappella doo-wop with bass singer", ("vocal choir",), "male"),
        ("folk a cappella, call and response", ("vocal choir",), "any"),
        ("sea shanty, call and response, men only, stomps, no instruments", ("stomps", "vocal choir"), "male"),
        ("percussion ensemble, marimba x2, timpani", ("marimba", "marimba", "timpani"), "none"),
        ("native american flute and drum", ("flute", "hand drum"), "none"),
        ("irish fiddle and drum", ("fiddle", "bodhran"), "none"),
        ("pieza para cuarteto de saxofones", ("soprano sax", "sax", "tenor sax", "baritone sax"), "none"),
        ("canción triste, guitarra y flauta", (), "any"),
        ("football anthem, dramatic, with choirs", (), "choir"),
        ("spoken word over piano", ("piano",), "any"),
        ("an old man narrates over strings", ("strings",), "male"),
        ("2vln, viola, cello", ("violin", "violin", "viola", "cello"), "none"),
        ("violin x2, viola, cello", ("violin", "violin", "viola", "cello"), "none"),
        ("guitar (x 2), bass, drums", ("electric guitar", "electric guitar", "bass", "drums"), "none"),
        ("string trio, pizzicato, scherzo", ("violin", "viola", "cello"), "none"),
        ("organ trio: B3, guitar, drums, blues", ("organ", "jazz guitar", "drums"), "none"),
        (
            "brass quintet: 2 trumpets, horn, baritone, tuba",
            ("trumpet", "trumpet", "french horn", "trombone", "tuba"),
            "none",
        ),
        ("guitarra flamenca sola", ("acoustic guitar",), "none"),
        ("chitarra classica sola", ("nylon guitar",), "none"),
        ("guitar: acoustic, bass: upright", ("acoustic guitar", "upright bass"), "none"),
        ("bass: slap, drums, keys: rhodes", ("slap bass", "drums", "electric piano"), "none"),
        ("granny singing a lullaby, no instruments", ("vocals",), "female"),
        ("handbell choir, christmas", ("bells",) * 4, "none"),
        ("trombone choir, hymn", ("trombone",) * 4, "none"),
    ],
)
def test_who_sings_and_plays(prompt: str, cast: tuple[str, ...], vocals: str) -> None:
    for seed in range(3):
        made = planned(prompt, seed)
        assert (made.cast, made.vocals) == (cast, vocals)


@pytest.mark.parametrize(
    ("prompt", "singer"),
    [
        ("rock song with deep male voices and a choir", "male"),
        ("doo-wop, guys harmonizing", "male"),
        ("choir with a bass singer", "male"),
    ],
)
def test_who_sings_in_front_of_others_is_no_voice_of_theirs(prompt: str, singer: str) -> None:
    assert planned(prompt).vocals == singer


@pytest.mark.parametrize(
    ("prompt", "genres"),
    [
        ("female chorus", {"choral"}),
        ("soprano solo with choir", {"choral"}),
        ("sung by a crew of drunken pirates", {"sea shanty"}),
        ("soldiers singing", {"march"}),
    ],
)
def test_the_genre_fits_who_sings(prompt: str, genres: set[str]) -> None:
    assert {planned(prompt, seed).genre for seed in range(4)} == genres


@pytest.mark.parametrize(
    "prompt", ["rap verses, female chorus", "trap, male rapper, female chorus", "pop with a big chorus"]
)
def test_the_chorus_of_a_song_is_no_choir(prompt: str) -> None:
    made = planned(prompt)
    assert made.cast == ()
    assert not {"choir", "female choir"} & set(made.instruments)
    assert "big chorus" in made.structure


def test_persons_in_the_songs_subject_do_not_sing() -> None:
    assert planned("a folk song about sailors singing, sung by a woman").vocals == "female"
    assert planned("women and men dance to house music").cast == ()


@pytest.mark.parametrize("prompt", ["hymn", "requiem", "requiem mass"])
def test_sacred_music_has_no_bassoon_and_oboe(prompt: str) -> None:
    for seed in range(8):
        played = {track.instrument for track in compose(plan(Request(prompt, seed=seed, length_s=40.0))).tracks}
        assert "choir" in played
        assert not played & {"bassoon", "oboe", "trumpet"}


@pytest.mark.parametrize("prompt", ["country duet, banjo", "romantic duet, piano", "reggae duet, 75 bpm, melodica"])
def test_a_duet_apart_from_an_instrument_is_sung(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.vocals, made.cast) == ("any", ())
    assert made.limits == ("The studio has one singer or a choir; it can't sing duets.",)


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("flute duet", ("flute", "flute")),
        ("duet for flute and harp", ("flute", "harp")),
        ("jazz duet, sax and piano", ("sax", "piano")),
        ("jazz duo, piano", ("piano",)),
    ],
)
def test_a_duet_of_instruments_is_not_sung(prompt: str, cast: tuple[str, ...]) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.vocals, made.cast) == ("none", cast)


def test_a_duet_about_something_is_sung() -> None:
    made = planned("Country duet about whiskey with fiddle and pedal steel")
    assert (made.vocals, made.cast) == ("any", ())
    assert {"fiddle", "pedal steel"} <= set(made.instruments)
    assert planned("duet for flute and harp about the sea").cast == ("flute", "harp")


@pytest.mark.parametrize(
    ("prompt", "choir"),
    [
        ("gregorian monks, only men, one line, chanting", "male choir"),
        ("gregorian chant, only men", "male choir"),
        ("choir, men only, a cappella", "male choir"),
        ("choir, just women", "female choir"),
    ],
)
def test_a_choir_of_only_men_is_no_single_man(prompt: str, choir: str) -> None:
    made = planned(prompt)
    assert (made.vocals, made.cast) == ("choir", (choir,))


def test_a_choir_can_have_a_soloist_and_a_band_only_men() -> None:
    assert planned("choir with a male singer").vocals == "male"
    assert planned("rock, only men in the band").vocals == "male"
