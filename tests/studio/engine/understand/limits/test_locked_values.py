"""What locks keep although the prompt says otherwise is said."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Locks, Request

_FORM = "4/4, intro 4, verse 8, chorus 8, verse 8, chorus 8, ending 4"
_ELSEWHERE = r"The locked form has no free solo section, so the {} solo is in \w.*, bars? \d+( to \d+)?\."


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("pop", ""),
        ("pop, verse, chorus, verse, chorus", ""),
        ("pop, no bridge", ""),
        ("pop, 8-bar verses", ""),
        ("pop, big chorus, big ending", ""),
        ("pop at 100 bpm, 1:40", ""),
        ("pop, no chorus", "The locked form keeps the chorus."),
        ("pop, AABA form", "The locked form keeps its sections and their order."),
        ("pop, 3 verses and 2 choruses", "The locked form keeps its sections and their order."),
        ("pop, with a bridge", "The locked form has no bridge."),
        ("pop, guitar solo", "The locked form has no solo."),
        ("pop, 16-bar verses", "The locked form's verse has 8 bars, not 16."),
        ("pop at 100 bpm, 4 minutes", "The locked form lasts 1:38, not 4:00."),
        ("pop at 120 bpm, 32 bars", "The locked form has 40 bars, not 32."),
    ],
)
def test_a_locked_form_that_differs_is_said(prompt: str, limit: str) -> None:
    made = plan(Request(prompt, 1, locks=Locks(form=_FORM)))
    assert made.limits == ((limit,) if limit else ())


@pytest.mark.parametrize(
    ("form", "added", "limit"),
    [
        (_FORM, ", + trumpet solo", _ELSEWHERE.format("trumpet")),
        (_FORM, ", + congas solo", _ELSEWHERE.format("congas")),
        ("4/4, intro 1, chorus 8, ending 1", ", + trumpet solo", _ELSEWHERE.format("trumpet")),
        ("4/4, verse 8, solo 8, verse 8", ", + congas solo", ""),
        (_FORM, ", with a solo", r"The locked form has no solo\."),
    ],
)
def test_a_solo_of_a_guest_is_located(form: str, added: str, limit: str) -> None:
    band = "drums=drums, bass=bass, chords=piano, vocal=female"
    made = compose(plan(Request("pop" + added, 1, locks=Locks(form=form, band=band, like="pop"))))
    assert re.fullmatch(limit, " ".join(made.plan.limits)), made.plan.limits


@pytest.mark.parametrize("prompt", ["pop, AABA form", "pop, guitar solo, 2 minutes", "pop, no chorus, with a bridge"])
def test_the_form_of_the_same_prompt_differs_in_nothing(prompt: str) -> None:
    first = compose(plan(Request(prompt, 1)))
    assert plan(Request(prompt, 1, locks=Locks(form=first.form, like=prompt))).limits == ()


@pytest.mark.parametrize(
    ("prompt", "limits"),
    [
        ("pop, 140 bpm, in D", ("The locked tempo stays 90 bpm.", "The song stays in E minor.")),
        ("pop, E major", ("The song stays in E minor.",)),
        ("pop, 90 bpm, E minor", ()),
        ("fast pop", ()),
    ],
)
def test_a_locked_tempo_and_key_that_differ_are_said(prompt: str, limits: tuple[str, ...]) -> None:
    assert plan(Request(prompt, 1, locks=Locks(tempo=90, key="E minor"))).limits == limits


def test_locked_players_that_rest_are_said() -> None:
    band = "chords=jazz guitar, drums=drums, bass=upright bass, pad=strings, lead=electric piano, arp=kalimba"
    score = compose(plan(Request("jazz, 60 seconds", 1, locks=Locks(band=band))))
    assert score.plan.limits == ("In jazz, these players of the locked band rest: strings and kalimba.",)
    assert not {"strings", "kalimba"} & {track.instrument for track in score.tracks}
    assert compose(plan(Request("lofi, 60 seconds", 1, locks=Locks(band=band)))).plan.limits == ()


def test_a_refused_key_is_refused_under_its_other_name() -> None:
    keys = {plan(Request(f"pop, not in {key}", seed)).key for key in ("Db", "C#", "Gb", "F#") for seed in range(40)}
    refused = {plan(Request("pop, not in Gb", seed)).key for seed in range(60)}
    assert not {"F#", "Gb"} & refused
    assert len(keys) > 8


def test_a_section_that_is_a_place_is_detected_once() -> None:
    found = [(term.kind, term.meaning) for term in plan(Request("pop, no drums in the verse", 1)).understood]
    assert found == [("genre", "pop"), ("avoid", "drums in verse")]
