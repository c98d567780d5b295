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
    "27fa7afcd9e6": Request("lofi hip hop, rainy night", seed=1),
    "a5c5cebd05ee": Request("jazz trio, slow, in A minor, 92 bpm", seed=2),
    "caf14ea22f6f": Request("k-pop song about a distant lover", seed=3),
    "a4669976a5c6": Request("death metal about taxes", seed=4),
    "898a71821969": Request("string quartet, sad", seed=5, instrumental=True),
    "11a21f02efb0": Request("techno 132 bpm, 90 seconds", seed=6, instrumental=True),
    "950939507997": Request("country waltz with fiddle and banjo", seed=7),
    "886ec2da9407": Request("ambient", seed=8, instrumental=True, length_s=60.0),
    "7ea3181be2ff": Request("rock ballad with a guitar solo", seed=9),
    "3b8741ddf6b6": Request("salsa with trumpets, 3 minutes", seed=10),
    "04ed769a7e28": Request("solo piano, nocturne", seed=11),
    "b2a339566ed7": Request("drum and bass with a drop", seed=12),
    "6f428e47db99": Request("a choir sings a hymn", seed=13),
    "fa970c5d6ad4": Request("synthwave, no drums", seed=14),
    "f36d9a065ab7": Request("children's song about a cat", seed=15),
    "cec47dd7933a": Request("reggae", seed=16, lyrics=_LYRICS, lyrics_strength=0.5),
    "34e9a874435b": Request("indie folk", seed=17, lyrics=_LYRICS),
    "4b19094dce04": Request("film score, builds up", seed=18, prompts=_PARTS),
    "b8fc033fbf7f": Request("", seed=19),
    "7e4d3af67573": Request("日本の夏 🎆", seed=20),
    "e0b77850e72d": Request("bossa nova with flute, four minutes", seed=21),
    "921b888e47ad": Request("medley of sea shanties", seed=22),
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
