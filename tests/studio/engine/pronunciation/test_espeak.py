"""Pronunciations by an external program: a script, and espeak-ng itself if installed."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from riffusion_tui.studio.engine.engine_errors import EspeakError
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.pronunciation import espeak
from riffusion_tui.studio.engine.pronunciation.espeak import sounds_by_word
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.singing import delivery
from riffusion_tui.studio.engine.song_request import BUILT_IN, ESPEAK, pronouncer_of
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.espeak_stand_in import STAND_IN, install
from tests.studio.engine import handmade


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    espeak.version.cache_clear()
    yield
    espeak.version.cache_clear()


def song(lyrics: str) -> Score:
    words = lyrics.split()
    notes = tuple(Note(float(i), 1.0, 60, 0.7, word) for i, word in enumerate(words))
    return replace(handmade.song((Track("Vocal", "vocal", "vocals", 53, notes),), vocals="female"), lyrics=lyrics)


def test_words_are_converted_to_the_engines_phonemes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    assert sounds_by_word(["noche", "quiero", "noche", "夜"], "es") == {
        "noche": ("N", "AO", "CH", "EH"),
        "quiero": ("K", "Y", "EH", "R", "AO"),
    }
    assert sounds_by_word([], "es") == {}


def test_a_song_takes_one_process_and_names_its_pronouncer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    found = delivery.pronunciation_of(song("Quiero vivir la Noche contigo"), ESPEAK)
    assert found.description == "Spanish, espeak-ng 1.51-stand-in"
    assert found.known["noche"] == ("N", "AO", "CH", "EH")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call for call in calls if call != "--version"] == ["-q -b 1 --ipa --sep=_ -v es-419 --stdin"]


def test_english_words_in_the_dictionary_are_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    found = delivery.pronunciation_of(song("the night is young and Zzyx dances"), ESPEAK)
    assert (found.known, found.description) == (
        {"zzyx": ("Z", "IH", "K", "S")}, "English, dictionary and espeak-ng 1.51-stand-in",
    )  # fmt: skip
    assert delivery.pronunciation_of(song("the night is young"), ESPEAK).description == "English, dictionary"


def test_the_alphabet_selects_the_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    assert (
        delivery.pronunciation_of(song("[Verse]\nНочь тиха"), ESPEAK).description == "Russian, espeak-ng 1.51-stand-in"
    )
    assert "-v ru" in (tmp_path / "calls").read_text()
    unknown = delivery.pronunciation_of(song("夜の"), BUILT_IN).description
    assert delivery.pronunciation_of(song("夜空"), ESPEAK).description == unknown


def test_the_singer_uses_the_pronunciation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    score = song("Ночь тиха Ночь тиха")

    def sung(by: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        known = delivery.pronunciation_of(score, by).known
        return np.concatenate(list(Performance(score, SYNTHESIZED, known).mixer()), axis=1)

    assert np.array_equal(sung(ESPEAK), sung(ESPEAK))
    assert not np.array_equal(sung(ESPEAK), sung(BUILT_IN))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("import sys; sys.exit(3)", "failed with exit code 3"),
        ("import time; time.sleep(30)", "did not answer within 0.5 s"),
        ("print('n_o'); print('n_o')", "returned 2 pronunciations for 1 words"),
    ],
)
def test_a_failing_program_is_reported_and_replaced_by_the_spelling_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    monkeypatch.setattr(espeak, "_TIMEOUT_S", 0.5)
    install(tmp_path, f"#!{sys.executable}\n{script}", monkeypatch)
    with pytest.raises(EspeakError, match=message):
        sounds_by_word(["noche"], "es")
    found = delivery.pronunciation_of(song("Noche"), ESPEAK)
    assert found == delivery.Pronunciation(f"Spanish, by its spelling (espeak-ng {message})")


def test_a_program_without_a_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, f"#!{sys.executable}\nprint('hello')", monkeypatch)
    with pytest.raises(EspeakError, match="reports no version"):
        espeak.version()


def test_a_program_that_is_missing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = delivery.pronunciation_of(song("Ich liebe die Nacht"), ESPEAK)
    assert found == delivery.Pronunciation("German, by its spelling (espeak-ng is not installed)")
    (tmp_path / ESPEAK).write_text("no program")
    with pytest.raises(EspeakError, match="can't be started: Permission denied"):
        espeak.version()


def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> IO[bytes]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    install(tmp_path, STAND_IN, monkeypatch)
    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    with pytest.raises(EspeakError, match="can't be started: No space left on device"):
        espeak.version()


def test_the_program_gets_no_token_and_no_lyrics_as_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIFFUSION_TUI_TOKEN", "canary")
    monkeypatch.setenv("KEPT", str(tmp_path / "kept"))
    script = "import os, sys; open(os.environ['KEPT'], 'w').write(f'{sys.argv} {dict(os.environ)}'); print('ˈa')"
    install(tmp_path, f"#!{sys.executable}\n{script}", monkeypatch)
    assert sounds_by_word(["secretword"], "en-us") == {"secretword": ("AA",)}
    kept = (tmp_path / "kept").read_text()
    assert "canary" not in kept
    assert "secretword" not in kept


@pytest.mark.parametrize(
    ("description", "pronouncer"),
    [
        ("Spanish, espeak-ng 1.51-stand-in", ESPEAK),
        ("German, by its spelling (espeak-ng is not installed)", BUILT_IN),
        ("", BUILT_IN),
    ],
)
def test_a_songs_details_name_its_pronouncer(description: str, pronouncer: str) -> None:
    assert pronouncer_of(description) == pronouncer


@pytest.mark.skipif(shutil.which(ESPEAK) is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    ("voice", "word", "sounds"),
    [
        ("es-419", "corazón", "K AO R AA S AO N"), ("de", "nächte", "N EH SH T AX"),
        ("fr-fr", "toujours", "T UW ZH UW R"),
        ("it", "cielo", "CH EH L AO"), ("pt-br", "noite", "N OY CH IY"), ("ru", "ночь", "N AO CH"),
        ("en-us", "zorblax", "Z AO R B L AE K S"),
    ],
)  # fmt: skip
def test_espeak_pronounces(voice: str, word: str, sounds: str) -> None:
    assert " ".join(sounds_by_word([word, "la"], voice)[word]) == sounds
