"""Dask, loaded and configured only when a cluster is used."""

from __future__ import annotations

import asyncio
import importlib
import logging
from importlib.util import find_spec
from typing import Any

from riffusion_tui.studio.cluster.certificates import Certificates
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress
from riffusion_tui.studio.cluster.cluster_errors import ExtraMissing

_CONFIG: dict[str, Any] = {
    "distributed.comm.timeouts.connect": "5s",
    # A renderer asks for one song, makes it and asks for the next.
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.allowed-failures": 3,
    # Sampling the stack a hundred times a second costs time and shows nothing about a song.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


def check_extra() -> None:
    """Raise `ExtraMissing` unless Dask is installed."""
    if find_spec("distributed") is None:
        raise ExtraMissing


def load_dask() -> Any:
    """Import and configure `distributed`; return the module. Takes about a second the first time.

    Raises:
        ExtraMissing: it is not installed.
    """
    check_extra()
    importlib.import_module("dask").config.set(_CONFIG)
    return importlib.import_module("distributed")


def log_through(logger: logging.Logger) -> None:
    """Send Dask's own errors to `logger`, not to the terminal, which may belong to the screen."""

    class _Forwarding(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logger.handle(record)

    for name in ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "bokeh"):
        theirs = logging.getLogger(name)
        theirs.handlers[:] = []
        theirs.propagate = True
        theirs.setLevel(logging.NOTSET)
    for name in ("distributed", "tornado"):
        theirs = logging.getLogger(name)
        theirs.handlers[:] = [_Forwarding()]
        theirs.propagate = False
        theirs.setLevel(logging.CRITICAL)


def log_errors_only() -> None:
    """Let Dask print its errors, but not those of a connection that ended: the program itself reports it briefly."""
    theirs = logging.getLogger("distributed")
    theirs.setLevel(logging.ERROR)
    for handler in theirs.handlers:
        handler.addFilter(_is_unexpected)


def _is_unexpected(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, OSError | asyncio.CancelledError)


def security_of(address: ClusterAddress, certificates: Certificates | None) -> Any:
    """Return Dask's `Security` for an address, or None if it is not encrypted."""
    if not address.encrypted or certificates is None:
        return None
    certificate, key = str(certificates.certificate), str(certificates.key)
    roles = {
        f"tls_{role}_{what}": file
        for role in ("client", "scheduler", "worker")
        for what, file in (("cert", certificate), ("key", key))
    }
    return load_dask().Security(require_encryption=True, tls_ca_file=str(certificates.ca), **roles)
