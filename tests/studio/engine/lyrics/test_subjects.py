"""What a prompt is about is sung: whom it names, what happens, and the title that it gives the song."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import title, write
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.subject import as_sung
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import planned

_FORM = ("verse", "chorus", "verse", "bridge", "chorus", "ending")


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("wedding song for Sofia and Marco, pop", "Sofia and Marco"),
        ("pop song for Emma and Jack's wedding", "Emma and Jack"),
        ("lullaby for baby Emma", "baby Emma"),
        ("in memory of my dog Rex", "my dog Rex"),
        ("in memory of grandpa, folk", "grandpa"),
        ("happy birthday Annelise, pop song", "Annelise"),
        ("happy birthday mom", "mom"),
        ("happy anniversary mom and dad", "mom and dad"),
        ("for my sister's 40th birthday, funk", "my sister"),
        ("My sister's birthday song", "My sister"),
        ("get well soon card for my teacher Mr. Brown", "my teacher Mr. Brown"),
        ("song about my cat Miso knocking over a vase", "my cat Miso knocking over a vase"),
        ("song about my three cats, Milo, Otis and Pixel", "my three cats, Milo, Otis and Pixel"),
        ("rock song about my hometown, Leeds, 120 bpm", "my hometown, Leeds"),
        ("song about my summer, Jazz", "my summer"),
        ("song about summer, Leeds", "summer"),
        ("song about my summer with piano, Leeds", "my summer"),
        ("pop, topic: my old house", "my old house"),
        ("pop. Theme: first love", "first love"),
        ("theme song for a cooking show", ""),
        ("We need indie rock, 130 bpm. Thanks a lot, Jonas", ""),
        ("Thank you, Jonas", "Jonas"),
        ("song for our wedding on 12/06/2027", "our wedding"),
        ("Genre: pop\nSubject: the last train\nTempo: 90", "the last train"),
        ("pop (about: our first winter)", "our first winter"),
        ("Song for Strings and Harp", ""),
        ("pop on topic: ", ""),
        ("lofi for my yoga class", ""),
        ("two mules on a canal", "two mules"),
        ("a boxer enters the ring", "a boxer"),
        ("a dragon sleeping in a cave", "a dragon"),
        ("a warm summer evening", "a warm summer evening"),
        ("an old fiddle in the rain", ""),
        ("a song in the rain", ""),
        ("techno", ""),
    ],
)
def test_the_subject_is_what_the_prompt_is_about(prompt: str, subject: str) -> None:
    made = planned(prompt)
    assert made.subject == subject
    words = {word.lower() for word in re.findall(r"\w+", subject)}
    assert words.isdisjoint(re.sub(r"['’]s$", "", word).lower() for word in made.ignored)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("wedding song for Sofia and Marco, pop", ["Sofia", "Marco"]),
        ("pop song for Emma and Jack's wedding", ["Emma", "Jack", "wedding"]),
        ("song about my cat Miso knocking over a vase", ["cat", "Miso", "vase"]),
        ("lullaby for baby Emma", ["Emma"]),
        ("in memory of my dog Rex", ["dog", "Rex"]),
        ("happy birthday Annelise, pop song", ["Annelise", "birthday"]),
        ("folk song about my mother and her garden", ["mother", "garden"]),
        ("song about leaving my small town on a night train to Chicago", ["town", "train", "Chicago"]),
        ("song about two robots falling in love at the laundromat", ["robots", "love", "laundromat"]),
        ("song for Zoë", ["Zoë"]),
    ],
)
def test_its_nouns_are_sung(prompt: str, words: list[str]) -> None:
    for seed in range(6):
        text = write(planned(prompt, seed), _FORM).text.lower()
        assert all(re.search(rf"\b{word.lower()}\b", text) for word in words), text


def test_people_are_addressed_by_their_name() -> None:
    for seed in range(6):
        chorus = write(planned("happy birthday to my dog Rex", seed), ("chorus",)).sections[0].lines[0].text
        assert "Rex" in chorus
        assert "my dog" not in chorus.lower()


@pytest.mark.parametrize(
    ("subject", "phrase", "rest"),
    [
        ("my cat Miso knocking over a vase", "my cat Miso", "knocking over a vase"),
        ("a king who lost his crown", "my king", "who lost his crown"),
        ("my mother and her garden", "my mother", "and her garden"),
        ("peace and unity", "peace and unity", ""),
        ("Newton and the apple", "Newton and the apple", ""),
        ("emigrating to North America", "emigrating", "to North America"),
        ("a rebellious teenager named Maximilian", "a rebellious teenager", "named Maximilian"),
        ("a knight and a dragon", "a knight and a dragon", ""),
        ("money and fast cars", "money and fast cars", ""),
        ("a marvelous knight and his terrible dragon", "a marvelous knight", "and his terrible dragon"),
        ("the time I got lost in Venice on a Sunday", "the time I got lost", "in Venice on a Sunday"),
        ("what happened to Amelia Earhart", "what happened", "to Amelia Earhart"),
        ("my three cats, Milo, Otis and Pixel", "my three cats", "Milo, Otis and Pixel"),
        ("my cats, Maximilian, Alexandria, Bartholomew and Montgomery", "my cats", ""),
        ("leaving and never coming back", "leaving", "and never coming back"),
        ("dancing with Carmen in Havana", "dancing with Carmen", "in Havana"),
        ("a dragon guarding a library of forgotten books", "a dragon", "guarding a library"),
        ("the old sailing ship", "the old sailing ship", ""),
        ("Sofia and Marco", "Sofia and Marco", ""),
    ],
)
def test_the_rest_of_a_subject_has_its_own_line(subject: str, phrase: str, rest: str) -> None:
    sung = as_sung(subject)
    assert sung is not None
    assert (sung.phrase, sung.rest) == (phrase, rest)


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ('A song called "Nobody\'s Harbour"', "Nobody's Harbour"),
        ("title: Blue Door. Slow indie", "Blue Door"),
        ("titled 'Seven Rivers', folk", "Seven Rivers"),
        ("[Title: Blue Door] indie", "Blue Door"),
        ("Slow indie.\n**Title: Blue Door**\nwith piano", "Blue Door"),
        ("Slow indie. **Title:** Blue Door", "Blue Door"),
        ("[Style: indie]\n[Title: Blue Door]", "Blue Door"),
        ("a sad ballad titled The Last Train to Memphis, female vocals", "The Last Train to Memphis"),
        ("song titled blue door, indie", "Blue Door"),
        ("a waltz called “The Blue Hour” for piano", "The Blue Hour"),
        ('Title: "Hello, Goodbye"; upbeat pop', "Hello, Goodbye"),
        ("a song called The Rain in May with piano", "The Rain in May"),
        ("techno track named 'Machine 9'", "Machine 9"),
        ('pop, song title is "Blue Door"', "Blue Door"),
        ("pop, the song title should be Blue Door", "Blue Door"),
        ("pop. Name it Blue Door", "Blue Door"),
        ('pop, name it "blue door"', "Blue Door"),
        ("indie pop, let's call it Blue Door.", "Blue Door"),
        ('a song I call "Blue Door"', "Blue Door"),
        ("pop song, give it the title Blue Door", "Blue Door"),
        ("lofi, the name of the song is Rain", "Rain"),
        ("pop, song name: Blue Door", "Blue Door"),
        ("theme for a podcast named Night Owls", "Night Owls"),
        ("opening music for a TV series called Dark Water", "Dark Water"),
        ("a song about a podcast named Night Owls", ""),
        ("pop about how we name it fear", ""),
        ("call it love, pop", ""),
        ("jingle for a company named Acme", ""),
        ("a song about a cat called 'Miso'", ""),
        ("a dance called Tango", ""),
        ("entitled to nothing, a punk song", ""),
        ("title screen music", ""),
        ("untitled lofi beat", ""),
    ],
)
def test_a_prompt_gives_the_title(prompt: str, name: str) -> None:
    made = planned(prompt)
    assert made.title == name
    if name:
        assert title(made) == name
        assert write(made, _FORM).title == name
        assert compose(plan(Request(f"{prompt}, 20 seconds", 1, instrumental=True))).title == name


def test_a_title_describes_no_music() -> None:
    made = planned("title: Blue Door. Slow indie")
    assert made.moods == ()
    assert planned("a song called Piano Man, rock").instruments == ()
    assert planned('a song called "Nobody\'s Harbour"').subject == "Nobody's Harbour"


def test_a_title_is_the_hook() -> None:
    for seed in range(6):
        lyrics = write(planned("title: Blue Door. Slow indie", seed), ("verse", "chorus"))
        assert "blue door" in lyrics.sections[1].lines[0].text.lower()


def test_a_song_with_a_title_and_a_subject_has_both() -> None:
    lyrics = write(planned('a song about my old truck, called "Good Boy"'), ("verse", "chorus"))
    assert lyrics.title == "Good Boy"
    assert "my old truck" in lyrics.sections[0].lines[0].text


def test_music_for_somebody_stays_instrumental() -> None:
    made = planned("wedding entrance music for Sofia and Marco, harp and strings, 70 seconds")
    assert (made.vocals, made.instruments) == ("none", ("harp", "strings"))


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("song for my sister's graduation", "sister"),
        ("song for my wife's 40th birthday", "my wife"),
        ("happy birthday to my dog Rex", "Rex"),
        ("happy anniversary mom and dad", "mom and dad"),
        ("dance song for Jack & Jill", "Jack and Jill"),
        ("polka for Opa Heinrich's 90th birthday", "Opa Heinrich"),
        ("Geburtstagslied für Anna, Schlager", "Anna"),
        ("happy 50th birthday Dave!", "Dave"),
        ("love song to Julia from Tom", "Julia"),
        ("a song for mom", "mom"),
        ("HAPPY BIRTHDAY ANNELISE", "Annelise"),
        ("my dog max, country", "Max"),
        ("wedding song for tom and lisa", "Tom and Lisa"),
        ("song about my old truck's engine", ""),
        ("song about leaving home", ""),
    ],
)
def test_whom_the_song_addresses(prompt: str, name: str) -> None:
    made = planned(prompt)
    sung = as_sung(made.subject, named=made.named)
    assert sung is not None
    assert sung.name == name


def test_a_song_about_somebody_does_not_address_them() -> None:
    assert not planned("country song about Johnny who lost his truck").named
    assert planned("song for Johnny").named
    assert planned("a song for my dog Rex who ate my homework").named


def test_somebody_whom_one_is_left_for_is_not_sung_to() -> None:
    made = planned("breakup song, he left me for my sister")
    assert (made.subject, made.named) == ("", False)


def test_the_prompts_title_goes_before_that_of_given_lyrics() -> None:
    for lyrics in ("The river runs past my door", "{title: Home}\nThe river runs past my door"):
        assert compose(planned("title: Blue Door. Slow indie, 20 seconds"), lyrics=lyrics).title == "Blue Door"
    in_prompt = Request("Title: Blue Door\nSlow indie, 20 seconds\nLyrics:\nThe river runs past my door", seed=1)
    assert compose(plan(in_prompt), lyrics=in_prompt.lyrics).title == "Blue Door"
    assert compose(planned("title: Blue Door. Slow indie, 20 seconds"), title="Mine").title == "Mine"


@pytest.mark.parametrize(
    ("prompt", "sung"),
    [
        ("song about school", True), ("a song about a dragon", True), ("spooky song about ghosts", True),
        ("song about space, instrumental", False), ("song about space without vocals", False),
        ("lo-fi song about school", False), ("techno song about love", False),
        ("song about yoga", True), ("song about jazz", True), ("waltz about love", True), ("minuet about love", True),
        ("bebop song about the subway", True), ("waltz for two lovers", False), ("ambient about space", False),
    ],
)  # fmt: skip
def test_a_song_about_something_is_sung_unless_an_instrumental_genre_is_named(prompt: str, sung: bool) -> None:
    assert {planned(prompt, seed).vocals != "none" for seed in range(4)} == {sung}


@pytest.mark.parametrize(
    ("prompt", "genres_of_the_subject"),
    [
        ("upbeat song about sad people", {"ambient", "ballad"}), ("upbeat song about a funeral", {"choral"}),
        ("happy song about death", {"ambient", "ballad"}), ("sad song about a party", {"house", "dance-pop", "edm"}),
        ("energetic song about sleep", {"lullaby", "ambient", "new age"}),
    ],
)  # fmt: skip
def test_an_explicit_mood_goes_before_that_of_the_subject(prompt: str, genres_of_the_subject: set[str]) -> None:
    for seed in range(6):
        made, plain = planned(prompt, seed), planned(prompt.partition(" about ")[0], seed)
        assert (made.energy, made.brightness) == (plain.energy, plain.brightness)
        assert made.genre not in genres_of_the_subject
        assert made.vocals != "none"


@pytest.mark.parametrize(("prompt", "genre"), [("song about jazz", "jazz"), ("song about yoga", "new age")])
def test_a_song_about_a_genre_is_likely_of_it(prompt: str, genre: str) -> None:
    assert {planned(prompt, seed).genre for seed in range(4)} == {genre}
    made = planned(f"punk {prompt}")
    assert (made.genre, made.blend) == ("punk", None)
    assert ("genre", genre) in {(one.kind, one.meaning) for one in made.understood}


@pytest.mark.parametrize(
    "prompt",
    [
        "punk song about the landlord raising the rent", "pop about a summer in Lisbon with my best friend Clara",
        "song about artificial intelligence taking over the world", "children's song about a hungry caterpillar",
        "sea shanty about a whale that swallowed the captain", "happy birthday song for Emma who turns 30",
        "wedding song for Sofia and Marco, pop", "synthwave about driving at night through Tokyo", "song about rain",
    ],
)  # fmt: skip
def test_what_is_said_about_a_subject_fits_into_a_breath(prompt: str) -> None:
    """`They still ask about driving at night through Tokyo another day` had 16 syllables, `Give me back rain` four."""
    for seed in range(12):
        lyrics = write(planned(prompt, seed), _FORM)
        lines = [line.text for section in lyrics.sections for line in section.lines]
        assert all(5 <= count(line) <= 13 for line in lines), lines


@pytest.mark.parametrize(
    ("prompt", "theme"),
    [
        ("punk song about the landlord raising the rent", "work"), ("death metal about taxes", "work"),
        ("folk song about my grandfather's lighthouse", "sea"), ("power ballad about never giving up", "hope"),
        ("musical about a baker who wants to be a star", "joy"), ("sad song about pizza", "loss"),
        ("happy pop song about death", "joy"), ("upbeat song about losing my job", "work"),
        ("punk song about school", "memory"), ("punk about parking tickets", "work"),
        ("a ballad about my old house", "memory"), ("reggae about a bus driver", "city"),
    ],
)  # fmt: skip
def test_a_song_keeps_to_the_field_of_its_subject(prompt: str, theme: str) -> None:
    """The landlord raising the rent was sung of with `Put your hand in mine`."""
    rises = [rise.strip().lower() for rise in re.split("[,\n]", read_data("lyrics/halves.toml")[theme]["rises"])]
    whole = read_data("lyrics/themes.toml")[theme]["chorus"].lower()
    for seed in range(8):
        for line in write(planned(prompt, seed), ("chorus",)).sections[0].lines[1::2]:
            text = line.text.lower()
            assert text in whole or text.startswith(tuple(filter(None, rises))), text


@pytest.mark.parametrize(
    "prompt", ["wedding song for Sofia and Marco", "happy anniversary mom and dad", "my sister's wedding song"]
)
def test_guests_do_not_sing_as_one_of_the_couple(prompt: str) -> None:
    """Sofia and Marco were sung to with `You kiss me twice`."""
    for seed in range(12):
        for section in write(planned(prompt, seed), ("verse", "prechorus", "verse", "bridge")).sections:
            for line in section.lines[2 if section.kind == "verse" else 0 :]:
                assert not re.search(r"\b(?:I|me|my|mine|our)\b", line.text), line.text


def test_one_of_a_couple_sings_for_the_other() -> None:
    text = "".join(write(planned("anniversary song for my wife", seed), _FORM).text for seed in range(12))
    assert "I bring you tea" in text


@pytest.mark.parametrize(
    ("one", "other", "rhyme"),
    [
        ("known", "town", False), ("known", "alone", True), ("row", "now", False),
        ("planned", "hand", True), ("friend", "end", True),
    ],
)  # fmt: skip
def test_words_rhyme_by_their_sound(one: str, other: str, rhyme: bool) -> None:
    assert (rhyme_key(one) == rhyme_key(other)) is rhyme


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("delta blues about a mule", "mule"), ("punk about parking tickets", "parking tickets"),
        ("folk song about leaving home", "leaving home"), ("a ballad about my old house", "my old house"),
        ("bossa nova about a closed bakery", "closed bakery"), ("rock song about how we met", "how we met"),
    ],
)  # fmt: skip
def test_every_verse_comes_back_to_the_subject(prompt: str, words: str) -> None:
    """Only the first verse named it; the others were stock lines."""
    for seed in range(5):
        made = plan(Request(prompt, seed))
        verses = write(made, ("verse", "chorus", "verse", "bridge", "verse")).sections[::2]
        found = [section for section in verses if section.kind == "verse"]
        texts = [" ".join(line.text for line in section.lines).lower() for section in found]
        assert all(words in text for text in texts), texts


def test_a_later_verse_places_its_subject_nowhere() -> None:
    """A verse was `And still cigarettes down by the shore`: places belong to the first verse."""
    places = ("down by the shore", "in my old chair", "beneath the tree", "out on the lawn", "across the square")
    for seed in range(12):
        _, *later = write(plan(Request("jazz about cigarettes", seed)), ("verse",) * 5).sections
        assert not [verse.lines[0].text for verse in later if verse.lines[0].text.endswith(places)]


def test_no_later_verse_begins_as_another() -> None:
    """Two verses began with `I never asked for landlords`."""
    for seed in range(12):
        verses = write(plan(Request("punk about landlords", seed)), ("verse",) * 5).sections
        first = [verse.lines[0].text.partition(" landlords")[0] for verse in verses]
        assert len(set(first)) == len(first), first


def test_a_long_subject_is_named_in_the_first_verse() -> None:
    first, second = write(plan(Request("rock song about the forgotten promises of youth")), ("verse", "verse")).sections
    assert "forgotten promises" in first.lines[0].text
    assert all("promises" not in line.text for line in second.lines)


@pytest.mark.parametrize("prompt", ["delta blues about a mule", "sad country song about a broken fence"])
def test_the_chorus_speaks_of_a_thing_that_the_verse_has_named(prompt: str) -> None:
    """A chorus was `All my roads lead me back to a mule`."""
    for seed in range(10):
        (chorus,) = write(plan(Request(prompt, seed)), ("chorus",)).sections
        assert not re.search(r"\ba (mule|broken fence)\b", chorus.lines[0].text.lower())
