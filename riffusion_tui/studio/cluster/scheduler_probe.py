"""Probe a scheduler with only the standard library: does it answer, and do both sides accept the certificates?"""

from __future__ import annotations

import socket
import ssl

from riffusion_tui.studio.cluster.certificates import Certificates
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress
from riffusion_tui.studio.cluster.cluster_errors import CertificateProblem, SchedulerUnreachable

PROBE_S = 5.0


def probe(address: ClusterAddress, certificates: Certificates | None) -> None:
    """Connect to a scheduler and read the first byte that it sends. Blocks, at most `PROBE_S` a step.

    Raises:
        SchedulerUnreachable: nothing answers.
        CertificateProblem: one side does not accept the other's certificate.
    """
    try:
        with socket.create_connection((address.host, address.port), PROBE_S) as plain:
            if not address.encrypted or certificates is None:
                return
            with _context(certificates).wrap_socket(plain) as secured:
                # In TLS 1.3 a client learns only here that its own certificate was refused.
                if not secured.recv(1):
                    raise SchedulerUnreachable(f"The scheduler at {address.url} closed the connection.")
    except ssl.SSLCertVerificationError as error:
        raise CertificateProblem(
            f"The scheduler at {address.url} presented a certificate unknown to ca.pem ({error.verify_message}): "
            "copy the folder of certificates from the machine that made it."
        ) from None
    except ssl.SSLError as error:
        raise CertificateProblem(
            f"The scheduler at {address.url} refuses this certificate ({error.reason or error}): copy the folder of "
            "certificates from the machine that made it."
        ) from None
    except OSError as error:
        if isinstance(error, SchedulerUnreachable):
            raise
        raise SchedulerUnreachable(
            f"No scheduler answers at {address.url} ({error.strerror or error}): start one with "
            "`riffusion-tui cluster scheduler`."
        ) from None


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False  # the authority is the cluster's own, and machines are known by address
    context.load_verify_locations(certificates.ca)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context
