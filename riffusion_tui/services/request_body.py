"""The body of a request: values as the APIs document them, and files to upload."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riffusion_tui.regular_file import read_regular
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import BadRequest

FormPart = tuple[str, tuple[str | None, str | bytes]]
_MAX_UPLOAD = 2**30
"""Maximum bytes of a file to be sent."""


def sendable(value: Any) -> Any:
    """Reveal a secret, and replace lone surrogates, which can't be encoded."""
    if isinstance(value, Secret):
        return value.reveal()
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


async def form_parts(fields: Mapping[str, Any], files: Mapping[str, Path]) -> list[FormPart]:
    """Return a form's parts: fields and files. Raises `BadRequest` for a file that can't be read."""
    parts: list[FormPart] = [(name, (None, _form_text(value))) for name, value in fields.items()]
    for name, path in files.items():
        try:
            parts.append((name, (path.name, await asyncio.to_thread(read_regular, path, _MAX_UPLOAD))))
        except OSError as error:
            raise BadRequest(f"{path} can't be sent: {error.strerror}.") from None
    return parts


def _form_text(value: Any) -> str:
    """Format a form value as documented: `true`, `3`, or the text itself."""
    return str(value).lower() if isinstance(value, bool) else str(value)
