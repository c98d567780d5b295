"""Values of any JSON type in any field of a batch file are read, or refused in words."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.batch_fields import FIELDS
from riffusion_tui.jobs.batch_file import parse
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.model import Options
from riffusion_tui.registry import SERVICES

NAMES = (*FIELDS, "service", "receipt", "tempo", "made_up")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_any_value_of_a_field_is_read_or_refused(entry: dict[str, Any]) -> None:
    text = json.dumps([{"prompt": "lofi"} | entry])
    with suppress(BatchError):
        parse(text, "json", Options(), fields=("tempo",), services=SERVICES)


@pytest.mark.parametrize("value", [[], ["studio"], {}, {"studio": 1}, 7, 1.5, True, float("nan"), "Studio"])
def test_a_service_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(BatchError, match="entry 1: service must be one of studio, "):
        parse(json.dumps([{"prompt": "lofi", "service": value}]), "json", Options(), services=SERVICES)
