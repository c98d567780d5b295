"""Request fields: types, limits and parsing. Both validation and the OpenAPI document use them."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.studio.addresses import check_address
from riffusion_tui.studio.errors import InvalidRequest

_MAX_BITS = 64
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?\Z")


class Kind(StrEnum):
    """Type of a field."""

    TEXT = "text"
    """Multi-line text."""
    LINE = "line"
    OPAQUE = "opaque"
    """Stored and returned unchanged."""
    ADDRESS = "address"
    """An http or https address."""
    JOB = "job's id"
    """A UUID in any notation."""
    FLAG = "flag"
    WHOLE = "whole number"
    NUMBER = "number"


TEXTUAL = frozenset({Kind.TEXT, Kind.LINE, Kind.OPAQUE, Kind.ADDRESS, Kind.JOB})
Value: TypeAlias = "str | bool | int | float | None"


@dataclass(frozen=True, slots=True)
class RequestField:
    """One field of a body or a query."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    max_length: int | None = None
    """Maximum characters of text."""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    default: Value = None
    added: bool = False
    """True if the studio adds this field to the vendor's API."""


def read(fields: Sequence[RequestField], given: Mapping[str, object], *, textual: bool) -> dict[str, Any]:
    """Validate `given` against `fields` and return a value for each field; unknown names are ignored.

    Args:
        fields: the accepted fields.
        given: the received values.
        textual: true for forms and queries, where `"true"` and `"3"` mean true and 3.

    Raises:
        InvalidRequest: the message names the field and its allowed values.
    """
    return {field.name: _read(field, given.get(field.name), textual) for field in fields}


def _read(field: RequestField, value: object, textual: bool) -> Value:
    if value is None or (value == "" and (textual or field.kind in TEXTUAL)):
        if field.required:
            raise InvalidRequest(f"{field.name} is required")
        return field.default
    if field.kind in TEXTUAL:
        return _text(field, value)
    if textual and isinstance(value, str):
        value = _from_text(field, value.strip())
    if field.kind is Kind.FLAG:
        if not isinstance(value, bool):
            raise InvalidRequest(f"{field.name} must be true or false")
        return value
    return _number(field, value)


def _from_text(field: RequestField, text: str) -> object:
    if field.kind is Kind.FLAG:
        return {"true": True, "false": False}.get(text.lower())
    if field.kind is Kind.WHOLE:
        return int(text) if _WHOLE.match(text) else None
    return float(text) if _NUMBER.match(text) else None


def _text(field: RequestField, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidRequest(f"{field.name} must be text")
    if field.max_length is not None and len(value) > field.max_length:
        raise InvalidRequest(
            f"{field.name} is {len(value):,} characters long; at most {field.max_length:,} are allowed"
        )
    text = _CLEANERS[field.kind](value)
    if not text.strip() and field.required:
        raise InvalidRequest(f"{field.name} is required")
    if field.choices and text not in field.choices:
        raise InvalidRequest(f"{field.name} must be {' or '.join(field.choices)}")
    if field.kind is Kind.ADDRESS:
        check_address(field.name, text)
    return _job_id(field.name, text) if field.kind is Kind.JOB else text


def _job_id(name: str, text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InvalidRequest(f"{name} must be a UUID") from None


def _opaque(text: str) -> str:
    # A lone surrogate can't be encoded, so it can't be stored or sent.
    return text.encode("utf-8", "replace").decode("utf-8")


_CLEANERS: dict[Kind, Callable[[str], str]] = {
    Kind.TEXT: lambda text: clean_text(text).strip(),
    Kind.LINE: clean_line,
    Kind.OPAQUE: _opaque,
    Kind.ADDRESS: _opaque,
    Kind.JOB: _opaque,
}


def _number(field: RequestField, value: object) -> int | float:
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(number, int) and number.bit_length() > _MAX_BITS:
        number = None  # too large for a float, and for any field
    low, high = field.minimum, field.maximum
    inside = number is not None and math.isfinite(number) and _between(low, number, high)
    if number is None or not inside or (field.kind is Kind.WHOLE and number != int(number)):
        raise InvalidRequest(f"{field.name} must be a {field.kind}{_range(low, high)}")
    return int(number) if field.kind is Kind.WHOLE else float(number)


def _between(low: float | None, number: float, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:.12g} to {high:.12g}"
    return f" of at least {low:.12g}" if low is not None else ""
