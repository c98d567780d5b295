"""A choir with an orchestra sings in four parts, in the rhythm of the words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance, singer_of
from riffusion_tui.studio.engine.mix.track_levels import balanced
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED

_PROMPT = "choral requiem with full choir, orchestra and timpani"


def _score(prompt: str = _PROMPT, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=75.0)))


def _parts(score: Score) -> Track:
    (track,) = (track for track in score.tracks if track.instrument == "choir" and track.role == "pad")
    return track


def _tune(score: Score) -> list[Note]:
    return [note for track in score.tracks if track.role == "vocal" for note in track.notes]


def _sounding(notes: tuple[Note, ...], beat: float) -> list[Note]:
    return [note for note in notes if note.start <= beat + 0.1 and beat + 0.1 < note.start + note.length]


@pytest.mark.parametrize("seed", range(1, 5))
def test_four_parts_sound_with_nearly_every_word(seed: int) -> None:
    score = _score(seed=seed)
    parts, tune = _parts(score).notes, _tune(score)
    counts = [len(_sounding(parts, note.start)) for note in tune]
    assert sum(count >= 3 for count in counts) >= 0.9 * len(counts)  # two parts may meet on a pitch
    assert sum(count == 4 for count in counts) >= 0.6 * len(counts)


@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize("prompt", [_PROMPT, "children's choir, choral, with a small orchestra"])
def test_the_soprano_has_the_tune_and_no_part_crosses_it(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    parts = _parts(score).notes
    sounding = [(note, [one.pitch for one in _sounding(parts, note.start)]) for note in _tune(score)]
    octaves = {max(pitches) - note.pitch for note, pitches in sounding if pitches}
    assert len(octaves) == 1
    assert octaves <= {-12, 0, 12, 24}


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_more_than_an_octave_is_between_the_upper_parts(seed: int) -> None:
    score = _score(seed=seed)
    for note in _tune(score):
        pitches = sorted((one.pitch for one in _sounding(_parts(score).notes, note.start)), reverse=True)
        upper = pitches[:-1] if len(pitches) == 4 else pitches[:2]
        assert all(high - low <= 12 for high, low in pairwise(upper))


def test_children_sing_no_bass() -> None:
    score = _score("children's choir, choral, with a small orchestra")
    assert min(note.pitch for note in _parts(score).notes) >= 55


@pytest.mark.parametrize("prompt", ["male choir and orchestra, choral", "choral, male choir, strings, brass, timpani"])
def test_a_male_choir_has_no_sopranos(prompt: str) -> None:
    (parts,) = (track for track in _score(prompt).tracks if track.instrument == "male choir")
    assert max(note.pitch for note in parts.notes) <= 69
    assert min(note.pitch for note in parts.notes) < 48
    assert "choir" not in {track.instrument for track in _score(prompt).tracks if track.role != "vocal"}


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("prompt", [_PROMPT, "choral music", "oratorio, full chorus and orchestra"])
def test_a_choir_sings_words_for_most_of_a_song(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    sung = sum(section.bars for section in score.sections if section.kind in ("verse", "chorus", "bridge"))
    assert sung >= 0.6 * sum(section.bars for section in score.sections)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("prompt", ["opera aria for soprano", "baroque song for soprano", "a lied for baritone"])
def test_a_classical_song_is_not_mostly_variations_without_words(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    sung = sum(section.bars for section in score.sections if section.kind in ("verse", "chorus", "bridge"))
    assert sung >= 0.6 * sum(section.bars for section in score.sections)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize(
    "prompt", ["gospel choir, organ and drums, clapping", "worship song with a big choir and a band"]
)
def test_a_gospel_choir_sings_three_close_parts(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    parts, tune = _parts(score).notes, _tune(score)
    for note in tune:
        pitches = sorted(one.pitch for one in _sounding(parts, note.start))
        assert len(pitches) <= 3
        assert not pitches or pitches[-1] - pitches[0] <= 14
    assert sum(len(_sounding(parts, note.start)) == 3 for note in tune) >= 0.8 * len(tune)


@pytest.mark.parametrize(
    "prompt", ["symphonic metal, huge latin choir", "epic trailer with a massive choir and orchestra"]
)
def test_a_choir_beside_a_metal_band_or_in_a_film_sings_its_words_in_four_parts(prompt: str) -> None:
    score = _score(prompt)
    parts, tune = _parts(score).notes, _tune(score)
    assert sum(len(_sounding(parts, note.start)) == 4 for note in tune) >= 0.5 * len(tune)


@pytest.mark.parametrize(("role", "louder_db"), [("choir", 3.0), ("pad", 0.0)])
def test_a_choir_that_sings_the_words_has_a_level_of_its_own(role: str, louder_db: float) -> None:
    score = _score("gospel choir, organ and drums, clapping")
    whole = Performance(score, SYNTHESIZED)
    at = next(i for i, part in enumerate(whole.parts) if part.track == _parts(score))
    mixing = mixing_for(score.plan)
    levels = mixing.levels | {role: mixing.levels[role] + 3.0}
    before, after = (balanced(score, whole.parts, one)[0][at] for one in (mixing, replace(mixing, levels=levels)))
    assert after.gain_db - before.gain_db == pytest.approx(louder_db, abs=0.2)


def test_a_line_of_a_hymn_takes_twice_as_long_as_one_of_a_pop_song() -> None:
    lengths = []
    for prompt in ("pop song, 75 bpm, 4/4", "hymn for choir, 75 bpm, 4/4"):
        score = _score(prompt)
        lines = score.lyric_lines
        lengths.append(sum(line.end - line.start for line in lines) / len(lines))
    assert lengths[1] >= 1.6 * lengths[0]


@pytest.mark.parametrize(("prompt", "words"), [(_PROMPT, True), ("pop song with choir, female singer", False)])
def test_only_choral_music_has_a_choir_that_sings_in_the_rhythm_of_the_words(prompt: str, words: bool) -> None:
    score = _score(prompt)
    starts = [
        n.start for track in score.tracks if track.instrument == "choir" and track.role != "vocal" for n in track.notes
    ]
    tune = [note.start for track in score.tracks if track.role == "vocal" for note in track.notes]
    with_words = [beat for beat in tune if any(abs(beat - start) < 0.05 for start in starts)]
    assert (len(with_words) > 0.8 * len(tune)) is words


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("prompt", ["opera aria for soprano", "choral requiem", "hymn"])
def test_a_whole_song_has_long_sections_instead_of_many(prompt: str, seed: int) -> None:
    score = compose(plan(Request(prompt, seed=seed)))
    assert len(score.sections) <= 16


_CHOIRS = {
    "female choir": (53, 79), "women's choir sings a hymn": (53, 79), "womens choir a cappella": (53, 79),
    "SSAA choir": (53, 79), "men's chorus": (40, 69), "male voice choir": (40, 69), "TTBB choir": (40, 69),
    "male choir": (40, 69), "boys' choir": (55, 79), "girls choir": (55, 79), "barbershop": (40, 69),
    "female barbershop quartet": (53, 79), "choir": (41, 79), "gospel choir": (41, 79), "frauenchor": (53, 79),
}  # fmt: skip
"""The lowest note of a choir's basses and the highest of its sopranos."""


@pytest.mark.parametrize(("prompt", "span"), _CHOIRS.items(), ids=list(_CHOIRS))
def test_each_choir_sings_in_its_singers_ranges(prompt: str, span: tuple[int, int]) -> None:
    for seed in range(4):
        pitches = [note.pitch for track in _score(prompt, seed).tracks for note in track.notes]
        assert span[0] <= min(pitches)
        assert max(pitches) <= span[1]


@pytest.mark.parametrize("prompt", [one for one in _CHOIRS if "barbershop" not in one])
def test_a_choir_without_accompaniment_sings_the_words_in_parts_below_the_tune(prompt: str) -> None:
    counts: list[int] = []
    for seed in range(4):
        score = _score(prompt, seed)
        (parts,) = (track for track in score.tracks if track.role == "pad")
        for note in _tune(score):
            pitches = sorted(one.pitch for one in _sounding(parts.notes, note.start))
            assert not pitches or max(pitches) <= note.pitch
            assert all(high - low <= 12 for low, high in pairwise(pitches[1:]))
            counts.append(len(pitches))
    assert sum(count >= 3 for count in counts) >= 0.85 * len(counts)


@pytest.mark.parametrize("prompt", ["barbershop", "barbershop quartet", "female barbershop quartet"])
def test_the_lead_of_a_barbershop_quartet_has_one_part_above(prompt: str) -> None:
    above: list[int] = []
    for seed in range(4):
        score = _score(prompt, seed)
        assert score.plan.genre == "barbershop"
        assert {track.role for track in score.tracks} <= {"vocal", "pad", "bass", "counter"}
        (parts,) = (track for track in score.tracks if track.role == "pad")
        for note in _tune(score):
            higher = [one for one in _sounding(parts.notes, note.start) if one.pitch > note.pitch]
            above += [len(higher)]
    assert sum(count == 1 for count in above) >= 0.9 * len(above)


def test_a_choir_of_women_or_men_has_their_voices() -> None:
    kinds = {}
    for prompt in ("female choir", "male choir", "choir", "pop ballad sung by a female choir"):
        score = _score(prompt)
        (sung,) = (track for track in score.tracks if track.role == "vocal")
        kinds[prompt] = singer_of(score.plan, sung)
    assert list(kinds.values()) == ["female choir", "male choir", "choir", "female choir"]


def _parallels(score: Score) -> int:
    """Return how often two parts move in parallel fifths or octaves, the tune and its doubling aside."""
    found = 0
    tune = _tune(score)
    chords = [[one.pitch, *sorted(n.pitch for n in _sounding(_parts(score).notes, one.start + 0.1))] for one in tune]
    for before, now in pairwise(chords):
        upper = [
            [before[0], *(p for p in before[1:] if p != before[0])],
            [now[0], *(p for p in now[1:] if p != now[0])],
        ]
        if len(upper[0]) != len(upper[1]):
            continue
        pairs = list(zip(*upper, strict=True))
        for place, (first, then) in enumerate(pairs):
            for other, later in pairs[place + 1 :]:
                moved = (then - first) * (later - other) > 0
                found += moved and abs(first - other) % 12 == abs(then - later) % 12 in (0, 7)
    return found


@pytest.mark.parametrize(
    ("prompt", "most"), [("a choir sings a hymn, SATB", 17), ("choral requiem", 22), ("choir and organ, hymn", 26)]
)
def test_few_parts_move_in_parallel_fifths_or_octaves(prompt: str, most: int) -> None:
    """Inner parts took the nearest tone, whatever the others did: 23, 33 and 35 times in these four songs."""
    assert sum(_parallels(_score(prompt, seed)) for seed in range(1, 5)) <= most
