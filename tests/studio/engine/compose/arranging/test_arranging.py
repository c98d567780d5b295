"""Players have parts that they can play, and that nobody else plays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby, pairwise, product

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.arranging import chord_players
from riffusion_tui.studio.engine.compose.arranging.chord_players import pattern_of
from riffusion_tui.studio.engine.compose.arranging.hands import within_reach
from riffusion_tui.studio.engine.compose.arranging.members import Member
from riffusion_tui.studio.engine.compose.casting.seat import family_of, seat_of, span_of
from riffusion_tui.studio.engine.compose.catalog import Entry
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import ninths_s

_FEET = {HITS["kick"], HITS["pedalhat"]}
_SEEDS = (1, 2)


@cache
def _score(prompt: str, seed: int, length_s: float | None = None) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=length_s)))


def _tracks(score: Score, *roles: str) -> list[Track]:
    return [track for track in score.tracks if track.role in roles]


def _strokes(track: Track, within: float) -> Iterator[list[Note]]:
    for _, group in groupby(track.notes, key=lambda note: round(note.start / within)):
        yield list(group)


def _doubled(pad: Track, chords: Track) -> bool:
    """Whether most of a pad's notes are another player's, and most strokes of that player are the pad's."""
    struck = {(round(note.start, 1), note.pitch % 12) for note in chords.notes}
    near = {(round(at + by, 1), tone) for at, tone in struck for by in (-0.1, 0.0, 0.1)}
    own = {(round(note.start, 1), note.pitch % 12) for note in pad.notes}
    back = {(round(at + by, 1), tone) for at, tone in own for by in (-0.1, 0.0, 0.1)}
    return len(own & near) > 0.6 * len(own) and len(struck & back) > 0.55 * len(struck)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize(
    "prompt", ["dark ambient", "dubstep", "fantasy", "trap", "synthwave", "bhangra", "symphonic", "new age", "idm"]
)
def test_pads_hold_what_the_chords_do_not(prompt: str, seed: int) -> None:
    """In each of these, for a seed, the pad had the notes and the rhythm of the piano or the synth."""
    score = _score(prompt, seed)
    pads, comps = _tracks(score, "pad"), _tracks(score, "chords")
    assert not any(_doubled(pad, chords) for pad in pads for chords in comps)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("prompt", ["idm", "drum and bass", "house, 2 minutes", "reggaeton"])
def test_held_chords_end_with_their_section(prompt: str, seed: int) -> None:
    """A chord held into the next section was struck again there, together with that section's own."""
    score = _score(prompt, seed)
    for track in _tracks(score, "chords", "pad"):
        for section in score.sections[1:]:
            chord = [one for one in score.chords if one.start <= section.start + 0.01][-1]
            tones = {pitch % 12 for pitch in chord.pitches}
            assert {n.pitch % 12 for n in track.notes if abs(n.start - section.start) < 0.12} <= tones


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("prompt", ["rock", "salsa", "samba", "latin jazz", "soul", "cumbia", "spy", "indie pop"])
def test_a_drummer_has_two_hands(prompt: str, seed: int) -> None:
    for track in _tracks(_score(prompt, seed), "drums"):
        for stroke in _strokes(track, 0.05):
            assert len({note.pitch for note in stroke} - _FEET) <= 2, stroke


@pytest.mark.parametrize("prompt", ["drum solo", "rock, drums only", "latin drums and bass duo"])
def test_a_drummer_without_percussionists_has_two_hands_too(prompt: str) -> None:
    score = _score(prompt, 1)
    assert not _tracks(score, "percussion")
    for track in _tracks(score, "drums"):
        for stroke in _strokes(track, 0.05):
            assert len({note.pitch for note in stroke} - _FEET) <= 2


def test_others_play_the_percussion_of_a_groove() -> None:
    score = _score("salsa", 2)
    congas = {HITS["congahigh"], HITS["congalow"], HITS["congamute"], HITS["claves"]}
    played = {track.role: congas & {note.pitch for note in track.notes} for track in score.tracks}
    assert played["percussion"]
    assert not played["drums"]


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize(
    "prompt", ["folk", "arabic", "psytrance", "vaporwave", "synthwave", "hawaiian", "dub", "ska", "bebop", "grime"]
)
def test_second_voices_have_a_part(prompt: str, seed: int) -> None:
    """Each of these had one that played a handful of notes in the whole song."""
    score = _score(prompt, seed)
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    bars = sum(section.bars for section in score.sections)
    for track in _tracks(score, "counter"):
        if track.instrument != "vocal choir":
            assert len({int(note.start / bar + 0.02) for note in track.notes}) > 0.18 * bars or len(track.notes) >= 24


def _nearly_silent(score: Score) -> list[int]:
    """Return the bars in which something sounds during less than a third."""
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    heard: set[int] = set()
    for note in (note for track in score.tracks for note in track.notes):
        first, end = int((note.start + 0.1) / bar * 16), int((note.start + note.length) / bar * 16)
        heard.update(range(first, max(first + 1, end)))
    bars = sum(section.bars for section in score.sections)
    return [b for b in range(bars - 1) if sum(part in heard for part in range(16 * b, 16 * b + 16)) < 5]


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize(
    "prompt", ["breakbeat with piano", "house", "techno", "minimal techno", "acid house", "disco", "smooth jazz"]
)
def test_no_bar_is_nearly_silent(prompt: str, seed: int) -> None:
    """Breakdowns and intros had one short chord in each bar, and nothing else."""
    assert _nearly_silent(_score(prompt, seed)) == []


def test_a_few_fills_are_no_percussion_track() -> None:
    """Seed 5 would have one."""
    notes = [len(track.notes) for seed in (3, 4, 5) for track in _tracks(_score("reggae", seed), "percussion")]
    assert len(notes) == 2
    assert min(notes) >= 60


def test_a_groove_without_a_kit_has_no_drummer() -> None:
    """He would have played the last bar only."""
    for seed in range(30, 36):
        for track in _tracks(_score("afrobeat", seed), "drums"):
            assert len(track.notes) >= 60


@pytest.mark.parametrize(
    ("prompt", "seed", "pattern", "able"),
    [
        ("bebop", 1, "four to the bar", {"guitar", "plucked"}),
        ("calypso", 1, "flamenco arpeggio", {"guitar", "plucked"}),
        ("house", 2, "skippy organ", {"keys", "organ", "synth"}),
        ("rock and roll", 1, "stride with tenths", {"keys", "organ", "reeds"}),
    ],
)
def test_patterns_are_played_on_instruments_that_they_suit(
    prompt: str, seed: int, pattern: str, able: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The brass played flamenco arpeggios, and a guitar the organ's off-beats."""
    picked: list[tuple[str, str]] = []

    def recorded(song: SongContext, member: Member) -> Entry:
        found = pattern_of(song, member)
        picked.append((found.name, family_of(member.seat.instrument)))
        return found

    monkeypatch.setattr(chord_players, "pattern_of", recorded)
    compose(plan(Request(prompt, seed=seed)))
    assert picked
    assert all(family in able for name, family in picked if name == pattern)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize(
    ("prompt", "role", "most"),
    [("bachata", "chords", 6), ("hawaiian", "chords", 4), ("march", "pad", 4), ("cinematic", "pad", 6)],
)
def test_no_more_notes_at_once_than_can_be_played(prompt: str, role: str, most: int, seed: int) -> None:
    """A guitar had ten, the horns eight."""
    limited = {"nylon guitar", "acoustic guitar", "ukulele", "french horn", "strings", "tremolo strings"}
    for track in _tracks(_score(prompt, seed), role):
        if track.instrument in limited:
            assert max(len({note.pitch for note in stroke}) for stroke in _strokes(track, 0.12)) <= most


@pytest.mark.parametrize(("name", "most"), [("violin", 2), ("cello", 2), ("trumpet", 1), ("piano", 5)])
def test_the_outer_voices_stay_if_a_chord_is_thinned(name: str, most: int) -> None:
    notes = [Note(4.0, 2.0, pitch, 0.5) for pitch in (55, 60, 64, 67, 72)]
    _, left = within_reach((seat_of("chords", name), notes))
    assert len(left) == most
    assert left[-1].pitch == 72
    assert len(left) == 1 or left[0].pitch == 55


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("prompt", ["drum solo", "beatboxing only", "taiko ensemble", "gregorian chant", "plainchant"])
def test_what_has_no_chords_has_no_chord_sheet(prompt: str, seed: int) -> None:
    assert not _score(prompt, seed).chords


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "prompt", ["plainchant, 60 seconds", "gregorian chant with drone, 45 seconds", "gregorian chant, 3 minutes"]
)
def test_a_chant_is_as_long_as_requested(prompt: str, seed: int) -> None:
    """It was up to eight seconds shorter or longer."""
    wished = plan(Request(prompt, seed=seed)).length_s
    assert _score(prompt, seed).duration_s == pytest.approx(wished, abs=1.0)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("prompt", ["choir and organ, hymn", "barbershop quartet", "choral"])
def test_a_choir_is_one_track_beside_its_words(prompt: str, seed: int) -> None:
    """Voices of a choir that hummed two notes at the end had tracks of their own."""
    singers = [t for t in _score(prompt, seed).tracks if t.instrument in ("choir", "vocal choir") and t.role != "vocal"]
    assert len(singers) <= 1


def _clashes(score: Score) -> tuple[int, int]:
    """Return how many notes of tunes clash with the chord on a strong beat, unresolved, and how many are on one."""
    half = score.plan.meter[0] * 2 / score.plan.meter[1]
    clashing = total = 0
    for track in _tracks(score, "vocal", "lead", "counter"):
        for note, after in pairwise(track.notes):
            if note.length < 0.4 or (abs((note.start + 0.1) % half - 0.1) > 0.12 and note.length < 1):
                continue
            total += 1
            tones = {
                p % 12 for c in score.chords if c.start <= note.start + 0.1 < c.start + c.length for p in c.pitches
            }
            steps = (
                abs(after.pitch - note.pitch) in (1, 2) and after.start - note.start < 1.1 and after.pitch % 12 in tones
            )
            beside = {(note.pitch + 1) % 12, (note.pitch - 1) % 12}
            clashing += note.pitch % 12 not in tones and bool(beside & tones) and not steps
    return clashing, total


@pytest.mark.parametrize(
    "prompt",
    [
        "power ballad",
        "power ballad with strings",
        "blues with harmonica",
        "blues",
        "doo-wop",
        "musical theatre",
        "trap",
    ],
)
def test_tunes_do_not_clash_with_the_chords(prompt: str) -> None:
    """Up to one in fifteen of such notes did: held ends of lines, and backing vocals in thirds whatever the chord."""
    found = [_clashes(_score(prompt, seed)) for seed in (1, 2, 3)]
    assert sum(clashing for clashing, _ in found) <= 0.015 * sum(total for _, total in found)


def _rubbing(score: Score) -> int:
    """Return how many held notes lie a semitone from a long note of the tune, for most of a beat."""
    sung = [track for track in score.tracks if track.role == "vocal"]
    tunes = sung or _tracks(score, "lead")
    others = [
        n for t in score.tracks if t not in tunes and t.role in ("chords", "pad", "counter", "lead") for n in t.notes
    ]
    return sum(
        abs(one.pitch - note.pitch) == 1
        and min(one.start + one.length, note.start + note.length) - max(one.start, note.start) >= 0.8
        for track in tunes
        for one in track.notes
        if one.length >= 1
        for note in others
    )


@pytest.mark.parametrize("prompt", ["psytrance", "downtempo", "bossa nova", "trance"])
def test_nobody_holds_a_note_beside_one_of_the_tune(prompt: str) -> None:
    """Pads held the seventh below the tonic of the tune: up to 18 times in these."""
    assert sum(_rubbing(_score(prompt, seed)) for seed in _SEEDS) <= 1


@pytest.mark.parametrize(
    "prompt", ["piano sonata in C major, classical", "salsa with trumpets", "disco with strings", "gypsy jazz", "lofi"]
)
def test_chords_have_no_minor_ninth_below_the_tune(prompt: str) -> None:
    """A sonata ended on C over the B of Cmaj7, for three seconds; sung keys of house did, too."""
    for seed in (1, 2):
        score = _score(prompt, seed)
        assert ninths_s(score, ("chords", "pad"), ("lead", "vocal")) <= 0.02 * score.duration_s, seed


@pytest.mark.parametrize("prompt", ["symphony, orchestra, heroic", "drum and bass", "synthwave"])
def test_pads_have_no_minor_ninth_above_the_chords(prompt: str) -> None:
    """Strings held the root above the others' seventh for half of a symphony."""
    for seed in (1, 2):
        score = _score(prompt, seed)
        assert ninths_s(score, ("chords",), ("pad",)) <= 0.03 * score.duration_s, seed


@pytest.mark.parametrize("prompt", ["waltz, instrumental", "klezmer", "classical orchestra", "bebop", "flute waltz"])
def test_a_tune_is_doubled_in_octaves_throughout_a_section_and_never_shrill(prompt: str) -> None:
    """Only the notes that a clarinet could reach were doubled, up to its last one."""
    for seed in range(1, 6):
        score = _score(prompt, seed, 120.0)
        ends = [*(section.start for section in score.sections[1:]), score.beats]
        for lead, other in product(_tracks(score, "lead"), _tracks(score, "counter")):
            tune = {round(note.start, 1): note.pitch for note in lead.notes}
            apart = [abs(note.pitch - tune.get(round(note.start, 1), note.pitch)) for note in other.notes]
            if lead.instrument != other.instrument or sum(one == 12 for one in apart) < 0.8 * len(apart):
                continue
            assert max(note.pitch for note in other.notes) <= span_of(other.instrument)[1] - 5
            for section, end in zip(score.sections, ends, strict=True):
                here, there = (
                    sum(section.start - 0.05 <= n.start < end - 0.05 for n in t.notes) for t in (other, lead)
                )
                assert here == 0 or here >= 0.9 * there, (seed, section.name, here, there)


@pytest.mark.parametrize("prompt", ["funk", "house", "salsa", "jazz", "reggae", "techno", "soul"])
def test_intros_are_of_several_kinds_and_drums_can_open_a_song(prompt: str) -> None:
    """Chords joined the drums and the bass at once, and drums were too soft to strike anything."""
    opening = set()
    for seed in range(12):
        score = _score(prompt, seed, 100.0)
        bar = score.plan.meter[0] * 4 / score.plan.meter[1]
        if score.sections[0].kind == "intro":
            opening.add(frozenset(t.role for t in score.tracks if any(n.start < bar - 0.1 for n in t.notes)))
    assert len(opening) > 2
    assert any("drums" in roles and not roles & {"chords", "pad", "arp", "lead"} for roles in opening)
