"""Prompts in Japanese, Chinese, Korean, Russian and Ukrainian."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words.tokens import tokenize

_TEXTS = st.text(st.sampled_from("90年代の激しいロックピアノなし 슬픈없이女声a,、 \n"), max_size=30)


@pytest.mark.parametrize(
    ("prompt", "genre", "vocals"),
    [
        ("90年代の激しいオルタナティブロック、女性ボーカル、歪んだギター、速いドラム", "alternative rock", "female"),
        ("切ないピアノバラード、男性ボーカル", "ballad", "male"),
        ("静かなピアノソロ、歌なし", "romantic piano", "none"),
        ("신나는 케이팝 댄스, 여자 보컬", "k-pop", "female"),
        ("빠른 재즈 피아노 트리오 보컬 없이", "jazz", "none"),
        ("重金属，男声，激烈的鼓", "metal", "male"),
        ("一首悲伤的钢琴曲，没有人声", "romantic piano", "none"),
        ("시티팝 80년대 여성 보컬", "city pop", "female"),
    ],
)
def test_a_prompt_in_a_script_without_spaces_is_understood(prompt: str, genre: str, vocals: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.vocals) == (genre, vocals)


def test_its_words_are_shown_as_they_were_typed() -> None:
    made = plan(Request("90年代の激しいロック、女性ボーカル、ユニコーン", seed=1))
    assert made.era == "1990s"
    assert {"90年代", "激しい", "ロック", "女性ボーカル"} <= {term.word for term in made.understood}
    assert made.ignored == ("ユニコーン",)


@pytest.mark.parametrize("prompt", ["ドラムなしのロック", "드럼 없는 록", "没有鼓的摇滚"])
def test_what_it_excludes_is_excluded(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "drums" in made.avoided
    assert "drums" not in made.instruments


@given(_TEXTS)
def test_tokens_are_in_order_and_lie_in_the_text(text: str) -> None:
    tokens = tokenize(text)
    assert all(token.typed == text[token.start : token.end] for token in tokens)
    assert all(token.start < token.end for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("piano, 15秒", 15.0),
        ("2分30秒のピアノ", 150.0),
        ("피아노 30초", 30.0),
        ("piano de 15 segundos", 15.0),
        ("piano, 20 secondes", 20.0),
        ("Klavier, 3 Minuten", 180.0),
        ("pianoforte, 2 minuti", 120.0),
    ],
)
def test_a_length_may_be_in_other_languages(prompt: str, seconds: float) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.length_s == seconds
    assert made.ignored == ()


@pytest.mark.parametrize(
    ("prompt", "genre", "vocals"),
    [
        ("весёлый рок с барабанами, женский вокал", "rock", "female"),
        ("веселий рок, жіночий вокал", "rock", "female"),
        ("техно без вокала", "techno", "none"),
        ("поп, никакого вокала", "pop", "none"),
        ("джаз трио, быстро", "jazz", "none"),
        ("хор мальчиков", "choral", "choir"),
        ("русская народная песня, балалайка и баян", "russian folk", "any"),
        ("рок-н-ролл 50-х", "rock and roll", "male"),
        ("хип-хоп с мужским голосом", "hip hop", "male"),
        ("поп песня, мужской голос", "pop", "male"),
        ("струнный квартет", "chamber music", "none"),
        ("вальс для аккордеона", "waltz", "none"),
        ("детская песня", "children's", "any"),
        ("тяжёлый металл", "metal", "male"),
    ],
)
def test_a_prompt_in_cyrillic_letters_is_understood(prompt: str, genre: str, vocals: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.vocals) == (genre, vocals)
    assert not made.ignored


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("только фортепиано", ("piano",)),
        ("соло на виолончели", ("cello",)),
        ("дуэт скрипки и фортепиано", ("violin", "piano")),
        ("спокойная акустическая гитара без барабанов", ("acoustic guitar",)),
        ("скрипка і бандура", ("violin", "balalaika")),
        ("никаких ударных, только электрогитара", ("electric guitar",)),
        ("ніяких барабанів, тільки піаніно", ("piano",)),
        ("губная гармошка и арфа", ("harmonica", "harp")),
    ],
)
def test_its_players_are_inflected(prompt: str, cast: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).cast == cast


@pytest.mark.parametrize("form", ["гитара", "гитары", "гитару", "гитарой", "гитар", "гітару", "ГИТАРЫ"])
def test_a_stem_is_read_with_each_ending(form: str) -> None:
    assert [token.norm for token in tokenize(f"с {form}")] == ["with", "guitar"]


def test_other_words_stay_unknown() -> None:
    assert plan(Request("рок про гитаристку Машу", seed=1)).ignored == ("гитаристку", "Машу")
    assert [token.norm for token in tokenize("орган")] == ["organ"]
    assert [token.norm for token in tokenize("организации")] != ["organ"]


@pytest.mark.parametrize(
    ("prompt", "length_s", "era", "bpm", "key"),
    [
        ("лоуфай бит, 30 секунд", 30, None, None, None),
        ("панк, 2 минуты", 120, None, None, None),
        ("поп 80-х", None, "1980s", None, None),
        ("рок девяностых 90-е", None, "1990s", None, None),
        ("техно, 128 ударов в минуту", None, None, 128, None),
        ("металл в ре миноре", None, None, None, "D"),
        ("рок, ля мажор", None, None, None, "A"),
        ("rock de los años 70", None, "1970s", None, None),
        ("80er Pop", None, "1980s", None, None),
        ("musica italiana anni 60", None, "1960s", None, None),
    ],
)
def test_its_figures_are_read(
    prompt: str, length_s: float | None, era: str | None, bpm: float | None, key: str | None
) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.era == era
    assert length_s is None or made.length_s == length_s
    assert bpm is None or made.bpm == bpm
    assert key is None or made.key == key


def test_every_cyrillic_stem_means_what_its_row_says() -> None:
    from riffusion_tui.studio.engine.datafiles import read_data

    for english, words in read_data("lexicon/cyrillic.toml")["words"].items():
        for word in (one.strip() for one in words.split(",")):
            parts = [] if english == "nothing" else english.split("-")
            found = [token.norm for token in tokenize(word.removesuffix("-").replace("-", " "))]
            assert found == parts or "-" in word[:-1] or " " in word, (word, found)
