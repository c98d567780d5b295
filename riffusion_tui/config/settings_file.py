"""Read and write the settings file. The user's formatting and comments are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from riffusion_tui.clean import clean_line, syntax_message
from riffusion_tui.config.atomic_file import read_or_empty, write_private
from riffusion_tui.config.errors import Problem, SettingsError, raise_problems, until_enough
from riffusion_tui.config.settings import RENAMED_COMMANDS, TABLES, Settings, Spec, Value, spec_of, specs, value_of
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.config.toml_lines import line_of
from riffusion_tui.config.validation import WrongValue, changed, checked, expected
from riffusion_tui.toml_text import read_toml

_HEADER = """\
# Settings of riffusion-tui. All keys are optional; commented lines show the defaults.
# The settings screen changes single lines and keeps the rest.
"""
_ALL = " `riffusion-tui settings explain` lists all."
_KEYS_DOC = """\
# Keys: command id = keys, separated by commas: "job.play" = "p,f9", or "" for none.
# `riffusion-tui settings show` lists all.
"""


def load(path: Path, commands: Collection[str] | None = None) -> Settings:
    """Read the settings; a missing file means the defaults.

    Args:
        path: the file.
        commands: valid ids in `[keys]`; None: don't check.

    Raises:
        SettingsError: the file is invalid; lists every problem with its line.
        FolderError: it can't be read.
    """
    return parse(read_or_empty(path), clean_line(str(path)), commands)


def parse(text: str, source: str, commands: Collection[str] | None = None) -> Settings:
    """Read settings from TOML `text`; `source` names it in errors. Raises `SettingsError`."""
    raw = toml_table(text, source)
    settings = Settings()
    problems: list[Problem] = []
    for table, held in until_enough(raw.items(), problems):
        if table == "keys" and isinstance(held, dict):
            keys, wrong = _keys(held, text, commands)
            settings = settings._replace(keys=MappingProxyType(keys))
            problems += wrong
        elif table not in TABLES or not isinstance(held, dict):
            where = line_of(text, table) or line_of(text, "", table)
            problems.append(Problem(where, _unknown_table(table)))
        else:
            settings, wrong = _table(settings, table, held, text)
            problems += wrong
    raise_problems(source, sorted(problems, key=lambda problem: problem.line))
    return settings


def toml_table(text: str, source: str) -> dict[str, Any]:
    """Parse TOML. Syntax errors are raised as `SettingsError` with their line."""
    if not text.strip():
        return {}
    try:
        return read_toml(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        message = syntax_message(error)
        at = re.search(r" \(at line (\d+), column \d+\)$", message)
        line = int(at[1]) if at else text.count("\n") + 1 if message.endswith("(at end of document)") else 0
        raise SettingsError(source, (Problem(line, f"Invalid TOML: {message.partition(' (at ')[0]}."),)) from None


def save(path: Path, key: str, value: Value) -> Settings:
    """Set one setting in the file, creating it if missing; return the new settings.

    Only that key changes; comments and other lines are kept.

    Raises:
        SettingsError: the key is unknown, the value is invalid, or the file was already invalid.
        FolderError: the file can't be written.
    """
    spec = spec_of(key)
    if spec is None:
        raise SettingsError(str(path), (Problem(0, _unknown_key(key)),))
    before = load(path)
    try:
        wanted = changed(before, spec, value)
    except WrongValue as error:
        raise SettingsError(str(path), (Problem(0, str(error)),)) from None
    text = read_or_empty(path) or template()
    line = _with_line(text, spec.table, spec.name, value_of(wanted, spec))
    fresh = (
        line
        if _parses_to(line, wanted)
        else _rewritten(text, wanted, {spec.table: {spec.name: value_of(wanted, spec)}})
    )
    write_private(path, fresh)
    return wanted


def unset(path: Path, key: str) -> bool:
    """Remove a setting from the file, so that it has its default; return whether it was there.

    Comments and other lines are kept. A value that is wrong can be removed, too.

    Raises:
        SettingsError: the key is unknown, or the file is invalid without it.
        FolderError: the file can't be written.
    """
    spec = spec_of(key)
    if spec is None:
        raise SettingsError(str(path), (Problem(0, _unknown_key(key)),))
    text, source = read_or_empty(path), clean_line(str(path))
    table = toml_table(text, source).get(spec.table)
    if not isinstance(table, dict) or spec.name not in table:
        return False
    fresh = _without_line(text, spec)
    if not _has_default(fresh, spec):
        from riffusion_tui.config.toml_edit import edited

        fresh = edited(text, {spec.table: {spec.name: None}})
    parse(fresh, source)
    write_private(path, fresh)
    return True


def _without_line(text: str, spec: Spec) -> str:
    """Remove a setting's line; below its documentation, as in the template, comment its default out."""
    lines = text.split("\n")
    if at := line_of(text, spec.table, spec.name):
        documented = at > 1 and lines[at - 2].startswith(f"# {spec.doc}")
        lines[at - 1 : at] = [f"# {_line(spec.name, spec.default)}"] if documented else []
    return "\n".join(lines)


def _has_default(text: str, spec: Spec) -> bool:
    try:
        return value_of(parse(text, ""), spec) == spec.default
    except SettingsError:
        return False


def save_keys(path: Path, keys: Mapping[str, str]) -> Settings:
    """Replace the `[keys]` table; the other tables keep their values. Raises as `save` does."""
    before = load(path)
    wanted = before._replace(keys=MappingProxyType(dict(keys)))
    before_text = text = read_or_empty(path) or template()
    gone = [*(before.keys.keys() - keys.keys()), *RENAMED_COMMANDS]
    for command in gone:
        lines = text.split("\n")
        if at := line_of(text, "keys", command):
            text = "\n".join(lines[: at - 1] + lines[at:])
    for command, pressed in keys.items():
        text = _with_line(text, "keys", command, pressed)
    if not _parses_to(text, wanted):
        changes = {command: keys.get(command) for command in [*gone, *keys]}
        text = _rewritten(before_text, wanted, {"keys": changes})
    write_private(path, text)
    return wanted


def _rewritten(text: str, wanted: Settings, changes: Mapping[str, Mapping[str, Value | None]]) -> str:
    """Return the file with changes that don't fit one line: dotted keys, inline tables, long strings."""
    from riffusion_tui.config.toml_edit import edited

    fresh = edited(text, changes)
    return fresh if _parses_to(fresh, wanted) else template(wanted)


def template(settings: Settings | None = None) -> str:
    """Return a complete file: all settings with documentation; defaults are commented out."""
    now = settings or Settings()
    parts = [_HEADER]
    for table in TABLES:
        parts.append(f"\n[{table}]\n")
        parts += [_documented(spec, value_of(now, spec)) for spec in specs(table)]
    parts.append(f"\n[keys]\n{_KEYS_DOC}")
    parts += [_line(command, pressed) + "\n" for command, pressed in now.keys.items()]
    return "".join(parts)


def _documented(spec: Spec, value: Value) -> str:
    may = f" {expected(spec).capitalize()}." if spec.choices or spec.limits.high is not None else ""
    mark = "# " if value == spec.default else ""
    return f"# {spec.doc}{may}\n{mark}{_line(spec.name, value)}\n"


def _line(name: str, value: Value) -> str:
    import tomli_w  # only if a file is written

    return tomli_w.dumps({name: value}).rstrip("\n")


def _parses_to(text: str, wanted: Settings) -> bool:
    try:
        return parse(text, "") == wanted
    except SettingsError:
        return False


def _with_line(text: str, table: str, name: str, value: Value) -> str:
    """Replace `name`'s line, or add it below its commented default, or at the end of its table."""
    lines = text.split("\n")
    fresh = _line(name, value)
    at = line_of(text, table, name)
    if at:
        trailing = re.search(r"\s+#[^\"']*$", lines[at - 1])
        lines[at - 1] = fresh + (trailing[0] if trailing else "")
        return "\n".join(lines)
    start = line_of(text, table)
    if not start:
        return f"{text.rstrip(chr(10))}\n\n[{table}]\n{fresh}\n"
    end = next((i for i in range(start, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    default = re.compile(rf"#\s*{re.escape(name)}\s*=")
    for i in range(start, end):
        if default.match(lines[i]):
            lines[i] = fresh
            return "\n".join(lines)
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], fresh, *lines[end:]])


def _table(settings: Settings, table: str, held: dict[str, Any], text: str) -> tuple[Settings, list[Problem]]:
    known = {spec.name: spec for spec in specs(table)}
    problems: list[Problem] = []
    for name, value in until_enough(held.items(), problems):
        try:
            if name not in known:
                raise WrongValue(_unknown_key(f"{table}.{name}"))
            settings = changed(settings, known[name], checked(known[name], value))
        except WrongValue as error:
            problems.append(Problem(line_of(text, table, name), str(error)))
    return settings, problems


def _keys(held: dict[str, Any], text: str, commands: Collection[str] | None) -> tuple[dict[str, str], list[Problem]]:
    keys: dict[str, str] = {}
    problems: list[Problem] = []
    for name, pressed in until_enough(_flat(held).items(), problems):
        line = line_of(text, "keys", name)
        command = RENAMED_COMMANDS.get(name, name)
        if not isinstance(pressed, str):
            must = 'must be keys in quotes, as in "f5,ctrl+r", or "" for none.'
            problems.append(Problem(line, f"keys.{clean_line(command)} {must}"))
        elif commands is not None and command not in commands:
            hint = did_you_mean(command, commands)
            problems.append(Problem(line, f"Unknown command {clean_line(command, 80)!r}.{hint}"))
        else:
            keys[clean_line(command)] = clean_line(pressed)
    return keys, problems


def _flat(held: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Flatten `job.again = "f5"`, which TOML parses as nested tables, to a command id."""
    flat: dict[str, Any] = {}
    for name, value in held.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat


def _unknown_table(table: str) -> str:
    if table in (*TABLES, "keys"):
        return f"{table} must be a table, which begins with the line [{table}]."
    return f"Unknown table {clean_line(table, 80)!r}.{did_you_mean(table, [*TABLES, 'keys']) or _ALL}"


def _unknown_key(key: str) -> str:
    table, _, name = key.partition(".")
    near = did_you_mean(name, [spec.name for spec in specs() if spec.table == table]).replace("'", f"'{table}.", 1)
    elsewhere = next((spec.key for spec in specs() if spec.name == name), "")
    hint = near or (elsewhere and f" Did you mean {elsewhere!r}?")
    return f"Unknown setting {clean_line(key, 120)!r}.{hint or _ALL}"
