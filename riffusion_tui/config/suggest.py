"""Suggest the closest known word ("Did you mean …")."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the closest of `known`, or an empty string."""
    near = get_close_matches(word.lower(), {name.lower(): name for name in known}, n=1, cutoff=0.6)
    names = {name.lower(): name for name in known} if near else {}
    return f" Did you mean {names[near[0]]!r}?" if near else ""
