"""Headings of given lyrics, in many styles and languages."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.lyrics import parse_given


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[Chorus: Anna & Ben]", "chorus"),
        ("[Chorus 2x]", "chorus"),
        ("[Refrão x2]", "chorus"),
        ("[Puente]", "bridge"),
        ("[00:12.00]", "verse"),
        ("(Pre-Chorus)", "prechorus"),
        ("Bridge 2", "bridge"),
        ("CHORUS", "chorus"),
        ("[Last Chorus]", "chorus"),
        ("[Guitar Bridge]", "bridge"),
        ("(Last chorus)", None),
        ("**Chorus**", "chorus"),
        ("### **[Chorus]**", "chorus"),
        ("CHORUS (x2)", "chorus"),
        ("Chorus x2:", "chorus"),
        ("Bridge (Anna)", "bridge"),
        ("Outro – fade", "ending"),
        ("Bridge 2 - no drums", "bridge"),
        ("Bridge - over water", None),
        ("(oh yeah)", None),
        ("Bridge over water", None),
        ("[ah] [oh]", None),
        ("--- Chorus ---", "chorus"),
        ("== Bridge ==", "bridge"),
        ("{Verse}", "verse"),
        ("{Chorus: Anna}", "chorus"),
        ("<Verse 1>", "verse"),
        ("[[Chorus]]", "chorus"),
        ("*Chorus*", "chorus"),
        ("**Chorus** *(softly)*", "chorus"),
        ("## Bridge (soft)", "bridge"),
        ("> Chorus", "chorus"),
        ("🎵 Chorus 🎵", "chorus"),
        ("🎤 [Bridge]", "bridge"),
        ("CHORUS!", "chorus"),
        ("(Chorus, loud)", "chorus"),
        ("(Bridge - whispered)", "bridge"),
        ("Bridge #1", "bridge"),
        ("Chorus 1/2", "chorus"),
        ("Middle 8", "bridge"),
        ("Final:", "ending"),
        ("Hook/Chorus", "chorus"),
        ("Chorus & Refrain 2", "chorus"),
        ("Pre–Chorus", "prechorus"),
        ("C-Part", "bridge"),
        ("[Chorus", "chorus"),
        ("Bridge 2.", "bridge"),
        ("Bridge?", None),
        ("Chorus,", None),
        ("Chorus & me", None),
        ("Chorus.", None),
        ("Chorus!", None),
        ('"Chorus"', None),
        ("(oh oh)", None),
        ("(bro)", None),
        ("❤️ Fine ❤️", None),
        ("== Final ==", "ending"),
        ("<3 Chorus of angels <3", None),
        ("- the bridge is gone -", None),
        ("Final", None),
        ("Chorus of the sea!", None),
    ],
)
def test_a_heading_is_not_sung_and_anything_else_is(line: str, kind: str | None) -> None:
    (*_, last) = parse_given(f"one\n{line}\ntwo").sections
    sung = tuple(one.text for one in last.lines)
    assert (last.kind, sung) == ((kind, ("two",)) if kind else ("verse", ("one", line, "two")))


@pytest.mark.parametrize("line", ["Chorus.", "Chorus!", '"Chorus"', "Chorus…", "CHORUS."])
@pytest.mark.parametrize("above", ["", "---"])
def test_a_name_with_punctuation_is_a_heading_above_a_stanza(line: str, above: str) -> None:
    (*_, last) = parse_given(f"one\n{above}\n{line}\ntwo").sections
    assert (last.kind, [one.text for one in last.lines]) == ("chorus", ["two"])


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("ONE\nCHORUS.\nTWO", [("verse", 3)]),
        ("one\nCHORUS.\ntwo", [("verse", 1), ("chorus", 1)]),
        ("one\n\nSolo\n[Verse]\ntwo", [("verse", 1), ("solo", 0), ("verse", 1)]),
        ("one\n\nSolo\ntwo", [("verse", 1), ("verse", 2)]),
        ("one\n\nFinal\n\ntwo", [("verse", 1), ("verse", 1), ("verse", 1)]),
        ("one\n(Chorus: everyone we love)\ntwo", [("verse", 3)]),
        ("one\nChorus (hey) you\ntwo", [("verse", 3)]),
    ],
)
def test_a_name_is_a_heading_or_sung_by_what_is_around_it(text: str, sections: list[tuple[str, int]]) -> None:
    assert [(one.kind, len(one.lines)) for one in parse_given(text).sections] == sections


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Strophe", "verse"), ("Refrain", "chorus"), ("Zwischenspiel", "solo"), ("Estrofa", "verse"),
        ("Coro", "chorus"),
        ("Estribillo", "chorus"), ("Couplet", "verse"), ("Refrão", "chorus"), ("Ritornello", "chorus"),
        ("サビ", "chorus"),
        ("Aメロ", "verse"), ("Bメロ", "prechorus"), ("間奏", "solo"), ("Припев", "chorus"), ("Куплет", "verse"),
        ("Приспів", "chorus"), ("Zwrotka", "verse"), ("Refren", "chorus"), ("Refrein", "chorus"), ("Refrén", "chorus"),
        ("Refräng", "chorus"), ("Omkvæd", "chorus"), ("Kertosäe", "chorus"), ("Nakarat", "chorus"), ("副歌", "chorus"),
        ("主歌", "verse"), ("후렴", "chorus"), ("פזמון", "chorus"), ("كورس", "chorus"), ("Điệp khúc", "chorus"),
        ("कोरस", "chorus"), ("Ρεφρέν", "chorus"), ("Vorrefrain", "prechorus"), ("Пре-припев", "prechorus"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{}", "{}:", "{} 2", "{} 2:", "2. {}", "[{}]", "({})", "== {} =="])
def test_headings_are_read_in_many_languages(line: str, kind: str, form: str) -> None:
    (*_, last) = parse_given(f"one\n{form.format(line)}\ntwo").sections
    assert (last.kind, last.lines[-1].text, len(last.lines)) == (kind, "two", 1)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Zweite Strophe", "verse"), ("Strophe eins", "verse"), ("Primera estrofa", "verse"), ("1ère strophe", "verse"),
        ("2ª estrofa:", "verse"), ("1番", "verse"), ("1절", "verse"), ("2-й куплет", "verse"),
        ("Letzter Refrain", "chorus"),
        ("サビ：", "chorus"), ("【サビ】", "chorus"), ("主歌1：", "verse"), ("Lời 2:", "verse"), ("Cafe\u0301:", None),
        ("1番目", None),
        ("Ref.", "chorus"), ("Refr. x2", "chorus"), ("Ref x2", "chorus"), ("Rit.", "chorus"), ("Zwr. 2", "verse"),
        ("(au refrain)", "chorus"), ("(重复副歌)", "chorus"), ("Ref", None), ("brother.", None),
        ("Bro", None), ("Fine", None), ("un, dos, tres", None), ("Estrofa de amor", None),
    ],
)  # fmt: skip
def test_headings_have_numbers_and_places_in_many_languages(line: str, kind: str | None) -> None:
    (*_, last) = parse_given(f"one\n{line}\ntwo").sections
    assert (last.kind, len(last.lines)) == ((kind, 1) if kind else ("verse", 3))


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("[Chorus] (x2)", 2), ("[Chorus] [3x]", 3), ("Chorus - x2", 2), ("== Chorus x3 ==", 3), ("Припев х2", 2),
        ("Припев (2 раза)", 2), ("Refrain (bis)", 2), ("Estribillo (2 veces)", 2), ("Chorus (repeat)", 1),
        ("Chorus x99", 8),
    ],
)  # fmt: skip
def test_headings_say_how_many_times_in_many_ways(line: str, times: int) -> None:
    assert [one.kind for one in parse_given(f"one\n{line}\ntwo").sections] == ["verse", *["chorus"] * times]
