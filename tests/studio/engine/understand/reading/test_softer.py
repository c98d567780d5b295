"""`less drums`, `softer vocals` and `louder bass`: levels in the mix; who plays more softly still plays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request, WeightedPrompt
from riffusion_tui.studio.engine.structure_hints import LEVEL

KIT = ("drums", "percussion")


@pytest.mark.parametrize(
    ("prompt", "softer", "named"),
    [
        ("rock, less drums", KIT, ()),
        ("rock with fewer drums", KIT, ()),
        ("lofi hip hop, less busy drums", KIT, ()),
        ("rock, less rhythm", ("drums",), ()),
        ("rock, softer drums", KIT, ("drums",)),
        ("pop, the drums are a bit quieter", KIT, ("drums",)),
        ("pop, drums softer, piano", KIT, ("drums", "piano")),
        ("less guitar, more piano", ("guitar",), ("piano",)),
        ("rock, less vocals", ("vocals",), ()),
        ("softer song with piano", (), ("piano",)),
        ("rock, softer, drums", (), ("drums",)),
        ("less is more, piano", (), ("piano",)),
        ("pop, vocals low in the mix", ("vocals",), ()),
        ("rock, drums buried in the mix", KIT, ("drums",)),
        (
            "pop, the piano is low in the mix",
            ("piano", "honky-tonk piano", "prepared piano", "electric piano"),
            ("piano",),
        ),
        ("fewer than 3 drums", (), ("drums",)),
        ("rock, drums with a softer sound", (), ("drums",)),
        ("pop, quiet drums", KIT, ("drums",)),
        ("shoegaze, buried vocals", ("vocals",), ()),
        ("pop song, vocals in the background", ("vocals",), ()),
        ("pop, piano in the background", (), ("piano",)),
        ("rock, faint organ", ("organ",), ("organ",)),
        ("pop, quiet piano", (), ("piano",)),
        ("pop, turn the drums down a bit", KIT, ("drums",)),
        ("Rock, Schlagzeug leiser", ("drums",), ("drums",)),
        ("rock, no quiet drums", (), ("drums",)),
        ("rock, the guitar is too loud", ("guitar",), ("electric guitar",)),
        ("rock, drums are way too loud", KIT, ("drums",)),
    ],
)
def test_the_instruments_that_a_prompt_wants_softer_are_not_excluded(
    prompt: str, softer: tuple[str, ...], named: tuple[str, ...]
) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.softer, made.instruments, set(made.avoided) - {"vocals"}) == (softer, named, set())
    assert not {"less", "softer", "quieter", "busy", "low", "buried", "mix"} & set(made.ignored)


def test_softer_instruments_do_not_calm_the_song_and_the_voice_stays() -> None:
    assert plan(Request("rock, softer drums")).density == plan(Request("rock")).density
    assert plan(Request("softer rock")).density < plan(Request("rock")).density
    assert plan(Request("pop, less female vocals")).vocals == "female"
    assert plan(Request("techno, less vocals")).vocals == "none"
    assert plan(Request("techno, softer vocals")).vocals == "any"
    assert [(term.kind, term.meaning) for term in recognize("softer drums, quieter vocals")] == [
        ("softer", "drums"),
        ("softer", "vocals"),
    ]
    assert [term.meaning for term in recognize("less screaming") if term.kind == "avoid"] == ["screamed voice"]
    assert plan(Request("rock, less kick")).avoided == ("kick",)


@pytest.mark.parametrize(
    ("prompt", "louder", "ignored"),
    [
        ("rock, louder bass", ("bass",), ()),
        ("rock, guitar louder", ("guitar",), ()),
        ("pop with upfront vocals", ("vocals",), ()),
        ("pop, vocals up front", ("vocals",), ()),
        ("rock, the guitars should be louder", ("guitar",), ()),
        ("rock, turn up the bass", ("bass",), ()),
        ("rock, turn the bass up", ("bass",), ()),
        ("disco, bass up, strings loud in the mix", ("bass", "strings"), ()),
        ("pop, vocals loud in the mix", ("vocals",), ()),
        ("Rock, lautere Gitarren", ("guitar",), ()),
        ("rock, guitarra más fuerte", ("guitar",), ()),
        ("house, kick louder", ("kick",), ()),
        ("rock, snare and hats louder", ("hi-hats",), ()),
        ("rock, loud snare", ("snare",), ()),
        ("rock, turn up the music", (), ("turn",)),
        ("pop, the music gets louder", (), ()),
        ("loud rock, guitar", (), ()),
        ("rock, loud drums", KIT, ()),
        ("latin jazz with loud congas", ("congas",), ()),
        ("loud drums", KIT, ()),
        ("rock, loud bass", ("bass",), ()),
        ("rock, loud bass guitar", ("bass",), ()),
        ("rock, loud guitars", (), ()),
        ("house, no loud drums", (), ()),
        ("rock, the bass is too quiet", ("bass",), ()),
        ("pop, the vocals are a bit too quiet", ("vocals",), ()),
    ],
)
def test_what_a_prompt_wants_louder_is_raised_not_ignored(
    prompt: str, louder: tuple[str, ...], ignored: tuple[str, ...]
) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.louder, made.ignored, made.softer) == (louder, ignored, ())
    raised = len(set(louder) - {"percussion"})  # a kit is one mention
    assert [term.kind for term in recognize(prompt) if term.kind == "louder"] == ["louder"] * raised


@pytest.mark.parametrize(
    ("prompt", "levels"),
    [
        ("rock, guitar louder in the chorus", ("louder in chorus: guitar",)),
        ("rock, louder guitar in the chorus and the bridge", ("louder in chorus, bridge: guitar",)),
        ("rock, loud drums in the chorus", ("louder in chorus: drums", "louder in chorus: percussion")),
        ("rock, softer drums in the verses", ("softer in verse: drums", "softer in verse: percussion")),
        ("rock, verses with softer drums", ("softer in verse: drums", "softer in verse: percussion")),
        ("in the chorus the guitar is louder, rock", ("louder in chorus: guitar",)),
        ("rock, turn the bass up in verse 2", ("louder in verse 2: bass",)),
        ("pop, kick louder in the chorus", ("louder in chorus: kick",)),
        ("pop, vocals low in the mix in the verse", ("softer in verse: vocals",)),
        ("no drums in the verse, louder guitar, rock", ()),
        ("rock, no loud drums in the chorus", ()),
    ],
)
def test_a_level_holds_in_the_sections_that_a_prompt_names(prompt: str, levels: tuple[str, ...]) -> None:
    made = plan(Request(prompt, seed=1))
    assert tuple(one.removeprefix(LEVEL) for one in made.structure if one.startswith(LEVEL)) == levels
    assert not {"louder", "softer", "loud", "turn"} & set(made.ignored)
    assert not levels or (made.louder, made.softer, made.limits) == ((), (), ())
    shown = [term.kind for term in recognize(prompt) if term.kind in ("louder", "softer")]
    assert len(shown) == len({level.split()[0] for level in levels}) or not levels


@pytest.mark.parametrize(("level", "sign", "db"), [("louder", 1, 5.0), ("softer", -1, 0.0)])
def test_in_these_sections_who_plays_is_louder_or_softer(level: str, sign: int, db: float) -> None:
    made = plan(Request("rock, with piano", seed=1, length_s=60.0))
    usual = compose(made)
    changed = compose(replace(made, structure=(*made.structure, f"{LEVEL}{level} in chorus: bass")))
    chorus = next(one for one in usual.sections if one.kind == "chorus")
    beats = range(int(chorus.start), int(chorus.start) + 8)
    for before, after in zip(usual.tracks, changed.tracks, strict=True):
        if before.role != "bass":
            assert after == before
            continue
        assert after.gain_db - before.gain_db == db
        ratios = {
            int(old.start) in beats: new.velocity / old.velocity
            for old, new in zip(before.notes, after.notes, strict=True)
            if int(old.start) in beats or old.start < chorus.start - 1
        }
        assert sign * (ratios[True] - ratios[False]) > 0.2


@pytest.mark.parametrize("level", ["louder", "softer"])
def test_a_part_of_the_kit_has_its_own_level(level: str) -> None:
    made = plan(Request("house", seed=1, length_s=30.0))
    usual = compose(made)
    changed = compose(replace(made, louder=("kick",)) if level == "louder" else replace(made, softer=("kick",)))
    kick = HITS["kick"]
    for before, after in zip(usual.tracks, changed.tracks, strict=True):
        softer = {old.pitch for old, new in zip(before.notes, after.notes, strict=True) if new.velocity < old.velocity}
        kit = {note.pitch for note in before.notes} if before.role == "drums" else set()
        assert softer == (kit & {kick} if level == "softer" else kit - {kick})


def _levels(made: Plan) -> dict[str, float]:
    """Return the level of each track in the mix, in dB, by its name and role."""
    return {f"{part.track.name} {part.track.role}": part.gain_db for part in Performance(compose(made), None).parts}


@pytest.mark.parametrize(
    ("names", "tracks"),
    [(KIT, ("drums", "percussion")), (("vocals",), ("vocal", "Choir counter")), (("bass",), ("bass",))],
)
def test_they_are_lower_in_the_mix(names: tuple[str, ...], tracks: tuple[str, ...]) -> None:
    made = plan(Request("rock with piano", seed=1, length_s=20.0))
    usual, changed = _levels(made), _levels(replace(made, softer=names))
    assert usual.keys() == changed.keys()
    for name, level in changed.items():
        if name.endswith(tracks):
            assert -9.0 <= level - usual[name] <= -4.0, name
        else:
            assert abs(level - usual[name]) <= 1.0, name


@pytest.mark.parametrize(
    ("names", "tracks"),
    [(KIT, ("drums", "percussion")), (("vocals",), ("vocal", "Choir counter")), (("bass",), ("bass",))],
)
def test_louder_tracks_are_higher_in_the_mix(names: tuple[str, ...], tracks: tuple[str, ...]) -> None:
    made = plan(Request("rock with piano", seed=1, length_s=20.0))
    usual, changed = _levels(made), _levels(replace(made, louder=names))
    for name, level in changed.items():
        if name.endswith(tracks):
            assert 3.0 <= level - usual[name] <= 7.0, name
        else:
            assert abs(level - usual[name]) <= 1.0, name


def test_a_louder_named_instrument_is_louder_than_a_named_one() -> None:
    made = plan(Request("rock, bass", seed=1, length_s=20.0))
    usual, changed = (Performance(compose(one), None) for one in (made, replace(made, louder=("bass",))))
    bass = [next(part.gain_db for part in one.parts if part.track.role == "bass") for one in (usual, changed)]
    assert 3.0 <= bass[1] - bass[0] <= 7.0
    assert changed.mixing.tone == pytest.approx(usual.mixing.tone, abs=0.4)


def test_in_a_part_of_the_song_less_is_none() -> None:
    made = plan(Request("rock", seed=1, prompts=(WeightedPrompt("less drums", 1.0, 0.0, 0.5),)))
    assert made.parts[0].avoided == KIT
    made = plan(Request("rock", seed=1, prompts=(WeightedPrompt("softer drums", 1.0, 0.0, 0.5),)))
    assert made.parts[0].avoided == ()
