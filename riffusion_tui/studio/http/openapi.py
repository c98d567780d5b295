"""The OpenAPI 3.1 document, built from the table that validation uses."""

from __future__ import annotations

from typing import Any

from riffusion_tui import __version__
from riffusion_tui.studio.http.fields import TEXTUAL, Kind, RequestField
from riffusion_tui.studio.http.operations import OPERATIONS, Operation

_MEANINGS = {
    200: "OK",
    201: "The account, secrets masked",
    204: "Done; no body",
    400: "Invalid field: {error, code}; the message names it",
    401: "The token is missing or wrong: {error, code}",
    404: "Not found: {error, code}",
    409: "The song is not completed: {error, code}",
    413: "The body is too long: {error, code}",
    422: "Moderated prompt: {is_flagged, reason, musician_replacement_data}",
    429: "The account is busy: {error, runningJobs, code}; or the generator is: {detail}",
    596: "The account's session expired: {error}",
}
_OTHER_CODES = {"default": {"description": "403, 405, 408, 429, 431, 500, 503: {error, code}"}}
_TYPES = {Kind.FLAG: "boolean", Kind.WHOLE: "integer", Kind.NUMBER: "number"}


def document(base: str) -> dict[str, Any]:
    """Return the document for a server at `base`."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        for path in operation.paths:
            paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "riffusion-tui studio",
            "version": __version__,
            "description": "Implements the Riffusion API v1 as documented at https://useapi.net/docs/api-riffusion-v1.",
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def _operation(operation: Operation, path: str) -> dict[str, Any]:
    parameters = [_parameter(field, "query") for field in operation.query]
    parameters += [_parameter(field, "path") for field in operation.path]
    described: dict[str, Any] = {
        "operationId": operation.name
        if path == operation.paths[0]
        else f"{operation.name}_{operation.paths.index(path)}",
        "summary": operation.summary,
        "responses": {str(status): {"description": _MEANINGS[status]} for status in operation.answers} | _OTHER_CODES,
    }
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        forms, read = ("multipart/form-data", "application/x-www-form-urlencoded"), {"schema": _schema(operation.body)}
        content = {"application/json": {"schema": _schema(operation.body, null=True)}} | dict.fromkeys(forms, read)
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameter(field: RequestField, place: str) -> dict[str, Any]:
    schema = _field(field)
    if place == "path" and "pattern" in schema:
        schema["pattern"] = r"^[^/]*[^/\s][^/]*$"  # a slash, even if it is escaped, separates path segments
    return {
        "name": field.name,
        "in": place,
        "required": field.required,
        "description": _description(field),
        "schema": schema,
    }


def _schema(fields: tuple[RequestField, ...], *, null: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            field.name: {**_field(field, null=null), "description": _description(field)} for field in fields
        },
        "required": [field.name for field in fields if field.required],
    }


def _description(field: RequestField) -> str:
    return f"{field.meaning} (studio extension)" if field.added else field.meaning


def _field(field: RequestField, *, null: bool = False) -> dict[str, Any]:
    """Return a field's schema. With `null`, optional fields may be null, which is the same as omitting them."""
    described: dict[str, Any] = {"type": _TYPES.get(field.kind, "string")}
    if field.kind is Kind.ADDRESS:
        described["format"] = "uri"
        described["pattern"] = "^https?://"
    if field.kind is Kind.JOB:
        described["format"] = "uuid"
    elif field.kind in TEXTUAL and field.required:
        described |= {"minLength": 1, "pattern": r"\S"}
    limits = {
        "maxLength": field.max_length,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "default": field.default,
    }
    described |= {name: value for name, value in limits.items() if value is not None}
    if field.choices:
        described["enum"] = list(field.choices)
    if null and not field.required:
        described["type"] = [described["type"], "null"]
        if field.choices:
            described["enum"].append(None)
    return described
