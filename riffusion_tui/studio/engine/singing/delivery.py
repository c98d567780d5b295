"""How the lyrics are delivered: sung or spoken, and in which language."""

from __future__ import annotations

import re
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.types import Plan, Score


def is_spoken(plan: Plan) -> bool:
    """Return whether the lyrics are spoken in rhythm, as in rap."""
    rows = read_data("delivery.toml")["spoken"]
    found = {word for term in plan.understood if term.kind == "vocal" for word in (*term.word.lower().split(),)}
    if found & _listed(rows["sung"]):
        return False
    return bool(found & _listed(rows["words"])) or plan.genre in rows["genres"]


def language_of(score: Score) -> str:
    """Return the language of a song's lyrics, detected by its function words: an ISO 639-1 code of `letters.toml`."""
    words = re.findall(r"[^\W\d_]+", score.lyrics.lower())
    small = {code: frozenset(row.split()) for code, row in read_data("delivery.toml")["small_words"].items()}
    shared = {w for w in words if sum(w in row for row in small.values()) > 1}
    counts = {code: sum(w in row and w not in shared for w in words) for code, row in small.items()}
    best = max(counts, key=lambda code: (counts[code], code == score.plan.language, code == "en"))
    return best if counts[best] else "en"


def pronunciation_of(score: Score) -> str:
    """Return how the lyrics are pronounced, for the song's details; empty if there are none."""
    if not any(note.syllable for track in score.tracks if track.role == "vocal" for note in track.notes):
        return ""
    if not re.search("[a-zà-ÿœ]", re.sub(r"\[.*?\]", "", score.lyrics.lower())):
        return "open vowels: the letters are unknown"
    code = language_of(score)
    return f"{read_data('delivery.toml')['names'][code]}, {'dictionary' if code == 'en' else 'by its spelling'}"


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))
