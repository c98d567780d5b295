from __future__ import annotations

import contextlib
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.matrix import (
    MAX_CHARS,
    MAX_COUNT,
    MAX_PROMPTS,
    Count,
    MatrixError,
    Prompt,
    count,
    escaped,
    expand,
    first_prompts,
    longest,
    services,
    spans,
    takes_problem,
    takes_range,
    unclosed,
)


def texts(text: str) -> list[str]:
    return [prompt.text for prompt in expand(text)]


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("", []),
        ("  \n ", []),
        ("lofi", ["lofi"]),
        ("two\nlines", ["two\nlines"]),
        ("one\n---\ntwo\n -----\t\nthree\n---", ["one", "two", "three"]),
        ("one\n--\ntwo", ["one\n--\ntwo"]),
        ("{lofi|house}, {90|120} bpm", ["lofi, 90 bpm", "lofi, 120 bpm", "house, 90 bpm", "house, 120 bpm"]),
        ("a {b|}", ["a b", "a"]),
        ("{a|}", ["a"]),
        ("{|}", []),
        ("{only}", ["{only}"]),
        ("{open", ["{open"]),
        ("close}", ["close}"]),
        ("{a|{b|c}", ["{a|b", "{a|c"]),
        ("a|b", ["a|b"]),
        (r"\{a|b\} {c|d}", ["{a|b} c", "{a|b} d"]),
        (r"{a\|b|c\}}", ["a|b", "c}"]),
        (r"back\\slash \n", [r"back\slash \n"]),
        (r"end\ ".strip(), ["end\\"]),
        ("one\n\\---\ntwo", ["one\n---\ntwo"]),
        (r"pieces \×3", ["pieces ×3"]),
        ("{a\n|b}", ["a", "b"]),
    ],
)
def test_a_text_expands_to_prompts(text: str, prompts: list[str]) -> None:
    assert texts(text) == prompts


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("lofi ×3", 3), ("lofi x12", 12), ("lofi\n×2", 2), ("lofi ×3  ", 3), ("4x4 beat", None), ("mix 4 x 3", None),
        ("lofi x", None), ("box3", None), ("lofi ×1", 1), ("lofi×3", 3), ("lofi (slow)×3", 3), ("a {pad}x2", 2),
        ("beat in 4×4", None), ("lofi@×3", 3), (r"lofi\×3", None), (r"{lofi\x3", None), ("lofi×3 @studio", 3),
    ],
)  # fmt: skip
def test_takes_are_read_at_the_end_of_a_prompt(text: str, takes: int | None) -> None:
    (prompt,) = expand(text)
    assert prompt.takes == takes


_LYRICS = "folk\n\n[Verse]\nI walk alone\nThe moon is high\n\n"


@pytest.mark.parametrize(
    "line", ["Chorus x2", "[Chorus] x2", "(Chorus) ×2", "Chorus×2", "**Chorus x2**", "La la la x2"]
)
def test_a_repeat_in_lyrics_is_no_number_of_takes(line: str) -> None:
    assert expand(_LYRICS + line) == (Prompt(_LYRICS + line),)
    assert count(_LYRICS + line) == Count(1, 1)
    assert spans(line, first=False, above=_LYRICS) == ()


@pytest.mark.parametrize("line", ["x2", " ×2"])
def test_takes_are_read_below_lyrics(line: str) -> None:
    assert expand(f"{_LYRICS}[Chorus]\nLa la\n{line}") == (Prompt(f"{_LYRICS}[Chorus]\nLa la", 2),)
    assert [span.kind for span in spans(line, first=False, above=f"{_LYRICS}[Chorus]\nLa la\n")] == ["takes"]


def test_takes_are_read_in_a_description_below_lyrics() -> None:
    words = "[Verse]\nI walk alone\nThe moon is high\n\nindie rock"
    assert expand(f"{words} x2") == (Prompt(words, 2),)


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("rain @acestep", [Prompt("rain", None, "acestep")]),
        ("rain\n@acestep ", [Prompt("rain", None, "acestep")]),
        ("rain @acestep ×3", [Prompt("rain", 3, "acestep")]),
        ("rain ×3 @acestep", [Prompt("rain", 3, "acestep")]),
        ("rain {@studio|@acestep}", [Prompt("rain", None, "studio"), Prompt("rain", None, "acestep")]),
        ("rain ×2 {@studio|@acestep}", [Prompt("rain", 2, "studio"), Prompt("rain", 2, "acestep")]),
        ("rain @{studio|acestep}", [Prompt("rain", None, "studio"), Prompt("rain", None, "acestep")]),
        ("{a|b} x @acestep\n---\nc", [Prompt("a x", None, "acestep"), Prompt("b x", None, "acestep"), Prompt("c")]),
        (r"for \@bob", [Prompt("for @bob")]),
        (r"a \\@bob", [Prompt(r"a \@bob")]),
        ("song @ 120 bpm", [Prompt("song @ 120 bpm")]),
        ("song @120bpm", [Prompt("song @120bpm")]),
        ("for @bob and me", [Prompt("for @bob and me")]),
        ("mail@example", [Prompt("mail@example")]),
        (r"\@acestep", [Prompt("@acestep")]),
        ("@acestep rain", [Prompt("rain", None, "acestep")]),
        ("@acestep\nrain ×3", [Prompt("rain", 3, "acestep")]),
        ("{@studio|@acestep} rain", [Prompt("rain", None, "studio"), Prompt("rain", None, "acestep")]),
        ("@studio rain @acestep", [Prompt("@studio rain", None, "acestep")]),
        (r"\@studio rain", [Prompt("@studio rain")]),
        ("@bob sings", [Prompt("@bob sings")]),
        ("@studios at night", [Prompt("@studios at night")]),
    ],
)
def test_a_prompt_names_its_service_at_its_start_or_end(text: str, prompts: list[Prompt]) -> None:
    assert list(expand(text)) == prompts
    assert count(text).prompts == len(prompts)
    assert set(services(text)) == ({one.service for one in prompts} if "@" in text else set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rain", ""),
        ("rain ×1\n---\nrain x100", ""),
        ("rain ×3\n---\nrock ×101\n---\nfolk x999", "×101"),
        ("rain x0", "×0"),
        ("x999", ""),
        ("rain \\x999", ""),
    ],
)
def test_takes_out_of_range_are_found_without_expanding(text: str, expected: str) -> None:
    problem = takes_problem(text)
    assert problem == (f"{expected}: a prompt can have 1 to 100 takes." if expected else "")
    if expected:
        with pytest.raises(MatrixError, match=problem):
            expand(text)


def test_takes_apply_to_their_own_prompt_only() -> None:
    assert expand("{a|b} ×2\n---\nc") == (Prompt("a", 2), Prompt("b", 2), Prompt("c"))
    assert count("{a|b} ×2\n---\nc", 5) == Count(3, 9)
    assert expand("{a|b}×3\n---\n{c|d}x3") == tuple(Prompt(text, 3) for text in "abcd")
    assert expand("rain {@studio|@acestep}×2") == (Prompt("rain", 2, "studio"), Prompt("rain", 2, "acestep"))
    assert expand("×3") == ()


@pytest.mark.parametrize("text", ["{a|b}" * 17, "lofi ×101", "lofi ×0"])
def test_too_many_songs_are_refused_but_still_counted(text: str) -> None:
    with pytest.raises(MatrixError):
        expand(text)
    count(text)


def test_a_huge_matrix_is_refused_with_a_readable_number() -> None:
    with pytest.raises(MatrixError, match=r"at least 1,000,000,000 prompts; the limit is 100,000\."):
        expand("{a|b}" * 20_000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (2, 2)),
        ("rain", (2, 2)),
        ("{rain|snow} ×3", (3, 3)),
        ("rain x5\n---\nsnow", (2, 5)),
        ("rain x1000\n---\nsnow ×0", (2, 2)),
        ("x7\n---\nsnow ×3", (3, 3)),
    ],
)
def test_the_range_of_takes_is_that_of_the_prompts(text: str, found: tuple[int, int]) -> None:
    assert takes_range(text, 2) == found


def test_huge_matrices_can_be_counted() -> None:
    assert count("{a|b}" * 20_000, 2) == Count(MAX_COUNT, MAX_COUNT)
    assert count("{a|b}" * 20) == Count(2**20, 2**20)
    assert count("{" * 50_000 + "|" * 50_000).prompts == 1


def _expanded(text: str) -> None:
    with contextlib.suppress(MatrixError):
        expand(text)


_READERS: list[Callable[[str], object]] = [services, longest, count, unclosed, takes_problem, _expanded]

_NESTED = [
    "{" + "{a|b}" * 26 + "|lofi} @",
    "{" * 40 + "{a|b}" * 26 + "|x}" * 40 + " @",
    "{|}" * 40 + "@",
    "{|}" * 40,
    "{a|" + "{|}" * 40 + "}",
    "{" + "x" * 5_000 + "{a|b}" * 15 + "|lofi} @",
]


@pytest.mark.parametrize("text", _NESTED)
def test_any_number_of_combinations_is_read_in_little_time_and_memory(text: str) -> None:
    begun = time.process_time()
    tracemalloc.start()
    try:
        for read in _READERS:
            read(text)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 3


_NESTING = st.recursive(
    st.sampled_from(["", "x", "{", "|", "}", "{a|b}", "\n---\n", " @studio"]),
    lambda inner: st.tuples(inner, st.integers(1, 40), inner).map(lambda made: f"{{{made[0] * made[1]}|{made[2]}}}"),
    max_leaves=4,
)


@given(_NESTING.filter(lambda text: len(text) < 5_000))
@settings(max_examples=100, deadline=10_000)
def test_reading_any_braces_takes_bounded_time(text: str) -> None:
    for read in (services, longest, count, takes_problem):
        read(f"{text} @")


def test_the_first_prompts_are_those_of_the_whole_text() -> None:
    text = "{{a|} {b|}|c{|}} d{|e}\n---\nf"
    assert first_prompts(text, 5) == expand(text)[:5]
    assert texts("{{a|} {b|}|{|}}{|e}") == ["a b", "a be", "a", "a e", "b", "be", "e", "e", "e"]


def test_too_many_characters_are_refused() -> None:
    with pytest.raises(MatrixError, match=rf"characters; the limit is {MAX_CHARS:,}\."):
        expand("x" * 2_000 + "{a|b}" * 16)


def test_a_long_prompt_is_searched_in_few_of_its_combinations() -> None:
    assert longest("x" * 1_999_999 + "{a|bb}" * 9) == {"": 2_000_008}


PIECES = st.sampled_from(["{", "}", "|", "\\", "a", "b", " ", "\n", "---", "×3", "x2", "\n---\n", "{a|b}", "é", "4"])


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=500, deadline=None)
def test_counting_and_expanding_agree(text: str) -> None:
    try:
        prompts = expand(text)
    except MatrixError:
        return
    counted = count(text, 4)
    assert counted == Count(len(prompts), sum(4 if one.takes is None else one.takes for one in prompts))
    assert len(prompts) <= MAX_PROMPTS
    assert all(one.text.strip() for one in prompts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{a|b", "{a|b"),
        ("x {a|b and\nmore", "{a|b and"),
        ("{a|b} {c|d", "{c|d"),
        ("{{a|b} c", ""),
        ("{a|b}", ""),
        ("a smile :{", ""),
        (r"\{a|b", ""),
        ("{a|\n---\nb}", "{a|"),
        ("", ""),
    ],
)
def test_an_unclosed_brace_is_reported(text: str, found: str) -> None:
    assert unclosed(text) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("plain", []),
        ("{lofi|house} at {90|120} bpm", [(0, 12, "alternatives"), (16, 24, "alternatives")]),
        ("{{a|b} x|c} y", [(0, 11, "alternatives")]),
        ("{not one} and \\{a|b}", []),
        ("---", [(0, 3, "rule")]),
        ("rain ×3", [(5, 7, "takes")]),
        ("rain x12 ", [(5, 8, "takes")]),
        ("rain × 3", []),
        ("rain×3", [(4, 6, "takes")]),
        ("{a|b}x12", [(0, 5, "alternatives"), (5, 8, "takes")]),
        ("box3", []),
        ("rain @acestep ×3", [(14, 16, "takes"), (5, 13, "service")]),
        ("rain ×3 @acestep", [(5, 7, "takes"), (8, 16, "service")]),
        ("@acestep rain", [(0, 8, "service")]),
        ("@acestep rain ×2", [(14, 16, "takes"), (0, 8, "service")]),
        ("@bob sings", []),
        ("@acestep", []),
        (r"\@acestep rain for \@bob", []),
    ],
)
def test_special_syntax_in_a_line_is_found(line: str, found: list[tuple[int, int, str]]) -> None:
    assert list(spans(line)) == found


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", {}),
        (" rain ×3", {"": 4}),
        ("{a|long} night\n---\nfog", {"": 10}),
        ("rain {@acestep|@studio}\n---\nsnowstorm", {"acestep": 4, "studio": 4, "": 9}),
    ],
)
def test_the_longest_prompt_of_each_service_is_measured(text: str, characters: dict[str, int]) -> None:
    assert longest(text) == characters


def test_takes_and_services_are_only_read_at_the_ends_of_a_prompt() -> None:
    assert spans("@acestep rain", first=False) == spans("rain @acestep ×3", last=False) == ()
    assert spans("@acestep", last=False) == ((0, 8, "service"),)
    assert spans("@acestep ×2", first=False) == ((9, 11, "takes"), (0, 8, "service"))


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("pieces ×3", r"pieces \×3"),
        ("pieces x3", r"pieces \x3"),
        ("pieces×3", r"pieces\×3"),
        ("{pieces}x3", r"\{pieces\}\x3"),
        ("x3", r"\x3"),
        (r"\x41", r"\\x41"),
        ("4x4 beat", "4x4 beat"),
        ("for @bob", r"for \@bob"),
        ("@studio rain", r"\@studio rain"),
        ("@studio rain @acestep", r"\@studio rain \@acestep"),
        ("x2 @bob{", r"\x2 @bob\{"),
        ("×3 @bob×3", r"×3 @bob\×3"),
        ("x3 @bob}x3", r"x3 @bob\}\x3"),
        ("{a|b}", r"\{a\|b\}"),
        ("a\n ---\nb", "a\n \\---\nb"),
    ],
)
def test_an_escaped_prompt_stays_literal(prompt: str, text: str) -> None:
    assert escaped(prompt) == text
    assert expand(text) == (Prompt(prompt),)
    assert count(text, 4) == Count(1, 4)


LITERAL = st.sampled_from([*"{}|\\ab -\n", "---", "\n---\n", "×3", " x2", "x2", "4", "@acestep", " @bob", "é"])


@given(st.lists(LITERAL, min_size=1, max_size=12).map("".join).map(str.strip).filter(bool))
@settings(max_examples=500, deadline=None)
def test_any_prompt_can_be_escaped(prompt: str) -> None:
    assert expand(escaped(prompt)) == (Prompt(prompt),)


@pytest.mark.no_cover
def test_long_plain_text_is_scanned_quickly() -> None:
    """Each key press counts the songs in the text; scanning a million plain characters one by one took seconds."""
    plain = "a line of a log, 12:33\n" * 4_000
    signs = "{a|b}\\{" * 4_000
    seconds = {}
    for text in (plain, signs):
        begun = time.process_time()
        count(text)
        unclosed(text)
        seconds[text] = (time.process_time() - begun) / len(text)
    assert seconds[plain] < 0.5 * seconds[signs]


@pytest.mark.parametrize("text", ["x2 @flowmusic", "@studio", "@studio ×3", "lofi\n---\n@studio"])
def test_a_service_alone_is_no_prompt(text: str) -> None:
    with pytest.raises(MatrixError, match=r"describe the song beside @(flowmusic|studio)"):
        expand(text)
