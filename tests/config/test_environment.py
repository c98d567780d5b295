"""Variables and options that override the settings file, and how that is reported."""

from __future__ import annotations

import pytest

from riffusion_tui.config.environment import Overrides, with_environment
from riffusion_tui.config.settings import Settings

URL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("environ", "key", "by"),
    [
        ({}, "service.url", ""),
        ({"RIFFUSION_TUI_URL": " "}, "service.url", ""),
        ({"RIFFUSION_TUI_URL": URL}, "service.url", "--url"),
        ({"RIFFUSION_TUI_URL": URL}, "service.name", "--url"),
        ({"RIFFUSION_TUI_URL": URL}, "acestep.url", "--url"),
        ({"RIFFUSION_TUI_SERVICE": "studio"}, "service.name", "RIFFUSION_TUI_SERVICE"),
        ({"RIFFUSION_TUI_SERVICE": "studio"}, "service.url", ""),
        ({"RIFFUSION_TUI_SERVICE": "acestep"}, "service.url", "RIFFUSION_TUI_SERVICE"),
        ({"RIFFUSION_TUI_SONGS": "/songs"}, "files.folder", "RIFFUSION_TUI_SONGS"),
        ({"NO_COLOR": "1"}, "screen.theme", "NO_COLOR"),
        ({"NO_COLOR": "1"}, "studio.accounts", ""),
    ],
)
def test_overrides_of_a_setting_are_named(environ: dict[str, str], key: str, by: str) -> None:
    overrides = Overrides(environ, {"RIFFUSION_TUI_URL": "--url"})
    assert overrides.of(key, Settings()) == by


def test_a_token_in_the_environment_overrides_a_saved_one() -> None:
    assert Overrides({"RIFFUSION_TUI_TOKEN": "x"}).token == "RIFFUSION_TUI_TOKEN"
    assert Overrides({}).token == ""


def test_effective_settings_include_the_environment() -> None:
    environ = {"RIFFUSION_TUI_URL": URL}
    assert Overrides(environ).apply(Settings()) == with_environment(Settings(), environ)
    assert Overrides(environ).apply(Settings()).service.name == "riffusion"
