"""The studio's own server as the command line starts it."""

from __future__ import annotations

import socket

import pytest

from tests.cli.kit import Call


def test_the_studio_listens_on_loopback_unless_told(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # the error names the address
        port = str(taken.getsockname()[1])
        said = call("studio", "--port", port).err
        assert f"can't listen on 127.0.0.1:{port}: " in said
        assert said.endswith(". Choose another --port or --host.\n")
        assert f"can't listen on 0.0.0.0:{port}: " in call("studio", "--port", port, "--host", "0.0.0.0").err


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("http://music.example", False), ("music.example:8123", False), ("music.example/", False), ("", False),
        ("music.example", True), ("[::2]", True), ("10.0.0.7", True),
    ],
)  # fmt: skip
def test_an_allowed_host_is_a_name(call: Call, name: str, *, valid: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = call("studio", "--port", str(taken.getsockname()[1]), "--allow-host", name)
    assert ran.code == 2
    assert ("--allow-host must be a host name" in ran.err) is not valid
