from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.batch_file import KINDS, BatchItem, MadeBy, literal_brace, parse
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.model import Options

PLAIN = Options()
FULL = Options(
    instrumental=True, model="FUZZ-0.8", account="u", reply_url="https://x", reply_ref="r", max_jobs=3, title="T",
    lyrics="la", seed=7, length_s=30.0,
)  # fmt: skip
ENTRY = {
    "prompt": "one", "instrumental": True, "model": "FUZZ-0.8", "user_id": "u", "replyUrl": "https://x",
    "replyRef": "r", "maxJobs": 3, "takes": 2, "title": "T", "lyrics": "la", "seed": 7, "length": 30,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("json", json.dumps([ENTRY])),
        ("json", "\ufeff" + json.dumps(ENTRY)),
        ("json", json.dumps({"prompts": [{"prompt": "one"}], **{k: v for k, v in ENTRY.items() if k != "prompt"}})),
        ("jsonl", json.dumps(ENTRY) + "\n\n"),
        ("csv", ",".join(ENTRY) + "\n" + "one,true,FUZZ-0.8,u,https://x,r,3,2,T,la,7,30\n"),
        ("csv", ",".join(ENTRY) + "\r\n" + '"one",yes,FUZZ-0.8,u,https://x,r,3.0,"2",T,la,7,30.0\r\n'),
        (
            "toml",
            (
                'instrumental = true\nmaxJobs = 3\n[[prompts]]\nprompt = "one"\nmodel = "FUZZ-0.8"\nuser_id = "u"\n'
                'replyUrl = "https://x"\nreplyRef = "r"\ntakes = 2\ntitle = "T"\nlyrics = "la"\nseed = 7\nlength = 30\n'
            ),
        ),
    ],
)
def test_each_format_uses_the_field_names_of_create_prompt(kind: str, text: str) -> None:
    assert parse(text, kind, PLAIN) == (BatchItem("one", FULL, 2),)


def test_missing_fields_get_defaults() -> None:
    assert parse('["one", {"prompt": "two", "seed": null}]', "json", FULL, 5) == (
        BatchItem("one", FULL, 5),
        BatchItem("two", FULL, 5),
    )
    assert parse("prompt,seed\none,\n", "csv", FULL, 5) == (BatchItem("one", FULL, 5),)


def test_a_text_file_has_one_prompt_per_paragraph_and_editor_syntax() -> None:
    text = "\ufeffone\r\nstill one\r\n\r\n\r\ntwo {a|b} x3\n---\nthree\n"
    assert parse(text, "txt", PLAIN, 2) == (
        BatchItem("one\nstill one", PLAIN, 2),
        BatchItem("two a", PLAIN, 3),
        BatchItem("two b", PLAIN, 3),
        BatchItem("three", PLAIN, 2),
    )


def test_sections_of_lyrics_in_a_text_file_belong_to_the_prompt_above() -> None:
    text = "lofi\n\nfolk\n\n[Verse]\nI walk\n\n[Chorus] (x2)\nOh\n\nhouse\n"
    assert [item.prompt for item in parse(text, "txt", PLAIN, 1)] == [
        "lofi",
        "folk\n\n[Verse]\nI walk\n\n[Chorus] (x2)\nOh",
        "house",
    ]


def test_the_outcome_in_a_receipt_is_ignored() -> None:
    assert parse('{"prompt": "one", "receipt": {"status": "done"}}', "jsonl", PLAIN) == (BatchItem("one", PLAIN),)


@pytest.mark.parametrize(
    ("receipt", "made_by"),
    [
        ({"engine": "sketch", "engine_version": 3}, MadeBy("sketch", 3)),
        ({"engine": "sketch", "engine_version": 5, "pronunciation": "Spanish"}, MadeBy("sketch", 5, "Spanish")),
        ({"engine": "sketch", "engine_version": 5, "pronunciation": 7}, MadeBy("sketch", 5)),
        ({"engine": "sketch", "engine_version": "5"}, None),
        ({"engine": None, "engine_version": None}, None),
        ("a text", None),
    ],
)
def test_a_receipt_names_the_engine_that_made_its_song(receipt: object, made_by: MadeBy | None) -> None:
    (item,) = parse(json.dumps({"prompt": "one", "receipt": receipt}), "jsonl", PLAIN)
    assert item.made_by == made_by


def test_an_edit_in_a_receipt_is_requested_again_unchanged() -> None:
    text = '{"prompt": "one", "operation": "extend", "source": "song-1", "extra": {"seconds": "30"}}'
    requested = PLAIN._replace(operation="extend", source="song-1", extra=(("seconds", "30"),))
    assert parse(text, "jsonl", PLAIN) == (BatchItem("one", requested),)


def test_text_values_are_converted() -> None:
    (requested,) = parse('{"prompt": "one", "instrumental": "False", "maxJobs": "4"}', "json", FULL)
    assert (requested.options.instrumental, requested.options.max_jobs) == (False, 4)


WRONG = [
    ("txt", "", "No prompts"),
    ("txt", "{a|b}" * 17, "prompts; the limit is 100,000"),
    ("json", "{", "Invalid JSON"),
    ("json", '[{"prompt": "x", "prompt": "y"}]', "The field 'prompt' appears twice in an entry."),
    ("jsonl", '{"prompt": "x"}\n{"seed": 1, "seed": 2}', "line 2: field 'seed' appears twice."),
    ("json", "[" * 200_000, "Invalid JSON: it is nested too deeply."),
    ("json", '[{"prompt": "x", "seed": ' + "9" * 5000 + "}]", "Invalid JSON: a number has too many digits."),
    ("jsonl", '{"seed": ' + "9" * 5000 + "}", "line 1: invalid JSON: a number has too many digits."),
    ("toml", "seed = " + "9" * 5000, "Invalid TOML: a number has too many digits (at line 1, column 8)."),
    ("toml", "a." * 32 + "a = 1", "Invalid TOML: a key has more than 32 parts (at line 1, column 1)."),
    ("csv", "prompt,seed\nx," + "9" * 5000 + "\n", f"line 2: seed must be a number, not '{'9' * 79}."),
    ("json", "7", "array of prompts"),
    ("json", "[]", "No prompts"),
    ("json", "[7]", "entry 1: expected a prompt"),
    ("json", '[{"promt": "x"}]', "entry 1: unknown field 'promt'. Did you mean 'prompt'"),
    ("json", '[{"prompt": "x", "zzz": 1}]', "Known fields: prompt, instrumental"),
    ("json", '[{"seed": 1}]', "the prompt is missing"),
    ("json", '["ok", {"prompt": " "}]', "entry 2: the prompt is missing"),
    ("json", '[{"prompt": 7}]', "must be text"),
    ("json", '[{"prompt": "x", "instrumental": "maybe"}]', "true or false"),
    ("json", '[{"prompt": "x", "instrumental": 7}]', "true or false"),
    ("json", '[{"prompt": "x", "maxJobs": 11}]', "1 to 10, not 11"),
    ("json", '[{"prompt": "x", "maxJobs": 0}]', "1 to 10, not 0"),
    ("json", '[{"prompt": "x", "maxJobs": true}]', "a number"),
    ("json", '[{"prompt": "x", "seed": 1.5}]', "a whole number"),
    ("json", '[{"prompt": "x", "seed": "many"}]', "a number"),
    ("json", '[{"prompt": "x", "seed": NaN}]', "a number"),
    ("json", '[{"prompt": "x", "seed": []}]', "a number"),
    ("json", '[{"prompt": "x", "takes": 101}]', "1 to 100"),
    ("json", '[{"prompt": "x", "length": 0}]', "more than 0"),
    ("json", '[{"prompt": "x", "operation": "extend"}]', "entry 1: an edit needs both"),
    ("json", '[{"prompt": "x", "extra": "all"}]', "a table of strings"),
    ("json", '[{"prompt": "x", "extra": {"seconds": 30}}]', "must be text"),
    ("json", json.dumps([{"prompt": "x", "replyRef": "r" * 1025}]), "at most 1,024"),
    ("json", json.dumps(["x"] * 100_001), "100,001 prompts; the limit is 100,000."),
    ("jsonl", '{"prompt": "x"}\n[', "line 2: invalid JSON: Expecting value at column 2."),
    ("jsonl", "\n", "No prompts"),
    ("csv", "text\none\n", "including `prompt`"),
    ("csv", "", "including `prompt`"),
    ("csv", "prompt\none, two\n", "line 2: more values"),
    ("csv", 'prompt\n"one\n', "invalid CSV"),
    ("yaml", "# none\n", "No prompts"),
    ("toml", "=", "Invalid TOML"),
    ("toml", 'prompts = "x"', "array of prompts"),
]


@pytest.mark.parametrize(("kind", "text", "words"), WRONG)
def test_errors_name_the_position_and_a_suggestion(kind: str, text: str, words: str) -> None:
    with pytest.raises(BatchError) as raised:
        parse(text, kind, PLAIN)
    assert words in str(raised.value)


def test_prompts_are_cleaned() -> None:
    assert parse('["a\\u001b[31mb"]', "json", PLAIN)[0].prompt == "ab"


def test_a_services_own_fields_are_cleaned() -> None:
    (item,) = parse('[{"prompt": "one", "key": "C\\u001b[31m minor"}]', "json", PLAIN, fields=("key",))
    assert item.options.extra == (("key", "C minor"),)


@given(st.text(max_size=200), st.sampled_from(KINDS))
@settings(max_examples=300, deadline=None)
def test_any_text_is_parsed_or_raises_batch_error(text: str, kind: str) -> None:
    try:
        requested = parse(text, kind, PLAIN)
    except BatchError:
        return
    assert all(one.prompt.strip() and one.takes >= 1 for one in requested)


def test_an_entry_may_name_a_service_and_that_services_fields() -> None:
    text = json.dumps([{"prompt": "one", "tempo": 96, "key": "C minor", "service": "acestep", "extra": {"steps": "8"}}])
    (item,) = parse(text, "json", PLAIN, fields=("tempo", "key"), services=("studio", "acestep"))
    assert item.service == "acestep"
    assert item.options.extra == (("steps", "8"), ("tempo", "96"), ("key", "C minor"))
    (csv,) = parse("prompt,tempo\none,96\n", "csv", PLAIN._replace(extra=(("key", "A"),)), fields=("tempo",))
    assert csv.options.extra == (("key", "A"), ("tempo", "96"))
    for entry, words in (
        ({"service": "nobody"}, "service must be one of studio, acestep, not 'nobody'"),
        ({"tempo": True}, "tempo must be text or a number"),
        ({"temop": 96}, "Did you mean 'tempo'"),
    ):
        with pytest.raises(BatchError, match=words):
            parse(
                json.dumps([{"prompt": "one"} | entry]),
                "json",
                PLAIN,
                fields=("tempo",),
                services=("studio", "acestep"),
            )
    with pytest.raises(BatchError, match="unknown field 'service'"):
        parse(json.dumps([{"prompt": "one", "service": "studio"}]), "json", PLAIN)


def test_a_text_file_names_services_with_editor_syntax() -> None:
    items = parse("rain @acestep\n\nsun {@studio|@acestep} ×1", "txt", Options())
    assert [(one.prompt, one.service) for one in items] == [("rain", "acestep"), ("sun", "studio"), ("sun", "acestep")]


def test_an_unclosed_brace_is_reported_in_text_files_only() -> None:
    assert literal_brace("one\n\n{lofi|house rain\n\nthree}", "txt") == "{lofi|house rain"
    assert literal_brace("# {a|b\n{lofi|house} rain", "txt") == ""
    assert literal_brace('["{lofi|house"]', "json") == ""


def test_prompts_of_a_text_are_located_by_the_line_of_their_section() -> None:
    lines = ["\ufeff# mine", "", "  {lofi|house} {a|b}", "and rain ×2", "", "[Chorus]", "and rain", "# no", "---", ""]
    text = "\r\n".join([*lines, "", "---", "and rain", "", "snow"])
    items = parse(text, "txt", Options())
    assert [(one.prompt.split()[0], one.where) for one in items] == [
        *(("lofi", "line 3"), ("lofi", "line 3"), ("house", "line 3"), ("house", "line 3")),
        *(("and", "line 13"), ("snow", "line 15")),
    ]
    assert parse("rain", "txt", Options())[0].where == ""


@given(st.text("ab {|}\n#-\x0b\x85\u2028[]×2\t"))
def test_every_prompt_of_a_text_has_a_place(text: str) -> None:
    try:
        items = parse(text, "txt", Options())
    except BatchError:
        return
    assert all(one.where for one in items) or len(items) == 1


def test_all_sections_that_can_not_be_read_are_reported_with_their_lines() -> None:
    with pytest.raises(BatchError) as raised:
        parse("lofi ×0\n\nhouse\n\n@studio\n", "txt", PLAIN, services=("studio",))
    assert [problem.split(":")[0] for problem in raised.value.problems] == ["line 1", "line 5"]


@pytest.mark.parametrize(("number", "last"), [(10, "line 10"), (11, "1 more error."), (1211, "1,201 more errors.")])
def test_ten_problems_are_listed_and_the_rest_is_counted(number: int, last: str) -> None:
    lines = str(BatchError(*(f"line {line}" for line in range(1, number + 1)))).splitlines()
    assert lines[9] == "line 10"
    assert lines[-1] == last
