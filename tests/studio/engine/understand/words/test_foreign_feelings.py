"""Words for tempos and moods in French, Spanish, German, Italian and Portuguese."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.reading.read_prompt import read

_WORDS = {
    "morceau de piano": """
        lentement slow, très lent|very slow, vif fast, très rapide|very fast, joyeuse happy, gai happy,
        tristement sad, tendre romantic, effrayant scary, inquiétant scary, rêveur dreamy, apaisant calm,
        solennel spiritual, festif|party mood, agressif aggressive, puissant energetic, doucement|calm energy,
        modéré medium
    """,
    "pieza de piano": """
        muy lenta|very slow, rápidamente fast, muy rápido|very fast, moderado medium, tierno romantic, aterrador
        scary, inquietante scary, soñador dreamy, relajado calm, festiva|party mood, divertido playful, furioso
        aggressive, apasionada passionate, dramático passionate, solemne spiritual
    """,
    "Klavierstück,": """
        sehr langsam|very slow, flott fast, zügiges fast, lebhaft fast, heiteres happy, leise|calm energy, laut
        aggressive, düster dark, kraftvoll energetic, zärtlich romantic, feierlich spiritual, gruselig scary,
        unheimlich scary, verträumt dreamy, wütend aggressive, wehmütig melancholic, verspielt playful
    """,
    "brano per pianoforte,": """
        molto lento|very slow, veloce fast, velocemente fast, felice happy, gioioso happy, dolce romantic, cupo
        dark, tenero romantic, solenne spiritual, spaventoso scary, sognante dreamy, rilassante calm,
        festoso|party mood, divertente playful, furioso aggressive, appassionato passionate
    """,
    "peça para piano": """
        moderado medium, muito rápido|very fast, veloz fast, escuro dark, sombrio dark, terno romantic, solene
        spiritual, assustador scary, saudoso nostalgic, sonhador dreamy, festiva|party mood, divertida playful,
        agressivo aggressive, apaixonado passionate, esperançoso hopeful
    """,
}
_ROWS = [(piece, word.strip()) for piece, words in _WORDS.items() for word in words.split(",")]


@pytest.mark.parametrize(("piece", "row"), _ROWS)
def test_a_feeling_is_understood_in_other_languages(piece: str, row: str) -> None:
    word, meaning = row.split("|") if "|" in row else row.rsplit(" ", 1)
    assert meaning in {one.meaning for one in read(f"{piece} {word}").positive("mood", "energy", "tempo")}


def test_slow_and_sad_is_slower_than_slow() -> None:
    for seed in range(6):
        assert plan(Request("clavecin seul, prélude lent et triste svp", seed=seed)).bpm <= 78
        assert plan(Request("harpsichord prelude, slow and sad", seed=seed)).bpm <= 78
        assert plan(Request("fast and cheerful punk", seed=seed)).bpm >= plan(Request("punk", seed=seed)).bpm - 40
