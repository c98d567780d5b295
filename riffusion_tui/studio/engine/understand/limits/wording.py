"""Parts of sentences for the user."""

from __future__ import annotations


def article(noun: str) -> str:
    """Return `a` or `an`, as the noun needs it."""
    return "an" if noun[0] in "aeio" else "a"


def span(seconds: float) -> str:
    """Return minutes and seconds: `2:30`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def with_articles(nouns: list[str]) -> str:
    """Return a list of nouns: `the drums, the percussion and the tambourine`."""
    named = [f"the {noun}" for noun in nouns]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
