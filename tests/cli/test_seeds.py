"""The range of `--seed`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Call


@pytest.mark.parametrize(
    "given",
    [("submit", "rain"), ("submit", "rain", "--service", "acestep"), ("batch", "-"), ("sketch", "rain", "--plan")],
)
@pytest.mark.parametrize("seed", ["1.5", "2147483648", "9223372036854775807"])
def test_a_seed_has_one_limit(call: Call, given: tuple[str, ...], seed: str) -> None:
    ran = call(*given, "--seed", seed, stdin="rain")
    words = ran.err.splitlines()[0]
    assert (ran.code, words) == (2, f"--seed must be a whole number from 0 to 2147483647, not {seed}.")


def test_a_seed_leaves_room_for_those_of_more_takes(call: Call, tmp_path: Path) -> None:
    says = "seed with 2 takes must be a whole number from 0 to 2147483646, not 2147483647.\n"
    ran = call("submit", "rain", "--seed", "2147483647", "--takes", "2")
    assert (ran.code, ran.err) == (2, f"--{says}")
    file = tmp_path / "songs.txt"
    file.write_text("rain ×2\n\nsnow\n")
    ran = call("sketch", str(file), "--seed", "2147483647", "--out", str(tmp_path / "songs"))
    assert (ran.code, ran.err) == (2, f"{file}: line 1: {says}")
