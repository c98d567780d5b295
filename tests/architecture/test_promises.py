"""PROMISES.md names existing tests and files."""

from __future__ import annotations

import re

from tests.benchmarks.promises import FILE, ROOT, breaches, promises


def test_every_listed_test_exists() -> None:
    found = breaches(FILE.read_text("utf-8"))
    missing = []
    for test in sorted({test for breach in found for test in breach.tests}):
        file, _, name = test.partition("::")
        if not re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE):
            missing.append(test)
    assert missing == []


def test_every_promise_has_a_breach_in_an_existing_file() -> None:
    text = FILE.read_text("utf-8")
    found = breaches(text)
    assert {breach.promise for breach in found} == set(promises(text))
    assert len(found) == text.count("Broken in `")
    assert [breach.file for breach in found if not (ROOT / breach.file).is_file()] == []
    assert all(breach.tests and breach.old != breach.new for breach in found)


def test_every_breach_applies_exactly_once() -> None:
    found = breaches(FILE.read_text("utf-8"))
    assert [(one.file, one.old) for one in found if (ROOT / one.file).read_text("utf-8").count(one.old) != 1] == []
