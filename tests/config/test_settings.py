"""The settings file: values, errors, and changes of single lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from riffusion_tui.config.atomic_file import MAX_BYTES, write_private
from riffusion_tui.config.environment import with_environment
from riffusion_tui.config.errors import MAX_PROBLEMS, FolderError, SecretError, SettingsError
from riffusion_tui.config.secrets import Tokens
from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state
from riffusion_tui.config.settings import TABLES, Settings, Spec, Value, spec_of, specs, value_of
from riffusion_tui.config.settings_file import load, parse, save, save_keys, template, unset
from riffusion_tui.config.validation import WrongValue, changed, checked, expected, typed


def spec(key: str) -> Spec:
    found = spec_of(key)
    assert found is not None
    return found


def values(one: Spec) -> st.SearchStrategy[Value]:
    if one.choices:
        return st.sampled_from(one.choices)
    if one.kind is bool:
        return st.booleans()
    if one.kind is int:
        return st.integers(int(one.limits.low or 0), int(one.limits.high or 10))
    return st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40)


def test_every_setting_has_a_description_and_a_valid_default() -> None:
    assert len({one.key for one in specs()}) == len(specs()) > 20
    for one in specs():
        assert one.doc.endswith(".") or one.doc.endswith(")"), one.key
        assert checked(one, one.default) == one.default


def test_the_template_parses_to_the_defaults_and_lists_every_setting() -> None:
    text = template()
    assert parse(text, "x") == Settings()
    for one in specs():
        assert one.doc in text
        assert f"# {one.name} = " in text


@given(st.data())
@effort(max_examples=60, deadline=None)
def test_changed_settings_round_trip_through_the_template(data: st.DataObject) -> None:
    wanted, text = Settings(), template()
    for one in data.draw(st.lists(st.sampled_from(specs()), max_size=6)):
        wanted = changed(wanted, one, data.draw(values(one)))
    assert parse(template(wanted), "x") == wanted
    assert parse(text, "x") == Settings()


@given(data=st.data())
@effort(max_examples=40, deadline=None)
def test_saving_one_setting_keeps_the_rest_of_the_file(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    file.write_text("# mine\n[studio]\naccounts = 2  # two\n\n[screen]\nmouse = false\n")
    one = data.draw(st.sampled_from(specs()))
    value = data.draw(values(one))
    wanted = changed(load(file), one, value)
    assert save(file, one.key, value) == wanted == load(file)
    text = file.read_text("utf-8")
    assert "# mine\n" in text
    assert "# two" in text


def test_a_missing_file_means_defaults_and_saving_creates_the_commented_template(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.toml"
    assert load(file) == Settings()
    save(file, "studio.max_jobs", 5)
    assert "\nmax_jobs = 5\n# Number of render processes" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_key_is_added_at_the_end_of_its_table(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[studio]\naccounts = 2\n\n\n[screen]\nmouse = true")
    save(file, "studio.max_jobs", 5)
    save(file, "notify.bell", False)
    assert (
        file.read_text()
        == "[studio]\naccounts = 2\nmax_jobs = 5\n\n\n[screen]\nmouse = true\n\n[notify]\nbell = false\n"
    )


def test_a_multiline_value_is_replaced_and_the_rest_is_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\n[player]\ncommand = """mpv\n--really-quiet"""\n')
    save(file, "player.command", "ffplay")
    assert load(file).player.command == "ffplay"
    assert file.read_text() == '# mine\n[player]\ncommand = "ffplay"\n'


def test_inline_and_dotted_tables_are_read_and_changed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("studio.accounts = 2\nscreen = { mouse = false }\n")
    assert load(file).studio.accounts == 2
    save(file, "studio.accounts", 3)
    save(file, "screen.motion", False)
    now = load(file)
    assert (now.studio.accounts, now.screen.mouse, now.screen.motion) == (3, False, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[studoi]\naccounts = 1\n", "f:1: Unknown table 'studoi'. Did you mean 'studio'?"),
        ("# a\nstudio = 3\n", "f:2: studio must be a table, which begins with the line [studio]."),
        ("\n[[studio]]\naccounts = 1\n", "f:2: studio must be a table, which begins with the line [studio]."),
        ("keys = 'f5'\n", "f:1: keys must be a table, which begins with the line [keys]."),
        ("[studio]\n\nmaxjobs = 3\n", "f:3: Unknown setting 'studio.maxjobs'. Did you mean 'studio.max_jobs'?"),
        ("[studio]\naccounts = 99\n", "f:2: studio.accounts must be a whole number from 1 to 64, not 99."),
        ("[studio]\naccounts = 0\n", "f:2: studio.accounts must be a whole number from 1 to 64, not 0."),
        ("[studio]\naccounts = true\n", "f:2: studio.accounts must be a whole number from 1 to 64, not true."),
        (
            "[files]\nformat = 'mp4'\n",
            "f:2: files.format must be one of auto, mp3, wav, flac, ogg, m4a, not 'mp4'. Did you mean 'mp3'?",
        ),
        ("[screen]\nmouse = 'on'\n", "f:2: screen.mouse must be true or false, not 'on'."),
        ("[screen]\ntheme = [1]\n", "f:2: screen.theme must be text in quotes, not [1]."),
        ("[keys]\nz = 3\n", 'f:2: keys.z must be keys in quotes, as in "f5,ctrl+r", or "" for none.'),
        ("[keys]\njob.agin = 'f5'\n", "f:2: Unknown command 'job.agin'. Did you mean 'job.again'?"),
        ("a = \n", "f:1: Invalid TOML: Invalid value."),
        ("[a\n", "f:1: Invalid TOML: Expected ']' at the end of a table declaration."),
        ("x = '", 'f:1: Invalid TOML: Expected "\'".'),
        (f"[studio]\naccounts = {'9' * 5000}\n", "f:2: Invalid TOML: a number has too many digits."),
        (f"[batch]\n{'a.' * 32}a = 1\n", "f:2: Invalid TOML: a key has more than 32 parts."),
        ("[xyzzy]\n", "f:1: Unknown table 'xyzzy'. `riffusion-tui settings explain` lists all."),
        ("[files]\ntheme = 3\n", "f:2: Unknown setting 'files.theme'. Did you mean 'screen.theme'?"),
        (
            "[studio]\nport = 3\n",
            "f:2: Unknown setting 'studio.port'. `riffusion-tui settings explain` lists all.",
        ),
    ],
)
def test_errors_name_the_line_and_a_suggestion(text: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "f", ["job.again"])
    assert str(caught.value) == expected


def test_all_problems_are_reported_in_file_order() -> None:
    with pytest.raises(SettingsError) as caught:
        parse("[screen]\nmouse = 3\n[studio]\naccounts = 0\nx = 1\n[nope]\n", "f")
    assert [problem.line for problem in caught.value.problems] == [2, 4, 5, 6]


def test_only_the_first_of_many_mistakes_are_reported() -> None:
    tables = "".join(f"[t{number}]\n" for number in range(30))
    for table in ("batch", "keys"):
        with pytest.raises(SettingsError) as caught:
            parse(f"[{table}]\n" + "".join(f"k{number} = 1\n" for number in range(2000)) + tables, "f")
        assert str(caught.value).count("\n") == MAX_PROBLEMS
        assert str(caught.value).endswith("\nThere may be more; correct these first.")


def test_a_file_that_is_too_large_is_neither_read_nor_written(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(FolderError, match=r"settings\.toml would be larger than 16 MB\. Shorten it first\.$"):
        write_private(file, "#" * (MAX_BYTES + 1))
    file.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(FolderError, match=r"settings\.toml can't be read: File larger than 16 MB\."):
        load(file)


def test_a_link_is_followed_only_if_asked(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("precious")
    link.symlink_to(target)
    save_session_state(link, SessionState("draft"))
    assert (target.read_text(), link.is_symlink()) == ("precious", False)
    link.unlink()
    link.symlink_to(target)
    write_private(link, "new")
    assert (target.read_text(), link.is_symlink()) == ("new", True)


def test_deep_nesting_and_broken_bytes_are_reported(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for raw in (b"a = " + b"[" * 50_000, b"\xff\xfe\x00", b"a = '\x1b[31m'"):
        file.write_bytes(raw)
        with pytest.raises(SettingsError) as caught:
            load(file)
        assert "\x1b" not in str(caught.value)


def test_a_pipe_or_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "device").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "pipe")
    for name in ("device", "pipe"):
        with pytest.raises(
            FolderError, match=rf"{name} can't be read: Not a regular file. Make it a file that you can"
        ):
            load(tmp_path / name)
        assert load_session_state(tmp_path / name) == SessionState()
        with pytest.raises(SecretError, match=r"read: Not a regular file\. Delete it"):
            Tokens(tmp_path / name, {}, lambda: None).find("http://a")


def test_a_file_that_cannot_be_read_or_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(FolderError, match=r"can't be read: Is a directory"):
        load(tmp_path / "settings.toml")
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="can't be read: Not a directory"):
        save(tmp_path / "file" / "settings.toml", "screen.mouse", False)
    with pytest.raises(FolderError, match=r"can't be written: .*\. Make its folder writable\.$"):
        save(Path("/proc/self/settings.toml"), "screen.mouse", False)


def test_saving_refuses_unknown_keys_invalid_values_and_invalid_files(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(SettingsError, match=r"Did you mean 'screen.mouse'"):
        save(file, "screen.mose", False)
    with pytest.raises(SettingsError, match="must be true or false"):
        save(file, "screen.mouse", 3)
    assert not file.exists()
    file.write_text("[nope]\n")
    with pytest.raises(SettingsError, match="Unknown table"):
        save(file, "screen.mouse", False)
    assert file.read_text() == "[nope]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\n[studio]\naccounts = 3  # many\n\n[batch]\ntakes = 2\n", "# mine\n[studio]\n\n[batch]\ntakes = 2\n"),
        ("[studio]\naccounts = 99\n", "[studio]\n"),
        ("studio = { accounts = 3, max_jobs = 2 }\n", "studio = {  max_jobs = 2 }\n"),
        ("studio.accounts = 3\n", ""),
    ],
)
def test_a_setting_is_removed_and_the_rest_of_the_file_stays(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(before)
    assert unset(file, "studio.accounts")
    assert file.read_text() == after
    assert not unset(file, "studio.accounts")


def test_a_removed_setting_is_again_a_comment_of_the_template(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    save(file, "studio.accounts", 3)
    assert unset(file, "studio.accounts")
    assert file.read_text() == template()


def test_only_known_settings_of_valid_files_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(SettingsError, match=r"Did you mean 'studio\.accounts'"):
        unset(file, "studio.acounts")
    assert not unset(file, "studio.accounts")
    file.write_text("studio = 3\n")
    assert not unset(file, "studio.accounts")
    file.write_text("[studio]\naccounts = 3\n[batch]\ntakes = 'x'\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:3: batch\.takes"):
        unset(file, "studio.accounts")
    assert "accounts = 3" in file.read_text()


def test_saved_keys_replace_the_previous_ones(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert save_keys(file, {"job.again": "f5", "quit": "ctrl+q"}).keys == {"job.again": "f5", "quit": "ctrl+q"}
    text = file.read_text()
    assert '"job.again" = "f5"' in text
    assert save_keys(file, {"job.again": "f6"}).keys == {"job.again": "f6"} == load(file, ["job.again"]).keys
    assert save(file, "screen.mouse", False).keys == {"job.again": "f6"}


def test_resetting_a_key_leaves_the_rest_of_the_file_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\n[keys]\nquit = "q"\n"job.again" = "f5"\n')
    assert save_keys(file, {"job.again": "f5"}).keys == {"job.again": "f5"}
    assert file.read_text() == '# mine\n[keys]\n"job.again" = "f5"\n'
    file.write_text('keys = { quit = "q" }\n')
    assert save_keys(file, {}).keys == {} == load(file).keys


def test_a_renamed_command_keeps_its_keys_and_is_saved_under_its_new_id(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\n[keys]\n"accounts.mend" = "m"\nquit = "q"\n')
    assert load(file, ["accounts.repair", "quit"]).keys == {"accounts.repair": "m", "quit": "q"}
    save_keys(file, {"accounts.repair": "f9", "quit": "q"})
    assert file.read_text() == '# mine\n[keys]\nquit = "q"\n"accounts.repair" = "f9"\n'


def test_saving_a_latin_1_file_keeps_every_character(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes('# für mich\n[files]\nfolder = "/tmp/Müsik"\n'.encode("latin-1"))
    assert load(file).files.folder == "/tmp/Müsik"
    save(file, "notify.bell", False)
    assert file.read_text("utf-8").startswith('# für mich\n[files]\nfolder = "/tmp/Müsik"\n')


def test_saving_through_a_symlink_keeps_it(tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "settings.toml").write_text("# mine\n")
    link = tmp_path / "settings.toml"
    link.symlink_to(Path("dotfiles") / "settings.toml")
    save(link, "notify.bell", False)
    assert link.is_symlink()
    assert (dotfiles / "settings.toml").read_text() == "# mine\n\n[notify]\nbell = false\n"


def test_a_renamed_value_is_read_and_kept_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[notify]\nwhen = 'person'  # mine\n")
    assert load(file).notify.when == "attention"
    save(file, "notify.bell", False)
    assert (load(file).notify.when, load(file).notify.bell) == ("attention", False)
    assert "# mine" in file.read_text()


def test_changing_a_line_keeps_its_trailing_comment(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[studio]\naccounts = 2   # for the band\n")
    save(file, "studio.accounts", 4)
    assert file.read_text() == "[studio]\naccounts = 4   # for the band\n"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("screen.mouse", "off", False),
        ("screen.mouse", " Yes ", True),
        ("studio.accounts", "12", 12),
        ("screen.theme", " paper ", "paper"),
        ("files.format", "wav", "wav"),
    ],
)
def test_typed_values_are_parsed(key: str, text: str, value: Value) -> None:
    assert typed(spec(key), text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [("screen.mouse", "perhaps"), ("studio.accounts", "many"), ("studio.accounts", "99"), ("files.format", "mid")],
)
def test_an_invalid_typed_value_is_refused_with_the_allowed_values(key: str, text: str) -> None:
    with pytest.raises(WrongValue, match="must be"):
        typed(spec(key), text)


def test_a_number_setting_accepts_integers_and_refuses_nan() -> None:
    share = Spec("x", "share", 0.5, spec("studio.accounts").limits._replace(low=0, high=None))
    assert checked(share, 1) == 1.0
    assert isinstance(checked(share, 1), float)
    assert expected(share) == "a number"
    for wrong in (float("nan"), -1.0):
        with pytest.raises(WrongValue):
            checked(share, wrong)
    with pytest.raises(WrongValue):
        typed(share, "1e999x")


def test_text_of_the_file_is_cleaned() -> None:
    assert parse('[player]\ncommand = "mpv \\u001b[31m\\u202e"\n', "f").player.command == "mpv"


def test_the_environment_overrides_the_file() -> None:
    now = with_environment(Settings(), {"RIFFUSION_TUI_URL": "http://127.0.0.1:1", "RIFFUSION_TUI_SONGS": "/s"})
    assert (now.service.name, now.service.url, now.files.folder) == ("riffusion", "http://127.0.0.1:1", "/s")
    now = with_environment(now, {"RIFFUSION_TUI_SERVICE": "flowmusic", "RIFFUSION_TUI_URL": "https://x"})
    assert (now.service.name, now.service.url) == ("flowmusic", "https://x")
    flow = with_environment(now, {"RIFFUSION_TUI_URL": "https://y"})
    assert flow.service.name == "flowmusic"
    with pytest.raises(SettingsError, match=r"RIFFUSION_TUI_SERVICE: .* Did you mean 'riffusion'"):
        with_environment(now, {"RIFFUSION_TUI_SERVICE": "rifusion"})
    # The address in the file belongs to the service in the file.
    assert with_environment(now, {"RIFFUSION_TUI_SERVICE": "riffusion"}).service.url == ""
    assert with_environment(now, {"RIFFUSION_TUI_SERVICE": "flowmusic"}).service.url == "https://x"
    assert with_environment(Settings(), {}) == Settings()


def test_settings_have_one_field_per_table() -> None:
    assert Settings._fields == (*TABLES, "keys")
    assert value_of(Settings(), spec("service.name")) == "studio"
    assert spec_of("service.nothing") is None
