"""Errors of what people write: files of prompts."""

from __future__ import annotations


class BatchError(ValueError):
    """The text is not what its kind says. `str(error)` names the line or entry, and what was meant."""
