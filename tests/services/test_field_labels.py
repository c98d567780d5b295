"""Names of an edit's fields as people read them, and the units of their numbers."""

from __future__ import annotations

import pytest

from riffusion_tui.services.capabilities import label_of, unit_of


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [
        ("length_s", "length", "s"),
        ("fade_in_s", "fade in", "s"),
        ("gain_db", "gain", "dB"),
        ("section", "section", ""),
        ("extend_s", "length", "s"),
        ("mask_start_s", "start", "s"),
    ],
)
def test_a_field_is_named_in_words_and_its_number_has_a_unit(name: str, label: str, unit: str) -> None:
    assert (label_of(name), unit_of(name)) == (label, unit)
