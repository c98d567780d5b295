"""Requests without locks or edits make the same songs as before: notes, words and form."""

from __future__ import annotations

import hashlib

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request, WeightedPrompt

_LYRICS = (
    "[Verse]\nThe harbor sleeps below the hill\nAnd every boat is standing still\n\n[Chorus]\nCome home, come home"
)
_PARTS = (WeightedPrompt("quiet piano", 0.5, 0.0, 0.5), WeightedPrompt("loud guitars", 0.8, 0.5, 1.0))
_SONGS = {
    "b1dcaa1523f1": Request("lofi hip hop, rainy night", seed=1),
    "ce232ce88f4b": Request("jazz trio, slow, in A minor, 92 bpm", seed=2),
    "10248ee79dd4": Request("k-pop song about a distant lover", seed=3),
    "cee6fb9fee94": Request("death metal about taxes", seed=4),
    "532485288e76": Request("string quartet, sad", seed=5, instrumental=True),
    "525daf080ee1": Request("techno 132 bpm, 90 seconds", seed=6, instrumental=True),
    "4fa965bd4662": Request("country waltz with fiddle and banjo", seed=7),
    "263fb4c6962d": Request("ambient", seed=8, instrumental=True, length_s=60.0),
    "352a798e52ef": Request("rock ballad with a guitar solo", seed=9),
    "21033ddb86e2": Request("salsa with trumpets, 3 minutes", seed=10),
    "0abf5cae3a64": Request("solo piano, nocturne", seed=11),
    "f7dc3284e248": Request("drum and bass with a drop", seed=12),
    "02513b6d27ad": Request("a choir sings a hymn", seed=13),
    "3c34977dead2": Request("synthwave, no drums", seed=14),
    "eefa310b603a": Request("children's song about a cat", seed=15),
    "a63f48f14119": Request("reggae", seed=16, lyrics=_LYRICS, lyrics_strength=0.5),
    "1d7162cbb192": Request("indie folk", seed=17, lyrics=_LYRICS),
    "091181841ae3": Request("film score, builds up", seed=18, prompts=_PARTS),
    "f6cac3ed6425": Request("", seed=19),
    "09a5083b76b5": Request("日本の夏 🎆", seed=20),
    "265f0626231d": Request("bossa nova with flute, four minutes", seed=21),
    "b926d8438d7f": Request("medley of sea shanties", seed=22),
}


def fingerprint(score: Score) -> str:
    """Return a digest of everything that sounds; times to a thousandth of a beat."""
    digest = hashlib.sha256()
    for track in score.tracks:
        digest.update(f"{track.name} {track.role} {track.program} {track.gain_db} {track.pan}\n".encode())
        for note in track.notes:
            line = f"{note.start:.3f} {note.length:.3f} {note.pitch} {note.velocity:.3f} {note.syllable}\n"
            digest.update(line.encode())
    for section in score.sections:
        shape = f"{section.name} {section.kind} {section.start:.3f} {section.bars} {section.energy:.3f}\n"
        digest.update(shape.encode())
    for chord in score.chords:
        digest.update(f"{chord.start:.3f} {chord.length:.3f} {chord.symbol} {chord.pitches}\n".encode())
    digest.update(f"{score.title}\n{score.lyrics}\n{score.beats:.3f} {score.plan.bpm:.3f} {score.plan.key}".encode())
    return digest.hexdigest()[:12]


@pytest.mark.parametrize("digest", _SONGS)
def test_a_song_without_locks_is_unchanged(digest: str) -> None:
    request = _SONGS[digest]
    score = compose(plan(request), title=request.title, lyrics=request.lyrics, lyrics_strength=request.lyrics_strength)
    assert fingerprint(score) == digest
