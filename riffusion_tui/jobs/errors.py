"""Errors in batch files."""

from __future__ import annotations


class BatchError(ValueError):
    """The batch file is invalid. `str(error)` names the line or entry and suggests a fix."""
