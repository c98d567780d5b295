"""Map expected errors to messages and exit codes."""

from __future__ import annotations

import re

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import NEEDS_ATTENTION, SOME_FAILED, WRONG_USE
from riffusion_tui.config.errors import ConfigError, SecretError
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.jobs.matrix import MatrixError
from riffusion_tui.services.base import AccountBroken, BadAddress, NoCredits, NotSent, ServiceError, Unauthorized
from riffusion_tui.store.errors import NoSuchJob, StoreError
from riffusion_tui.studio.cluster.cluster_errors import CertificateProblem, ClusterError, OtherVersions
from riffusion_tui.studio.engine.engine_errors import EngineError

QUOTED_COMMAND = re.compile(r"`riffusion-tui ([^`]+)`")
"""A command in a message."""
_OF_SERVICE = re.compile(r"`riffusion-tui ((?:accounts|doctor|resume|token)\b[^`]*)`")
"""Commands in advice that take a service."""
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (SecretError, NEEDS_ATTENTION),
    (Unauthorized, NEEDS_ATTENTION),
    (AccountBroken, NEEDS_ATTENTION),
    (NoCredits, NEEDS_ATTENTION),
    (BadAddress, WRONG_USE),
    (NotSent, WRONG_USE),
    (NoSuchJob, WRONG_USE),
    (ConfigError, WRONG_USE),
    (NotPossible, WRONG_USE),
    (BatchError, WRONG_USE),
    (FilterError, WRONG_USE),
    (MatrixError, WRONG_USE),
    (ServiceError, SOME_FAILED),
    (StoreError, SOME_FAILED),
    (EngineError, SOME_FAILED),
    (CertificateProblem, NEEDS_ATTENTION),
    (OtherVersions, NEEDS_ATTENTION),
    (ClusterError, WRONG_USE),
)


def code_of(error: Exception) -> int | None:
    """Return the exit code of an expected error, most specific type first; None for internal errors."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)


def advise_for(error: Exception, context: CommandContext) -> None:
    """Let the error's advice name the service of this run, if it isn't the configured one."""
    if isinstance(error, ServiceError):
        error.advice = with_service(error.advice, context)


def with_service(advice: str, context: CommandContext) -> str:
    """Return advice with the service of `context` in its commands, if it isn't the configured one."""

    def command(found: re.Match[str]) -> str:
        words = found[1].removesuffix(" --service") if context.named else found[1]
        return f"`{context.command(words)}`"

    return _OF_SERVICE.sub(command, advice)


def words_of(error: Exception) -> str:
    """Return the error's message, with advice if its type has any."""
    advice = getattr(error, "advice", "")
    return f"{error}\n{advice}" if advice else str(error)
