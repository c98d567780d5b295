"""Errors of the engine.

EngineError                 the song could not be made
├── Cancelled               it was cancelled
├── StyleError              a file of `styles/` can't be used
├── SoundfontError          the soundfont can't be used
│   ├── NotASoundfont       it is another kind of file
│   └── DamagedSoundfont    it is truncated or inconsistent
├── EspeakError             espeak-ng is not installed or does not work
└── EncodeError             the file could not be written
"""

from __future__ import annotations


class EngineError(Exception):
    """The engine could not make the song; `str(error)` says why and what to do."""


class Cancelled(EngineError):
    """The song was cancelled."""


class StyleError(EngineError):
    """A style file can't be used: the message names the file, the key and what to change."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"styles/{file}: {f'{key}: ' if key else ''}{problem}")


class SoundfontError(EngineError):
    """The soundfont can't be used: choose another one or remove the setting."""


class NotASoundfont(SoundfontError):
    """The file is not a soundfont."""


class DamagedSoundfont(SoundfontError):
    """The file is truncated or inconsistent."""


class EspeakError(EngineError):
    """espeak-ng is not installed or does not work. The message completes "espeak-ng …"."""


class EncodeError(EngineError):
    """The file could not be written: free some disk space, or choose another folder or format."""
