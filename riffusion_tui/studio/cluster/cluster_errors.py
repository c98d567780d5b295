"""Errors of a cluster.

ClusterError               the cluster can't be used
├── ExtraMissing           the packages of the extra `cluster` are not installed
├── BadClusterAddress      the address is not tls://, or is tcp:// to another machine
├── CertificateProblem     the certificates are missing, expired, readable by others, or not the cluster's
├── SchedulerUnreachable   nothing answers at the address; trying again helps
└── OtherVersions          this renderer's songs would differ from the studio's
"""

from __future__ import annotations


class ClusterError(OSError):
    """The cluster can't be used; the message says why and what to do."""


class ExtraMissing(ClusterError):
    """The packages of the extra `cluster` are not installed."""

    def __init__(self) -> None:
        super().__init__("A cluster needs more packages: pip install 'riffusion-tui[cluster]'.")


class BadClusterAddress(ClusterError):
    """The address can't be a scheduler's, or would send songs and code unencrypted over a network."""


class CertificateProblem(ClusterError):
    """The certificates can't be used, or the other side refused them."""


class SchedulerUnreachable(ClusterError):
    """Nothing answers at the scheduler's address; trying again helps."""


class OtherVersions(ClusterError):
    """This renderer's songs would differ from those of every studio at the scheduler."""
