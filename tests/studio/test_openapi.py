"""The OpenAPI document, and requests generated from it: allowed ones get the documented response, others 400."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.errors import InvalidRequest
from riffusion_tui.studio.http.fields import Kind, RequestField, read
from riffusion_tui.studio.http.openapi import document
from riffusion_tui.studio.http.operations import OPERATIONS
from riffusion_tui.studio.server import Studio
from riffusion_tui.studio.studio_settings import StudioSettings
from tests.studio.conftest import BASE, TONE, client_of

DOCUMENT = document("http://studio")
BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, described)
        for path, methods in DOCUMENT["paths"].items()
        for method, described in methods.items()
    ]


def allowed(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a field's schema allows."""
    if isinstance(schema["type"], list):
        kind, null = schema["type"]
        assert null == "null"
        return st.none() | allowed(schema | {"type": kind})
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum"), schema.get("maximum"))
    if schema["type"] == "number":
        return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False)
    if schema.get("format") == "uuid":
        return st.uuids().map(str) | st.uuids().map(lambda one: one.hex)
    if schema.get("format") == "uri":
        return st.sampled_from(["https://example.com/", "http://example.com:8080/hook?a=1"])
    most = min(schema.get("maxLength", 50), 50)
    text = st.text(st.characters(codec="utf-8"), min_size=schema.get("minLength", 0), max_size=most)
    return text.filter(lambda value: re.search(schema.get("pattern", ""), value) is not None)


def bodies(described: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    fields = {name: allowed(field) for name, field in schema["properties"].items()}
    optional = {name: strategy for name, strategy in fields.items() if name not in schema["required"]}
    return st.fixed_dictionaries({name: fields[name] for name in schema["required"]}, optional=optional)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that sends requests to one studio, which stays open for all examples."""
    folder: Path = tmp_path_factory.mktemp("openapi")
    with asyncio.Runner() as runner:
        studio = Studio(
            StudioSettings(folder, engine=TONE, max_jobs=10),
            rng=random.Random(1),
            executor=ThreadPoolExecutor,
        )
        runner.run(studio.__aenter__())
        client = client_of(studio)

        def ask(method: str, path: str, **how: Any) -> httpx.Response:
            return runner.run(client.request(method, path, **how))

        yield ask
        runner.run(client.aclose())
        runner.run(studio.__aexit__(None, None, None))


def test_the_document_is_served_and_lists_every_call(ask: Any) -> None:
    served = ask("GET", "/openapi.json").json()
    assert served == json.loads(json.dumps(DOCUMENT))
    assert served["openapi"] == "3.1.0"
    names = [described["operationId"] for _, _, described in operations()]
    assert len(names) == len(set(names))
    for operation in OPERATIONS:
        for path in operation.paths:
            assert operation.method.lower() in served["paths"][path]
    prompt = served["paths"][f"{BASE}/music/create-prompt"]["post"]
    assert set(prompt["responses"]) == {"200", "400", "401", "413", "422", "429", "596", "default"}
    fields = prompt["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert fields["maxJobs"] | {"minimum": 1, "maximum": 10} == fields["maxJobs"]
    assert fields["replyRef"]["maxLength"] == 1024
    forget = served["paths"][f"{BASE}/scheduler/{{job_id}}"]["delete"]
    assert forget["parameters"][0]["schema"] == {"type": "string", "format": "uuid"}


def test_optional_json_fields_may_be_null_and_required_ones_not() -> None:
    for operation in OPERATIONS:
        if not operation.body:
            continue
        described = DOCUMENT["paths"][operation.paths[0]][operation.method.lower()]["requestBody"]["content"]
        types = {
            kind: {f: s["type"] for f, s in one["schema"]["properties"].items()} for kind, one in described.items()
        }
        needed = {f.name: next(iter(f.choices), "a") for f in operation.body if f.required}
        left_out = read(operation.body, needed, textual=False)
        for field in operation.body:
            assert isinstance(types["application/json"][field.name], list) is not field.required
            assert isinstance(types["multipart/form-data"][field.name], str), "a form has no null"
            given = needed | {field.name: None}
            if field.required:
                with pytest.raises(InvalidRequest):
                    read(operation.body, given, textual=False)
            else:
                assert read(operation.body, given, textual=False) == left_out


@pytest.mark.parametrize("user_id", ["%20", "nobody"])
def test_an_invalid_or_unknown_account_is_an_error(ask: Any, user_id: str) -> None:
    answer = ask("GET", f"{BASE}/accounts/{user_id}")
    assert answer.status_code == {"%20": 400, "nobody": 404}[user_id]


def test_the_account_pattern_of_a_path_excludes_slashes() -> None:
    [parameter] = DOCUMENT["paths"][f"{BASE}/accounts/{{user_id}}"]["get"]["parameters"]
    fits = re.compile(parameter["schema"]["pattern"]).search
    assert [text for text in ("a", "a b", "/", "a/", "/a", " ", "") if fits(text)] == ["a", "a b"]


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_a_405_lists_the_allowed_methods(ask: Any, path: str) -> None:
    answer = ask("OPTIONS", path)
    assert answer.status_code == 405
    taken = {method.upper() for method in DOCUMENT["paths"][path]}
    # Possibly more, if a path with an id matches too: DELETE scheduler/available is a 400.
    assert set(answer.headers["allow"].split(", ")) >= taken | ({"HEAD"} if "GET" in taken else set())


@given(st.data())
@BOUNDED
def test_allowed_requests_get_documented_responses(ask: Any, data: st.DataObject) -> None:
    method, path, described = data.draw(st.sampled_from(operations()))
    query = {}
    for parameter in described.get("parameters", ()):
        value = data.draw(allowed(parameter["schema"]))
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(value, safe=""))
        elif parameter["required"] or data.draw(st.booleans()):
            query[parameter["name"]] = value
    how: dict[str, Any] = {"params": query}
    if "requestBody" in described:
        how["content"] = json.dumps(data.draw(bodies(described)))
    answer = ask(method.upper(), path, **how)
    assert str(answer.status_code) in described["responses"], answer.text
    if answer.content and answer.headers["content-type"] == "application/json":
        answer.json()


@given(st.data())
@BOUNDED
def test_forbidden_values_are_a_400_that_names_the_field(ask: Any, data: st.DataObject) -> None:
    method, path, described = data.draw(st.sampled_from([one for one in operations() if "requestBody" in one[2]]))
    whole = described["requestBody"]["content"]["application/json"]["schema"]
    name = data.draw(st.sampled_from(sorted(whole["properties"])))
    needed = {field: whole["properties"][field].get("enum", ["a tone"])[0] for field in whole["required"]}
    body = needed | {name: data.draw(_forbidden(whole["properties"][name]))}
    answer = ask(method.upper(), path, content=json.dumps(body))
    assert answer.status_code == 400, (body, answer.text)
    assert answer.json()["error"].startswith(name)


def _forbidden(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    wrong: list[Any] = [{}, [], [1]]
    kind = schema["type"]
    if isinstance(kind, list):
        kind = kind[0]
    else:
        wrong.append(None)
    if kind in ("integer", "number"):
        wrong += ["1", True, schema.get("minimum", 0) - 1, schema.get("maximum", 0) + 1]
    elif kind == "boolean":
        wrong += ["true", 0, 1]
    else:
        wrong += [1, True, *(["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else [])]
        wrong += ["nothing of the list"] if "enum" in schema else []
    return st.sampled_from(wrong)


@given(st.dictionaries(st.sampled_from([field.name for one in OPERATIONS for field in one.body]), json_values))
@BOUNDED
def test_any_value_is_accepted_or_raises_invalid_request(given_values: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        for textual in (False, True):
            with suppress(InvalidRequest):
                values = read(operation.body, given_values, textual=textual)
                assert set(values) == {field.name for field in operation.body}


@given(st.text(max_size=30))
@BOUNDED
def test_any_address_is_accepted_or_raises_invalid_request(text: str) -> None:
    for url in (text, f"http://{text}", f"https://[{text}]/", f"http://a:{text}/"):
        with suppress(InvalidRequest):
            read((RequestField("replyUrl", Kind.ADDRESS, ""),), {"replyUrl": url}, textual=False)
            assert url == "" or url.startswith(("http://", "https://", "HTTP"))
