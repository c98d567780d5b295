"""Validate values of settings, from the file or typed by the user."""

from __future__ import annotations

from riffusion_tui.clean import clean_line
from riffusion_tui.config.settings import RENAMED_VALUES, Settings, Spec, Value
from riffusion_tui.config.suggest import did_you_mean

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
KIND_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}


class WrongValue(ValueError):
    """An invalid value; `str(error)` says what is allowed."""


def checked(spec: Spec, value: object) -> Value:
    """Return `value`, as parsed from TOML, if it is valid for `spec`.

    Raises:
        WrongValue: it isn't valid.
    """
    if spec.kind is float and type(value) is int:
        value = float(value)
    if type(value) is not spec.kind or not isinstance(value, bool | int | float | str):
        written = str(value).lower() if isinstance(value, bool) else clean_line(repr(value), 80)
        raise WrongValue(f"{spec.key} must be {expected(spec)}, not {written}.")
    if isinstance(value, str):
        return _checked_text(spec, value)
    return _checked_number(spec, value)


def typed(spec: Spec, text: str) -> Value:
    """Parse typed `text` for `spec`: `on` for a switch, `12` for a number.

    Raises:
        WrongValue: it can't be read, or is out of range.
    """
    word = text.strip()
    if spec.kind is str:
        return checked(spec, word)
    if spec.kind is bool:
        if word.lower() in _TRUE | _FALSE:
            return word.lower() in _TRUE
        raise WrongValue(f"{spec.key} must be {expected(spec)}, not {clean_line(word, 80)!r}.")
    try:
        return checked(spec, spec.kind(word))
    except (ValueError, OverflowError) as error:
        if isinstance(error, WrongValue):
            raise
        raise WrongValue(f"{spec.key} must be {expected(spec)}, not {clean_line(word, 80)!r}.") from None


def changed(settings: Settings, spec: Spec, value: Value) -> Settings:
    """Return `settings` with `spec` set to `value`, checked."""
    table = getattr(settings, spec.table)._replace(**{spec.name: checked(spec, value)})
    return settings._replace(**{spec.table: table})


def expected(spec: Spec) -> str:
    """Describe the allowed values: `a whole number from 1 to 10`."""
    if spec.choices:
        return "one of " + ", ".join(spec.choices)
    if spec.limits.low is not None and spec.limits.high is not None:
        return f"{KIND_WORDS[spec.kind]} from {spec.limits.low:g} to {spec.limits.high:.0f}"
    return KIND_WORDS[spec.kind]


def _checked_text(spec: Spec, value: str) -> str:
    text = clean_line(value)
    text = RENAMED_VALUES.get((spec.key, text), text)
    if spec.choices and text not in spec.choices:
        raise WrongValue(f"{spec.key} must be {expected(spec)}, not {text[:80]!r}.{did_you_mean(text, spec.choices)}")
    return text


def _checked_number(spec: Spec, value: float) -> Value:
    low, high = spec.limits.low, spec.limits.high
    if (low is not None and value < low) or (high is not None and value > high) or value != value:
        raise WrongValue(f"{spec.key} must be {expected(spec)}, not {clean_line(repr(value), 80)}.")
    return value
