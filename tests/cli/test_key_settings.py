"""Keys of commands: `settings set keys.COMMAND`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Call

SWAPPED = "keys.job.play = space\nkeys.jobs.mark = p\n"


def test_keys_of_a_command_are_set_and_reset(call: Call) -> None:
    assert call("settings", "set", "keys.job.play", "space").out == SWAPPED, "the two commands swap keys"
    assert call("settings", "show", "keys.job.play").out == "space\n"
    assert call("settings", "check").code == 0
    assert call("settings", "set", "keys.jobs.mark", "space").out == "keys.jobs.mark = space\nkeys.job.play = p\n"
    assert call("settings", "set", "keys.job.play", "b").code == 0
    assert call("settings", "show", "keys.job.play").out == "b\n"
    assert "keys.job.play = b\n" in call("settings", "show").out
    for arguments, expected in (
        (("keys.job.play", "strg+x"), "is not a valid key"),
        (("keys.job.plai", "b"), "Did you mean 'job.play'?"),
    ):
        ran = call("settings", "set", *arguments)
        assert (ran.code, expected in ran.err) == (2, True), ran.err
    assert call("settings", "set", "keys.job.play", "").code == 0
    assert call("settings", "show", "keys.job.play").out == "\n"
    assert "; without a key: job.play\n" in call("doctor").out
    assert call("settings", "set", "keys.job.lock", "p").out == "", "the key is free"
    assert "Now: none." in call("settings", "explain", "keys.job.play").out
    assert call("settings", "unset", "keys.job.lock").code == 0
    assert call("settings", "unset", "keys.job.play").code == 0
    assert call("settings", "show", "keys.job.play").out == "p\n"
    ran = call("settings", "set", "keys.palette", "")
    assert (ran.code, "it finds the commands without a key" in ran.err) == (2, True)


@pytest.mark.parametrize("id", ["job.again", "job.play"])
def test_a_key_that_two_commands_have_in_the_file_is_refused(call: Call, tmp_path: Path, id: str) -> None:
    file = tmp_path / "config" / "settings.toml"
    text = '[keys.job]\nplay = "p"\nagain = "p"\n'
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    ran = call("settings", "set", f"keys.{id}", "p")
    assert (ran.code, ran.out, file.read_text()) == (2, "", text)
    assert "keys.job.again: 'p' is taken by job.play" in ran.err
    assert call("settings", "set", "keys.job.lock", "f8").code == 0, "another command's keys can be set"
    assert call("settings", "unset", "keys.job.again").code == 0
    assert call("settings", "check").code == 0
