"""The studio's own server as the command line starts it."""

from __future__ import annotations

import socket

from tests.cli.kit import Call


def test_the_studio_listens_on_loopback_unless_told(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # the error names the address
        port = str(taken.getsockname()[1])
        said = call("studio", "--port", port).err
        assert f"can't listen on 127.0.0.1:{port}: " in said
        assert said.endswith(". Choose another --port or --host.\n")
        assert f"can't listen on 0.0.0.0:{port}: " in call("studio", "--port", port, "--host", "0.0.0.0").err
