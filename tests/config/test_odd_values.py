"""Values of any TOML type in any setting or preset are read, or refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.config.errors import SettingsError
from riffusion_tui.config.library import PRESET_FIELDS, load_library
from riffusion_tui.config.settings import Spec, specs
from riffusion_tui.config.settings_file import parse

HUGE = "1" + "0" * 400
ODD = (HUGE, f"-{HUGE}", "nan", "inf", "-inf", "1e400", "[1]", "[[1]]", "{ a = 1 }", "2025-02-17", "12:30:00")


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.key)
def test_an_odd_value_of_a_setting_is_refused(spec: Spec, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{spec.key} must be"):
        parse(f"[{spec.table}]\n{spec.name} = {value}\n", "settings.toml")


@pytest.mark.parametrize("value", [*ODD, "-1"])
@pytest.mark.parametrize("field", PRESET_FIELDS)
def test_an_odd_value_of_a_preset_is_refused(tmp_path: Path, field: str, value: str) -> None:
    file = tmp_path / "library.toml"
    file.write_text(f"[presets.demo]\n{field} = {value}\n", "utf-8")
    with pytest.raises(SettingsError, match=f"library.toml:2: {field} must be"):
        load_library(file)
