"""Errors of commands on jobs and accounts."""

from __future__ import annotations


class NotPossible(Exception):
    """The request is invalid; `str(error)` says why, and nothing was changed. Services raise `ServiceError` instead."""
