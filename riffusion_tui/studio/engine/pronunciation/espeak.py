"""Pronunciations by espeak-ng, an external program (GPL) that users can install. It runs once per song.

Only its phonemes are used: the sounds are synthesized here, so all languages are sung by the same voice.
"""

from __future__ import annotations

import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import IO

from riffusion_tui.child_environment import child_environment
from riffusion_tui.clean import clean_line
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.engine_errors import EspeakError
from riffusion_tui.studio.engine.pronunciation.letter_sounds import VOWELS
from riffusion_tui.studio.engine.song_request import ESPEAK

_TIMEOUT_S = 10.0
_MAX_WORDS = 4000
_MAX_BYTES = 1 << 20
"""Longest output that is read."""
_STRESS = "ˈˌː-_"


@cache
def version() -> str:
    """Return the program's version, such as `1.51`. Raises `EspeakError`."""
    words = clean_line(_output([ESPEAK, "--version"], "")).split()
    found = next((word for word in words if word[:1].isdigit()), "")
    if not found:
        raise EspeakError("reports no version")
    return found[:20]


def sounds_by_word(words: Iterable[str], voice: str) -> dict[str, tuple[str, ...]]:
    """Return the sounds of words, as in `phones.toml`. A word that the voice can't pronounce is left out.

    Args:
        words: lower-case, without punctuation.
        voice: an espeak-ng voice, such as `de`.

    Raises:
        EspeakError: it is missing, or failed, or its output does not fit the words.
    """
    wanted = list(dict.fromkeys(words))[:_MAX_WORDS]
    if not wanted:
        return {}
    command = [ESPEAK, "-q", "-b", "1", "--ipa", "--sep=_", "-v", voice, "--stdin"]
    # A paragraph for each word, and so a line of output.
    answers = _output(command, "\n\n".join(wanted) + "\n").removesuffix("\n").split("\n")
    if len(answers) != len(wanted):
        raise EspeakError(f"returned {len(answers)} pronunciations for {len(wanted)} words")
    read = {word: _sounds(answer, voice) for word, answer in zip(wanted, answers, strict=True)}
    return {word: sounds for word, sounds in read.items() if VOWELS.intersection(sounds)}


def _output(command: list[str], text: str) -> str:
    with _temporary_file() as output:
        try:
            ended = subprocess.run(  # noqa: S603 (no shell, and the lyrics go through stdin)
                command,
                input=text.encode("utf-8", "replace"),
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                timeout=_TIMEOUT_S,
            )
        except FileNotFoundError:
            raise EspeakError("is not installed") from None
        except subprocess.TimeoutExpired:
            raise EspeakError(f"did not answer within {_TIMEOUT_S:g} s") from None
        except OSError as error:
            raise EspeakError(f"can't be started: {error.strerror or error}") from None
        if ended.returncode:
            raise EspeakError(f"failed with exit code {ended.returncode}")
        output.seek(0)
        return output.read(_MAX_BYTES).decode("utf-8", "replace")


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise EspeakError(f"can't be started: {error.strerror or error}") from None


def _sounds(answer: str, voice: str) -> tuple[str, ...]:
    """Read a line such as `k_ˌo_ɾ_a_θ_ˈo_n`; nothing if the voice had to switch to another language, `(en)`."""
    if "(" in answer:
        return ()
    rows = read_data("espeak.toml")
    table = {**rows["sounds"], **rows["own"].get(voice, {})}
    longest = max(map(len, table))
    found: list[str] = []
    for phone in answer.replace(" ", "_").split("_"):
        rest = unicodedata.normalize("NFD", phone.strip(_STRESS))
        while rest:
            size = next((n for n in range(longest, 0, -1) if _normal(rest[:n]) in table), 0)
            found += table[_normal(rest[:size])].split() if size else ()
            rest = rest[max(size, 1) :]
    return tuple(found)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
