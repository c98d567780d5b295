"""The studio on a port, by uvicorn: loopback unless told, token always."""

from __future__ import annotations

from riffusion_tui.studio.settings import StudioSettings

TOKEN_VARIABLE = "RIFFUSION_TUI_STUDIO_TOKEN"  # noqa: S105 (a variable's name)


def serve(
    settings: StudioSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    allowed_hosts: tuple[str, ...] = (),
) -> None:
    """Answer the contract on a port until SIGINT or SIGTERM.

    The first line on standard output is the address (`http://127.0.0.1:8123`); the log goes to standard error.

    Args:
        settings: the studio's; its token None means `RIFFUSION_TUI_STUDIO_TOKEN`, else the file in the data folder.
        host: address to listen on.
        port: 0 takes a free one.
        allowed_hosts: names, beside loopback's and `host`, that a request's Host header may carry.

    Raises:
        OSError: the address is taken or is not this machine's.
    """
