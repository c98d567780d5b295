"""The services as a library: light to import, interchangeable, and used as documented."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import riffusion_tui.services
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.registry import SERVICES
from riffusion_tui.secret import Secret
from riffusion_tui.services import FlowMusicService, RiffusionService, riffusion
from riffusion_tui.services.base import Service, Unauthorized
from riffusion_tui.services.capabilities import ServiceSetup
from riffusion_tui.services.profiles import all_fields, hook, max_seed, profile_of
from tests.services.kit import request
from tests.services.raw import Received, raw_server, reply


@pytest.mark.parametrize("module", ["", ".base", ".profiles", ".json_values", ".responses", ".acestep.fields"])
def test_importing_the_services_loads_no_http_client(module: str) -> None:
    code = f"import sys, riffusion_tui.services{module}; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchService"):
        riffusion_tui.services.NoSuchService  # noqa: B018 (the access is the test)


async def test_services_are_interchangeable() -> None:
    services: list[Service] = [
        kind("https://api.useapi.net", Secret("x")) for kind in (RiffusionService, FlowMusicService)
    ]
    names = ["riffusion", "flowmusic"]
    assert [service.name for service in services] == names
    assert [service.capabilities for service in services] == [profile_of(name).capabilities for name in names]
    for service in services:
        await service.aclose()


@pytest.mark.parametrize("name", ["riffusion", "flowmusic"])
async def test_a_client_opened_from_its_profile_sends_the_address_its_own_token(name: str) -> None:
    async with raw_server(reply(200, {})) as raw:
        setup = ServiceSetup(
            (raw.url,), {raw.url: Secret("own"), "https://example.com": Secret("other")}, SystemClock()
        )
        service: Service = hook(profile_of(name).client)(setup)
        await service.accounts()
        await service.aclose()
    assert service.name == name
    assert [call.headers["authorization"] for call in raw.received] == ["Bearer own"]


@pytest.mark.parametrize("name", ["riffusion", "flowmusic"])
async def test_a_client_opened_without_a_token_sends_nothing(name: str) -> None:
    async with raw_server(reply(200, {})) as raw:
        service: Service = hook(profile_of(name).client)(ServiceSetup((raw.url,), {}, SystemClock()))
        with pytest.raises(Unauthorized):
            await service.accounts()
        await service.aclose()
    assert raw.received == []


@pytest.mark.parametrize(("name", "path"), [("riffusion", "music/create-prompt"), ("flowmusic", "music")])
def test_the_request_for_curl_holds_the_prompt(name: str, path: str) -> None:
    found, fields = hook(profile_of(name).request)(request("lo-fi"))
    assert found == path
    assert fields["prompt"] == "lo-fi"


def test_an_unsupported_model_is_dropped() -> None:
    capabilities = profile_of("flowmusic").capabilities
    assert capabilities.supported_model(capabilities.models[0]) == capabilities.models[0]
    assert capabilities.supported_model("no-such-model") == ""


def test_every_field_is_found_by_its_name() -> None:
    declared = [field for name in SERVICES for field in profile_of(name).capabilities.fields]
    assert declared
    assert all(all_fields()[field.name].name == field.name for field in declared)
    assert len(all_fields()) == len({field.name for field in declared})


async def test_the_docstring_example_makes_a_song(tmp_path: Path) -> None:
    code = textwrap.dedent(str(riffusion.__doc__).partition("::\n")[2].rpartition("All calls raise")[0])

    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        finished = [{"id": "j", "status": "completed", "download_url": "/song.mp3"}]
        answers = {"/v1/riffusion/music/create-prompt": {"job_id": "j"}, "/v1/riffusion/music/": finished}
        writer.write(reply(200, answers.get(received.path, b"a song")))

    async with raw_server(handler=handler) as raw:
        code = code.replace("http://127.0.0.1:8080", raw.url)
        environ = os.environ | {"PYTHONPATH": str(Path(riffusion_tui.services.__file__).parents[2])}
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=tmp_path, env=environ)
        assert await process.wait() == 0
    assert (tmp_path / "song.part").read_bytes() == b"a song"


def test_the_largest_seed_is_one_that_a_service_accepts() -> None:
    accepted = {can.max_seed for can in (profile_of(name).capabilities for name in SERVICES) if can.seed}
    assert max_seed() == max(accepted) == 2**31 - 1
