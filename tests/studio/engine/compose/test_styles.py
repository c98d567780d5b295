"""The style files: every name is known, every pattern parses, every genre has enough entries."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.compose import arrangement_style, catalog, compose, energy, form
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN
from riffusion_tui.studio.engine.compose.chords import harmony, theory
from riffusion_tui.studio.engine.compose.rhythm import comp, drums, steps
from riffusion_tui.studio.engine.compose.tunes import motif
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import ROLES
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import composed, genres, plan_of

TABLES = (
    ("palettes.toml", "palette", 3),
    ("grooves.toml", "groove", 3),
    ("grooves.toml", "fill", 3),
    ("grooves.toml", "percussion", 2),
    ("patterns.toml", "bass", 3),
    ("patterns.toml", "comp", 3),
    ("patterns.toml", "pad", 3),
    ("patterns.toml", "arp", 3),
    ("forms.toml", "form", 2),
    ("melody.toml", "habit", 3),
)
BASS_SIGNS = set("Rrg345678aw-.")
COMP_SIGNS = set("Xxog123456789rf-.")
DRUM_SIGNS = set(steps.LOUD) | set("-.")


@pytest.mark.parametrize(("file", "key", "enough"), TABLES)
def test_every_genre_has_enough_entries(file: str, key: str, enough: int) -> None:
    for genre in genres():
        assert len(catalog.serving(file, key, genre, catalog.family_of(genre))) >= enough, genre


def test_every_genre_has_progressions_in_each_of_its_modes() -> None:
    for genre, row in genres().items():
        for mode in row["modes"]:
            found = harmony.progressions(plan_of(genre, mode=mode))
            assert len(found) >= 3, (genre, mode, [entry.name for entry in found])


def test_every_entry_is_used_and_names_are_unique() -> None:
    tables = [*genre_files.families().values(), *genre_files.genres().values()]
    instruments = set(read_data("instruments.toml"))
    for file, key in [(file, key) for file, key, _ in TABLES] + [("progressions.toml", "progression")]:
        entries = catalog.table(file, key)
        assert len({entry.name for entry in entries}) == len(entries), key
        used = {name for table in tables for name in table.get("uses", {}).get(key, ())}
        own = {row["name"] for table in tables for row in table.get(key, ())}
        for entry in entries:
            assert entry.name in used | own or entry.serves_any or entry.words("instruments"), (key, entry.name)
            assert set(entry.words("instruments")) <= instruments, (key, entry.name)


@pytest.mark.parametrize(("key", "signs"), [("groove", DRUM_SIGNS), ("fill", DRUM_SIGNS), ("percussion", DRUM_SIGNS)])
def test_drum_patterns_parse(key: str, signs: set[str]) -> None:
    for entry in catalog.table("grooves.toml", key):
        lines = steps.read_lines(entry.text("lines"), int(entry.number("grid", 16)))
        assert lines, entry.name
        bar = _bar(entry)
        for line in lines:
            known = {"low", "high", "mute"} if key == "percussion" else set(drums.HITS)
            assert line.name in known, (entry.name, line.name)
            assert set(line.steps) <= signs, (entry.name, line.steps)
            assert line.low < line.high
            if key != "fill":
                assert (line.span / bar) % 1 == pytest.approx(0), (entry.name, line.steps)
        for name in entry.text("last", "kick" if key != "percussion" else "low").split():
            assert name in drums.HITS or key == "percussion"


@pytest.mark.parametrize(
    ("key", "signs"), [("bass", BASS_SIGNS), ("comp", COMP_SIGNS), ("pad", COMP_SIGNS), ("arp", COMP_SIGNS)]
)
def test_note_patterns_parse(key: str, signs: set[str]) -> None:
    for entry in catalog.table("patterns.toml", key):
        for line in steps.read_lines(entry.text("lines"), int(entry.number("grid", 16))):
            assert set(line.steps) <= signs, (entry.name, line.steps)
            assert line.name in (*comp.SHIFT, "bass"), entry.name
            assert (line.span / _bar(entry)) % 1 == pytest.approx(0), (entry.name, line.steps)


def _bar(entry: catalog.Entry) -> float:
    top, bottom = map(int, (entry.words("meters") or ("4/4",))[0].split("/"))
    return top * 4 / bottom


def test_progressions_parse_and_have_the_tonic_as_home_chord() -> None:
    for entry in catalog.table("progressions.toml", "progression"):
        assert entry.words("modes"), entry.name
        assert all(theory.mode_name(mode) == mode for mode in entry.words("modes")), entry.name
        for kind in ("intro", "verse", "prechorus", "chorus", "bridge", "drop", "home", "cadence"):
            for word in entry.text(kind).replace(",", " ").split():
                theory.read_numeral(word)
        assert theory.read_numeral(harmony.home_word(entry))[0] == 0, entry.name


def test_forms_parse_and_end_with_an_ending() -> None:
    for entry in catalog.table("forms.toml", "form"):
        parts = form.read_parts(entry.text("parts"))
        assert {part.priority for part in parts} >= {1, 2}, entry.name
        assert parts[-1].kind == "ending", entry.name
        assert all(form.read_parts(text) for text in entry.words("more")), entry.name
        kinds = set(energy.usual("pop"))
        assert {part.kind for part in parts} <= kinds, entry.name


@pytest.mark.parametrize("key", ["habit", "solo"])
def test_melody_habits_parse(key: str) -> None:
    for entry in catalog.table("melody.toml", key):
        for cell in entry.words("cells"):
            grid = int(entry.number("grid", 16))
            assert len(cell) == grid, (entry.name, cell)
            assert motif.times_of(cell, grid, (4, 4))
        for cell in entry.words("compound"):
            assert len(cell) == 6, (entry.name, cell)
        for kind in ("", "verse_", "chorus_", "solo_"):
            for scheme in entry.words(f"{kind}schemes"):
                assert set(scheme.replace(" ", "")) <= set("absSdiolrtqz"), (entry.name, scheme)


def test_palettes_name_instruments_that_can_play_their_role() -> None:
    known = read_data("instruments.toml")
    for entry in catalog.table("palettes.toml", "palette"):
        for role in ROLES:
            name = entry.text(role)
            assert not name or name in known, (entry.name, role, name)
            if name and role in ("drums", "percussion"):
                assert role in known[name]["roles"] or "drums" in known[name]["roles"], (entry.name, name)


def test_every_genre_has_an_arrangement_style() -> None:
    for genre in genres():
        style = arrangement_style.style_of(genre)
        assert style.colors
        assert set(style.enters) <= {*ROLES, "vocal", "fx"}
        assert set(style.counter) <= {"answers", "guide", "both", "harmony"}


def test_invalid_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="chord word"):
        theory.read_numeral("H7")
    with pytest.raises(ValueError, match="quality"):
        theory.read_numeral("Iblue")
    with pytest.raises(ValueError, match="part of a form"):
        form.read_parts("verse two")
    with pytest.raises(ValueError, match="unpack"):
        steps.read_lines("kick X...", 16)


@pytest.mark.parametrize("prompt", ["modern chart pop, female singer", "contemporary pop about the city", "2020s pop"])
def test_modern_pop_is_played_by_machines(prompt: str) -> None:
    for seed in (1, 2, 3):
        played = {track.instrument for track in compose(plan(Request(prompt, seed=seed, length_s=60.0))).tracks}
        assert {"drum machine"} <= played
        assert not played & {"organ", "acoustic guitar", "drums"}


@pytest.mark.parametrize("seed", range(1, 6))
def test_progressive_rock_has_long_instrumental_parts_keyboards_and_two_guitars(seed: int) -> None:
    score = compose(plan(Request("progressive rock, male singer", seed=seed, length_s=180.0)))
    bars = {kind: sum(s.bars for s in score.sections if s.kind == kind) for kind in ("solo", "verse", "chorus")}
    assert bars["solo"] >= 0.5 * (bars["verse"] + bars["chorus"])
    assert max(s.bars for s in score.sections if s.kind == "solo") >= 8
    assert {"organ", "mellotron", "synth lead", "electric piano"} & {track.instrument for track in score.tracks}
    takes = [track for track in score.tracks if track.program == DRIVEN["overdriven guitar"] and track.role == "chords"]
    assert len(takes) == 2


@pytest.mark.parametrize(
    ("genre", "strange"), [("salsa", "harp"), ("salsa", "clarinet"), ("bachata", "clarinet"), ("merengue", "harp")]
)
def test_dances_are_played_by_their_own_bands(genre: str, strange: str) -> None:
    for seed in range(1, 7):
        score = compose(plan(Request(genre, seed=seed, length_s=60.0)))
        assert strange not in {track.instrument for track in score.tracks}


@pytest.mark.parametrize(("genre", "other"), [("k-pop", "jazz"), ("folk", "metal"), ("pop", "reggae")])
def test_a_blend_always_has_a_player_of_the_other_genre(genre: str, other: str) -> None:
    lent = set(catalog.band(other)) - set(catalog.band(genre))
    for seed in range(6):
        assert lent & {track.instrument for track in compose(plan_of(genre, seed, blend=other)).tracks}


@pytest.mark.parametrize(("prompt", "least"), [("country in G", 0.85), ("bluegrass in G", 0.85), ("pop in C", 0.7)])
def test_plain_triads_are_the_usual_chords(prompt: str, least: float) -> None:
    symbols = [chord.symbol for seed in range(16) for chord in composed(prompt, seed).chords]
    plain = [symbol for symbol in symbols if re.fullmatch(r"[A-G][#b]?m?(?:/[A-G][#b]?)?", symbol)]
    assert len(plain) >= least * len(symbols)
