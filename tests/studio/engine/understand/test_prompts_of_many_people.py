"""Prompts as many different people typed them, whose plans a strict musician found wrong."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words.tables import genres


@pytest.mark.parametrize(
    ("prompt", "genre", "blend"),
    [
        ("epic orchestral battle music, choir screaming latin, war drums, no guitar", "epic", None),
        ("psytrance full on 145 goa", "psytrance", None),
        ("12-tone piece for solo clarinet", "experimental", None),
        ("film noir, muted trumpet, smoky, slow", "cool jazz", None),
        ("8-bit boss fight", "chiptune", "video game"),
        ("new orleans brass band funeral then party", "dixieland", None),
        ("black metal, lo-fi, blast beats, shrieks, frozen forest", "black metal", None),
        ("una canzone d'amore lenta con pianoforte e archi", "ballad", None),
        ("musica elettronica veloce per palestra, senza voce", "electronic", None),
        ("tags: [dark, cinematic, no drums, 60bpm, C# minor, braams]", "cinematic", None),
        ("jazz but make it country", "country", "jazz"),
        ("organ toccata, gothic cathedral, thunderous", "baroque", None),
        ("country road song, pedal steel, male baritone, waltz", "country", "waltz"),
        ("gothic rock", "post-punk", None),
        ("lo-fi, rain", "lo-fi", None),
        ("study beats jazz hop rainy cafe", "lo-fi", None),
        ("kung fu movie training montage", "chinese traditional", None),
        ("voice and handclaps, field holler", "delta blues", None),
        ("music for my dnd session, goblins attack the elves", "fantasy", None),
        ("pasodoble, banda taurina", "march", None),
        ("brass band playing daft punk style house", "house", None),
        ("folk metal drinking song with accordion and violin", "power metal", None),
        ("drinking song", "sea shanty", None),
        ("musica da circo, veloce, ottoni", "march", None),
        ("soundtrack for an empty mall, vapor", "vaporwave", None),
        ("water vapor, ambient", "ambient", None),
        ("Rockballade, Frauenstimme, kein Schlagzeug in der ersten Strophe", "power ballad", None),
        ("birthday party for a 5 year old, clowns", "children's", None),
        ("1920s hot jazz, banjo, clarinet, scratchy", "dixieland", None),
        ("हिंदी रोमांटिक गाना, पुरुष आवाज़", "bollywood", None),
        ("nyahbinghi drums and chant", "reggae", None),
        ("skate punk like a skate film soundtrack, fast drums", "punk", None),
        ("techno movie soundtrack", "techno", None),
        ("monks chant over techno beat", "techno", None),
        ("orchestral electronic hybrid soundtrack", "cinematic", "electronic"),
        ("70s jazz flute over funky bass and congas, instrumental", "jazz fusion", None),
        ("midwest emo, twinkly guitar, cracked male voice", "midwest emo", None),
        ("emo 2005, black eyeliner", "pop punk", None),
        ("seventies boogie rock for driving a truck, piano pounding", "blues rock", None),
        ("viking music, bone flute, big frame drums", "nordic folk", None),
        ("nordic folk, tagelharpa, female chant", "nordic folk", None),
        ("trot song, accordion and brass", "trot", None),
        ("korean trot, 2000s", "trot", None),
        ("a snare drum that trots along", "march", None),
        ("enka, weeping male voice", "trot", None),
        ("goa trance 1996, acid lines", "psytrance", None),
        ("soca carnival, jump up", "calypso", None),
        ("jump up, rude bass", "drum and bass", None),
        ("sludge metal, tortured screams", "doom metal", None),
        ("screamo", "metalcore", None),
        ("trap soul, late night", "r&b", None),
        ("lo-fi house", "deep house", None),
        ("witch house, occult", "trip hop", None),
        ("breakcore, anime samples", "jungle", None),
        ("darkwave, cold synths, baritone", "new wave", None),
        ("neue deutsche welle 1982", "new wave", None),
        ("qawwali, harmonium, handclaps", "qawwali", None),
        ("sufi song by a qawwal, slow", "qawwali", None),
        ("bollywood song, tabla", "bollywood", None),
        ("kind of like dub but faster", "dub", None),
        ("sounds like dub", "dub", None),
        ("more like a march than a waltz, brass", "march", None),
        ("less rock than soul", "soul", None),
        ("Männerchor singt ein Seemannslied", "sea shanty", None),
        ("more fast than normal disco", "disco", None),
        ("hevy metl, screaming vocals", "metal", None),
        ("Technotrack", "techno", None),
        ("rok song, loud gitars", "rock", None),
        ("jaz trio", "jazz", None),
        ("música de ninar com violão", "lullaby", None),
        ("nana para dormir a un bebé", "lullaby", None),
        ("raï from Oran", "arabic", None),
        ("mandopop", "pop", None),
        ("kayokyoku", "city pop", None),
        ("tex-mex", "norteno", None),
        ("norteno polka accordion", "norteno", None),
        ("rebetiko", "rebetiko", None),
        ("γρήγορο ζεϊμπέκικο με μπουζούκι", "rebetiko", None),
        ("greek music for a taverna", "rebetiko", None),
        ("csárdás", "hungarian folk", None),
        ("valse musette", "musette", None),
        ("comptine pour apprendre les couleurs", "children's", None),
        ("piosenka żeglarska z akordeonem", "sea shanty", None),
        ("joululaulu lapsikuoro", "christmas", None),
        ("Bierzelt, Stimmung", "polka", None),
        ("быстрый хардбасс с баяном", "hardstyle", None),
        ("paso doble", "march", None),
        ("dark souls boss, latin choir", "video game", None),
        ("line dance song with calls", "country", None),
        ("hans zimmer drums", "epic", None),
        ("screamed vocals, angry", "punk", None),
        ("gypsy punk", "punk", "balkan"),
        ("cozy farming sim menu music", "video game", None),
        ("fonk brasileiro pesado", "phonk", None),
        ("canción de mujer despechada", "mariachi", None),
        ("cue 4M2, chase through the alley", "cinematic", None),
        ("cue the drums, rock", "rock", None),
        ("a sad hungarian song", "hungarian folk", None),
        ("gypsy violin and guitars, swing", "gypsy jazz", None),
        ("cowboy campfire ballad", "country", None),
        ("campfire ballad, two guitars", "folk", None),
        ("ceilidh, fiddles", "celtic", None),
        ("sacred harp singing", "choral", None),
        ("broadway showstopper", "musical theatre", None),
        ("orchestral drum and bass", "drum and bass", "symphonic"),
        ("a march for a school parade", "march", None),
        ("a mass for peace", "choral", None),
        ("bluegrass cover of a metal song", "bluegrass", "metal"),
        ("a metal version of a christmas carol", "metal", "christmas"),
        ("detroit type beat", "hip hop", None),
        ("glam, stomping, 1973", "classic rock", None),
        ("classic rock with a big guitar riff", "classic rock", None),
        ("70s rock, gravelly voice", "classic rock", None),
        ("bolero with spanish guitars", "bolero", None),
        ("sixties garage pop, farfisa organ, fuzz", "garage rock", None),
        ("cathedral choir with pipe organ, anthem for easter", "choral", None),
        ("chorinho at sunset", "choro", None),
        ("cumbia psicodélica de los 60", "cumbia", None),
        ("funky soul jazz hammond organ trio, greasy groove", "soul jazz", "funk"),
        ("soul with jazz chords", "soul", "jazz"),
        ("industrial metal, marching beat, distorted synths", "industrial metal", "march"),
        ("banda sinaloense party", "mariachi", None),
        ("hurdy-gurdy dance, medieval fair", "medieval", None),
        ("synth dance", "edm", None),
        ("chicha psicodélica, surf guitar", "psychedelic rock", "cumbia"),
        ("mambo, 1950s big band", "latin jazz", None),
        ("salsa jazz", "latin jazz", None),
        ("sleep music for babies, music box", "lullaby", None),
        ("bpm 174 liquid", "drum and bass", None),
        ("two guitars and a cajon, rumba", "flamenco", None),
        ("rumba with trumpets and congas", "salsa", None),
        ("blues, acoustic guitar and harmonica", "delta blues", None),
        ("swing, two guitars, violin and bass", "gypsy jazz", None),
        ("sports highlight reel, hype trap, brass stabs, 150bpm", "trap", None),
        ("platformer world 1, bouncy, ukulele + slap bass", "video game", None),
        ("a fire drill beat with sliding 808s", "drill", None),
        ("we met at a punk show, now we have three kids", "punk", None),
        ("country noir, baritone voice, dobro", "country", None),
        ("I want song very happy for wedding, arabic style, darbuka", "arabic", None),
        ("shabbat niggun, no words, accordion", "klezmer", None),
        ("Bach style chorale prelude, pipe organ", "baroque", None),
        ("islamic nasheed, male vocals", "arabic", None),
        ("bir türk halk müziği, bağlama", "arabic", None),
        ("goodnight song in spanish, male voice, guitar", "lullaby", None),
        ("Sunday school song about Noah, clapping", "children's", None),
        ("princess ballet music, celesta, strings", "symphonic", None),
        ("weeb, japanese rock, girl vocalist", "j-pop", None),
    ],
)
def test_a_genre_is_the_one_that_is_meant(prompt: str, genre: str, blend: str | None) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        assert (made.genre, made.blend) == (genre, blend)


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [("doo-wop ballad, falsetto, ooh wah ooh", "wah guitar"), ("disco funk, chicken scratch guitar", "turntable")],
)
def test_nobody_plays_a_syllable_or_a_way_of_playing(prompt: str, instrument: str) -> None:
    assert instrument not in plan(Request(prompt, seed=1)).instruments


@pytest.mark.parametrize("prompt", ["funk, get down party", "slow down the tempo", "throw down anthem"])
def test_down_alone_is_not_sad(prompt: str) -> None:
    assert not plan(Request(prompt, seed=1)).moods
    assert plan(Request("song for when I feel down", seed=1)).moods == ("sad",)


@pytest.mark.parametrize(
    ("prompt", "suggested"),
    [
        ("crooner, las vegas", {"swing", "lounge", "big band", "jazz"}),
        ("girl group, wall of sound", {"motown", "pop", "doo-wop"}),
        ("adagio for strings, mourning", {"classical", "chamber music", "symphonic"}),
        ("presto, violin", {"classical", "chamber music", "baroque"}),
        ("1950s diner", {"rock and roll", "doo-wop", "country"}),
        ("dark academia", {"romantic piano", "chamber music", "classical"}),
        ("cottagecore", {"folk", "indie folk", "singer-songwriter"}),
        ("steampunk airship", {"cinematic", "electro swing", "fantasy"}),
        ("roller rink in 1979", {"disco", "funk", "nu-disco"}),
        ("slow and heavy, crushing guitars", {"metal", "doom metal", "hard rock", "grunge", "rock"}),
        ("victorian parlor music", {"classical", "romantic piano", "chamber music"}),
        ("roaring twenties party", {"dixieland", "jazz", "ragtime"}),
        ("anthem", {"rock", "pop", "alternative rock"}),
        ("playing in a village pub in Ireland", {"celtic", "folk"}),
        ("somewhere in Spain", {"latin pop", "flamenco", "latin"}),
        ("song that sounds like the ocean is crying", {"ambient", "new age", "indie folk", "singer-songwriter"}),
        ("an anthem for my school", {"rock", "pop", "alternative rock"}),
        ("piano man, saloon", {"ragtime", "country", "blues"}),
        ("music for a waiting room", {"smooth jazz", "lounge", "bossa nova"}),
    ],
)
def test_a_singer_a_tempo_or_a_scene_suggests_genres(prompt: str, suggested: set[str]) -> None:
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(8)} <= suggested


@pytest.mark.parametrize("prompt", ["1962 beach party", "nightclub in 1955", "1940s gym workout"])
def test_a_decade_has_no_genres_that_are_newer(prompt: str) -> None:
    later = {"house", "techno", "trance", "bass music", "hip hop", "electronica"}
    for seed in range(8):
        assert genres()[plan(Request(prompt, seed=seed)).genre].family not in later


@pytest.mark.parametrize("prompt", ["banger", "a real banger for the club"])
def test_a_banger_is_danced_to(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).genre in ("edm", "dance-pop", "trap", "house", "techno")


def test_french_house_is_a_kind_of_disco() -> None:
    assert plan(Request("french house filter disco loop", seed=1)).genre == "nu-disco"


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("musique triste pour un film, violoncelle et piano, très lent", ("cello", "piano")),
        ("choir a cappella, slow, sacred, 4 voices", ("choir",)),
        ("ピアノだけの静かな曲", ("piano",)),
        ("two old men playing chess, accordion and upright bass", ("accordion", "upright bass")),
        ("zulu choir with drums", ("choir", "drums")),
        ("hip hop without rapping, instrumental, just beats", ()),
        ("hip hop, just the beat", ()),
        ("just drums", ("drums",)),
        ("four guitars like a spanish courtyard", ("acoustic guitar",) * 4),
        ("four loud guitars scare the neighbours", ()),
        ("voice and handclaps, field holler", ("claps",)),
        ("accordion, tuba, clarinet: drunk uncle at a wedding", ("accordion", "tuba", "clarinet")),
        ("piano, female vocals: a ballad", ()),
        ("musique de chambre, clarinette, violoncelle, piano, brahms", ("clarinet", "cello", "piano")),
        ("Drehleier und Dudelsack, Mittelaltermarkt, wild", ("hurdy-gurdy", "bagpipes")),
        ("jazz quartet without piano", ("upright bass", "drums", "sax", "trumpet")),
        ("choir without men", ("female choir",)),
        ("Walzer für zwei Geigen und Kontrabass", ("violin", "violin", "upright bass")),
        ("Weihnachtslied mit Kinderchor und Orgel", ("choir", "organ")),
        ("amapiano log drum, jazzy keys", ()),
        ("two guitars and a cajon, rumba", ("nylon guitar", "nylon guitar", "cajon")),
        ("just one chorus, guitar pop", ()),
        ("just one guitar, pop", ("electric guitar",)),
        ("opera with choir", ()),
        ("piano trio ballad, brushes", ("piano", "upright bass", "drums")),
        ("piano trio, romantic", ("piano", "violin", "cello")),
        (
            "New Orleans brass band: sousaphone, 2 trumpets, 2 trombones, snare, bass drum",
            ("tuba", "trumpet", "trumpet", "trombone", "trombone", "drums"),
        ),
        ("start with a cappella chorus, then beat drops, R&B", ()),
        ("Tom (sax), quartet: Jim (piano), Al (bass), Sue (flute)", ("sax", "piano", "upright bass", "flute")),
    ],
)
def test_a_cast_is_the_one_that_is_meant(prompt: str, cast: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).cast == cast


@pytest.mark.parametrize(
    ("prompt", "slowest", "fastest"),
    [
        ("raga at dawn, sitar, tabla, tanpura drone, slow then fast", 55, 90),
        ("psytrance full on 145 goa", 145, 145),
        ("pianno solo, sadd, slo", 50, 84),
        ("techno, fast then slow", 124, 160),
        ("a crooner with a big band", 114, 128),
        ("crooner, big band, slow", 60, 84),
        ("big band", 120, 180),
    ],
)
def test_a_tempo_is_the_one_that_is_meant(prompt: str, slowest: float, fastest: float) -> None:
    for seed in range(3):
        assert slowest <= plan(Request(prompt, seed=seed)).bpm <= fastest


def test_a_renaissance_dance_is_played() -> None:
    assert plan(Request("harpsichord and recorder, renaissance dance", seed=1)).vocals == "none"


def test_beats_of_hip_hop_are_whole_tracks() -> None:
    score = compose(plan(Request("hip hop without rapping, instrumental, just beats", seed=1)))
    assert {"drums", "bass"} <= {track.role for track in score.tracks}


@pytest.mark.parametrize(
    "prompt",
    [
        "podcast intro 10 seconds, confident, synth",
        "hold music, synth",
        "film noir, sax",
        "background for a cooking video, light jazz",
        "gaming montage, hard dubstep",
        "chase scene through the streets of Istanbul, arabic",
        "scene: a detective walks into a smoky bar, swing",
        "flute over a hip hop beat",
        "a sax solos over a funk groove",
        "tabla and sitar in conversation",
        "romanian doina on pan flute",
        "tension under dialogue, rock",
        "game loop, oud and darbuka",
        "70s cop show theme",
        "sax and trumpet trade solos over a walking bass and brushes",
        "visual novel romance theme, piano and strings",
    ],
)
def test_music_behind_something_is_not_sung(prompt: str) -> None:
    for seed in range(3):
        assert plan(Request(prompt, seed=seed)).vocals == "none"


def test_a_scene_suggests_its_genres() -> None:
    assert plan(Request("fade in, fade out, waves", seed=1)).genre in ("ambient", "new age")
    assert plan(Request("submarine dive, sonar, low brass", seed=1)).genre in ("cinematic", "epic")


def test_a_whisper_becomes_a_scream() -> None:
    assert {"builds up", "big ending"} <= set(plan(Request("whisper to a scream, alt rock", seed=1)).structure)


def test_hated_drums_do_not_play() -> None:
    made = plan(Request("my grandma's 90th birthday, she loves waltzes and hates drums", seed=1))
    assert "drums" in made.avoided
    assert plan(Request("i hate mondays, punk with drums", seed=1)).instruments == ("drums",)


def test_a_song_for_an_alto_is_no_opera() -> None:
    for seed in range(4):
        assert plan(Request("song about leaving Rome by train, female alto, no chorus", seed=seed)).genre != "opera"


def test_a_guzheng_is_no_koto() -> None:
    assert plan(Request("中国风 古筝 笛子 轻柔", seed=1)).instruments == ("guzheng", "flute")


def test_a_band_has_one_drummer() -> None:
    limit = "The band has one drummer."
    assert limit in plan(Request("a band with two drummers and no guitar", seed=1)).limits
    assert limit not in plan(Request("two drummers", seed=1)).limits
    assert limit not in plan(Request("a band with a drummer", seed=1)).limits


@pytest.mark.parametrize("prompt", ["alles akustisch, kein Schlagzeug, Männerstimme", "acoustic, male voice"])
def test_acoustic_music_suggests_acoustic_genres(prompt: str) -> None:
    for seed in range(4):
        assert plan(Request(prompt, seed=seed)).genre in (
            "singer-songwriter",
            "folk",
            "indie folk",
            "country",
            "ballad",
        )


def test_a_skeleton_dance_is_no_club_music() -> None:
    for seed in range(4):
        assert plan(Request("xylophone skeleton dance", seed=seed)).genre in ("horror", "children's")


def test_a_carousel_turns_in_three() -> None:
    assert plan(Request("haunted carousel", seed=1)).meter == (3, 4)
    assert plan(Request("haunted carousel in 4/4", seed=1)).meter == (4, 4)


def test_a_guitar_without_singing_has_no_choir() -> None:
    assert plan(Request("guitare manouche, rapide et joyeux, sans chant", seed=1)).instruments == ("acoustic guitar",)
    assert plan(Request("sertanejo triste, viola caipira", seed=1)).instruments == ("acoustic guitar",)


@pytest.mark.parametrize(
    "prompt", ["une berceuse douce, harpe et voix d'enfant", "nana, voz de niño", "ninna nanna, voce di bambino"]
)
def test_a_childs_voice_in_other_languages(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == "child"


@pytest.mark.parametrize("prompt", ["aggressive breakup song", "screaming song about my boss"])
def test_loud_songs_of_no_genre_are_loud(prompt: str) -> None:
    loud = {"punk", "alternative rock", "metal", "metalcore"}
    assert {plan(Request(prompt, seed=seed)).genre for seed in range(8)} <= loud
