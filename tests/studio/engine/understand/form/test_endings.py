"""How loudly a song ends, as the prompt says."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _last_energy(prompt: str) -> float:
    return compose(plan(Request(prompt, seed=1, length_s=75.0))).sections[-1].energy


@pytest.mark.parametrize("ending", ["big ending", "loud ending", "epic ending", "big finale", "big finish"])
def test_a_big_ending_is_louder_than_the_usual_and_a_quiet_one_softer(ending: str) -> None:
    made = plan(Request(f"rock, {ending}"))
    assert "big ending" in made.structure
    assert "quiet ending" not in made.structure
    assert not made.ignored
    assert _last_energy("rock, quiet ending") < _last_energy("rock") < _last_energy(f"rock, {ending}")


@pytest.mark.parametrize(
    ("prompt", "hint"),
    [
        ("tango with bandoneon, ending abruptly", "sudden end"),
        ("punk, hard stop ending", "sudden end"),
        ("punk, a sudden stop at the end", "sudden end"),
        ("pop that ends with a long fade", "fade out"),
        ("folk, ending quietly", "quiet ending"),
        ("folk, soft outro", "quiet ending"),
        ("rock, finish big", "big ending"),
        ("pop, close with a fade", "fade out"),
        ("pop, outro: fade with strings", "fade out"),
    ],
)
def test_an_ending_is_as_the_prompt_says(prompt: str, hint: str) -> None:
    endings = {"sudden end", "fade out", "quiet ending", "big ending"}
    assert endings.intersection(plan(Request(prompt)).structure) == {hint}


@pytest.mark.parametrize("prompt", ["rock ending", "rock with an outro", "rock that ends with a guitar", "rock, coda"])
def test_an_ending_of_no_kind_is_as_loud_as_usual(prompt: str) -> None:
    made = plan(Request(prompt))
    assert "ending" in made.structure
    assert not {"ends", "outro", "coda"}.intersection(made.ignored)
    assert _last_energy("rock, quiet ending") < _last_energy(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "post-rock that starts quiet and ends loud",
        "post-rock, from soft to loud",
        "post-rock that becomes very intense",
    ],
)
def test_from_quiet_to_loud_builds_up(prompt: str) -> None:
    sections = compose(plan(Request(prompt, seed=1, length_s=90.0))).sections
    assert "builds up" in plan(Request(prompt)).structure
    assert sections[0].energy < 0.35 < 0.7 < sections[-2].energy


@pytest.mark.parametrize(
    "prompt",
    [
        "rock, end with a guitar solo", "metal, finish with a guitar solo", "rock that closes with a guitar solo",
        "blues, ending on a guitar solo", "rock, ends with a guitar solo", "rock, wrap up with a guitar solo",
        "Rock, Gitarrensolo am Ende",
    ],
)  # fmt: skip
def test_a_solo_ends_the_song(prompt: str) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed))
        assert [section.kind for section in compose(made).sections][-2:] == ["solo", "ending"]
        assert not made.ignored


@pytest.mark.parametrize(
    "prompt", ["pop", "soul", "bossa nova", "waltz, sung", "a choir sings a hymn", "twelve-bar blues"]
)
def test_the_last_word_is_sung_on_the_last_chord(prompt: str) -> None:
    """Half of all songs had their last word bars before, on a note that is not of the last chord."""
    for seed in range(1, 4):
        made = compose(plan(Request(prompt, seed=seed, length_s=90.0)))
        last = next(track for track in made.tracks if track.role == "vocal").notes[-1]
        assert abs(last.start - made.chords[-1].start) < 0.1, seed
        assert (last.pitch - made.chords[-1].root) % 12 in (0, 3, 4), seed


@pytest.mark.parametrize("prompt", ["pop that fades out", "a poem, narrated, with piano"])
def test_a_song_that_fades_out_and_speech_end_before_the_last_chord(prompt: str) -> None:
    made = compose(plan(Request(prompt, seed=1, length_s=90.0)))
    last = next(track for track in made.tracks if track.role == "vocal").notes[-1]
    assert last.start < made.chords[-1].start - 1


@pytest.mark.parametrize(
    ("prompt", "last"),
    [
        ("piano sonata in C major, classical", {"C"}), ("trombone quartet in F major", {"F"}),
        ("disco in Ab major", {"Ab", "Abadd9"}), ("bossa nova in C major", {"C6", "C69", "C"}),
        ("gypsy jazz in A major", {"A6", "A69", "A"}), ("k-pop in C major, Dm7 - G7 - Cmaj7", {"Cmaj7"}),
    ],
)  # fmt: skip
def test_a_song_ends_on_a_chord_at_rest(prompt: str, last: set[str]) -> None:
    """Sonatas and marches ended on a major seventh, if the seed colored their chords."""
    for seed in range(1, 7):
        assert compose(plan(Request(prompt, seed=seed, length_s=60.0))).chords[-1].symbol in last, seed


@pytest.mark.parametrize("verb", ["start", "starts", "begin", "open", "kicks off"])
def test_an_instrument_begins_the_song(verb: str) -> None:
    assert "piano intro" in plan(Request(f"pop, {verb} with a piano")).structure
