"""The prompt library: named prompts and presets of options, in one editable TOML file.

[prompts]
"rainy night" = "lofi piano, rain on the window, 70 bpm"

[presets.demo]
instrumental = true
takes = 2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli_w

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.config.atomic_file import read_or_empty, write_private
from riffusion_tui.config.errors import Problem, raise_problems
from riffusion_tui.config.settings import Value
from riffusion_tui.config.settings_file import toml_table
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.config.toml_lines import line_of
from riffusion_tui.config.validation import KIND_WORDS

PRESET_FIELDS: Mapping[str, type[Value]] = MappingProxyType(
    {
        "instrumental": bool,
        "model": str,
        "account": str,
        "max_jobs": int,
        "takes": int,
        "length_s": float,
        "seed": int,
        "lyrics": str,
        "title": str,
        "reply_url": str,
        "reply_ref": str,
    }
)
"""Options that a preset may set: fields of `riffusion_tui.jobs.model.Options`, and `takes`."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Library:
    """Named prompts, and presets: name → option → value."""

    prompts: Mapping[str, str] = field(default_factory=_nothing)
    presets: Mapping[str, Mapping[str, Value]] = field(default_factory=_nothing)

    def with_prompt(self, name: str, text: str) -> Library:
        """Return a library in which `name` is `text`."""
        return replace(self, prompts=MappingProxyType({**self.prompts, clean_line(name, 200): clean_text(text)}))

    def without_prompt(self, name: str) -> Library:
        """Return a library without the prompt `name`."""
        return replace(self, prompts=MappingProxyType({k: v for k, v in self.prompts.items() if k != name}))

    def with_preset(self, name: str, options: Mapping[str, Value]) -> Library:
        """Return a library in which the preset `name` sets `options`."""
        held = MappingProxyType(dict(options))
        return replace(self, presets=MappingProxyType({**self.presets, clean_line(name, 200): held}))

    def without_preset(self, name: str) -> Library:
        """Return a library without the preset `name`."""
        return replace(self, presets=MappingProxyType({k: v for k, v in self.presets.items() if k != name}))


def load_library(path: Path) -> Library:
    """Read the library; a missing file is an empty library.

    Raises:
        SettingsError: the file is invalid; lists the problems with their lines.
        FolderError: it can't be read.
    """
    text, source = read_or_empty(path), clean_line(str(path))
    raw = toml_table(text, source)
    raise_problems(source, _wrong_tables(raw, text))
    prompts, presets = raw.get("prompts", {}), raw.get("presets", {})
    raise_problems(source, chain(_wrong_prompts(prompts, text), _wrong_presets(presets, text)))
    return Library(
        MappingProxyType({clean_line(name, 200): clean_text(prompt) for name, prompt in prompts.items()}),
        MappingProxyType({clean_line(name, 200): _values(options) for name, options in presets.items()}),
    )


def save_library(path: Path, library: Library) -> None:
    """Write the library atomically, keeping comments and unchanged entries.

    Raises:
        SettingsError: the file has become invalid.
        FolderError: it can't be written, or would be too large to be read again.
    """
    text, source = read_or_empty(path), clean_line(str(path))
    if text.strip():
        from riffusion_tui.config.toml_edit import edited

        before = toml_table(text, source)
        write_private(path, edited(text, {name: _changes(before, name, library) for name in ("prompts", "presets")}))
        return
    held: dict[str, Any] = {"prompts": dict(library.prompts)}
    if library.presets:
        held["presets"] = {name: dict(options) for name, options in library.presets.items()}
    write_private(path, tomli_w.dumps(held, multiline_strings=True))


def _changes(before: Mapping[str, Any], table: str, library: Library) -> dict[str, Any]:
    """Return the table's new values, and None for removed ones."""
    wanted: Mapping[str, Any] = library.prompts if table == "prompts" else library.presets
    gone = [name for name in before.get(table, {}) if name not in wanted]
    return {**dict.fromkeys(gone), **wanted}


def _wrong_tables(raw: Mapping[str, Any], text: str) -> Iterator[Problem]:
    for key, held in raw.items():
        if key not in _TABLES:
            hint = did_you_mean(key, _TABLES)
            yield Problem(_line_of_table(text, key), f"Unknown table {clean_line(key, 80)!r}.{hint}")
        elif not isinstance(held, dict):
            yield Problem(_line_of_table(text, key), f"{key} must be a table, which begins with the line [{key}].")


def _line_of_table(text: str, name: str) -> int:
    return line_of(text, name) or line_of(text, "", name)


def _wrong_prompts(prompts: Mapping[str, Any], text: str) -> Iterator[Problem]:
    for name, prompt in prompts.items():
        if not isinstance(prompt, str) or not prompt.strip():
            yield Problem(line_of(text, "prompts", name), f"The prompt {clean_line(name, 80)!r} must be text.")


def _wrong_presets(presets: Mapping[str, Any], text: str) -> Iterator[Problem]:
    for name, options in presets.items():
        if isinstance(options, dict):
            yield from _wrong_options(name, options, text)
        else:
            title = clean_line(name, 80)
            yield Problem(line_of(text, "presets", name), f"The preset {title!r} must be a table of options.")


def _wrong_options(preset: str, options: Mapping[str, Any], text: str) -> Iterator[Problem]:
    for key, value in options.items():
        wrong = _wrong_option(key, value)
        if wrong:
            yield Problem(line_of(text, f"presets.{preset}", key), wrong)


def _wrong_option(key: str, value: object) -> str:
    """Return what is wrong with an option of a preset, or an empty text."""
    kind = PRESET_FIELDS.get(key)
    if kind is None:
        return f"A preset has no option {clean_line(key, 80)!r}.{did_you_mean(key, PRESET_FIELDS)}"
    if type(value) is not kind and not (kind is float and type(value) is int):
        return f"{key} must be {KIND_WORDS[kind]}."
    if isinstance(value, int | float) and key in _LIMITS and not _LIMITS[key][0] <= value <= _LIMITS[key][1]:
        return f"{key} must be from {_LIMITS[key][0]} to {_LIMITS[key][1]}."
    return ""


def _values(options: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the options of a preset that has been checked."""
    return MappingProxyType(
        {
            key: clean_text(value) if isinstance(value, str) else PRESET_FIELDS[key](value)
            for key, value in options.items()
        }
    )


_TABLES = ("prompts", "presets")
_LIMITS = {"takes": (1, 100), "max_jobs": (1, 200), "length_s": (1, 86_400), "seed": (0, 2**63 - 1)}
"""The smallest and largest value; a service may allow less."""
