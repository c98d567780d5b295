"""The certificates of a cluster: its own authority, and one key shared by all machines.

Anyone with a valid certificate can run any code on every Dask machine, so separate certificates per role or machine
would protect nothing. The authority's key is discarded, so no further certificates can be issued; to revoke a key, all
machines get new certificates.
"""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from riffusion_tui.clean import clean_line
from riffusion_tui.studio.cluster.cluster_errors import CertificateProblem, ClusterError, ExtraMissing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.pem", "certificate.pem", "key.pem"
VALID_DAYS = 730


class Certificates(NamedTuple):
    """Files in PEM format."""

    ca: Path
    """The authority that must have signed the peer's certificate."""
    certificate: Path
    """This side's certificate."""
    key: Path
    """The key of `certificate`; mode 0600."""


def certificates_in(folder: Path) -> Certificates:
    """Return the certificates in a folder, after checking that they fit each other and that the key is private.

    Raises:
        CertificateProblem: they are missing, unreadable, don't fit, or the key can be read by others.
    """
    found = Certificates(folder / CA_FILE, folder / CERTIFICATE_FILE, folder / KEY_FILE)
    shown = clean_line(str(folder))
    missing = [file.name for file in found if not file.is_file()]
    if missing:
        raise CertificateProblem(
            f"{shown} lacks {', '.join(missing)}. Run `riffusion-tui cluster certificates` on one machine and copy the "
            "folder to the others."
        )
    if found.key.stat().st_mode & 0o077:
        raise CertificateProblem(f"{clean_line(str(found.key))} can be read by others: chmod 600 it.")
    try:
        context = ssl.create_default_context(cafile=str(found.ca))
        context.load_cert_chain(found.certificate, found.key)
    except (ssl.SSLError, OSError) as error:
        raise CertificateProblem(f"The certificates in {shown} can't be used: {error.strerror or error}.") from None
    return found


def make_certificates(folder: Path, now: datetime) -> Certificates:
    """Make an authority, a certificate and its key in `folder`, which is created (0700) if missing.

    Args:
        folder: the folder, which must not contain any of the three files.
        now: the certificates are valid from an hour before this for `VALID_DAYS`.

    Raises:
        ClusterError: there are certificates already, or the folder can't be written.
        ExtraMissing: the package `cryptography` is not installed.
    """
    made = Certificates(folder / CA_FILE, folder / CERTIFICATE_FILE, folder / KEY_FILE)
    there = [file.name for file in made if file.exists()]
    if there:
        raise ClusterError(f"{clean_line(str(folder))} already has {', '.join(there)}: give another folder.")
    try:
        contents = _new_contents(now)
    except ImportError:
        raise ExtraMissing from None
    written: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, content in zip(made, contents, strict=True):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            written.append(file)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
    except OSError as error:
        for file in written:  # on a full disk: they would be in the way of the next attempt
            file.unlink(missing_ok=True)
        raise ClusterError(f"{clean_line(str(folder))} can't be written: {error.strerror or error}.") from None
    return made


def days_left(certificates: Certificates, now: datetime) -> int:
    """Return the whole days until the certificate or its authority expires; negative if it has expired.

    Raises:
        ExtraMissing: the package `cryptography` is not installed.
    """
    try:
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError:
        raise ExtraMissing from None
    ends = [load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc for file in certificates[:2]]
    left: int = (min(ends) - now).days
    return left


def _new_contents(now: datetime) -> tuple[bytes, bytes, bytes]:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    authority, own = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    ca = _signed("riffusion-tui cluster authority", authority, authority, now, is_authority=True)
    certificate = _signed("riffusion-tui cluster", own, authority, now, is_authority=False)
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ca.public_bytes(Encoding.PEM), certificate.public_bytes(Encoding.PEM), key


def _signed(
    name: str, own: EllipticCurvePrivateKey, issuer: EllipticCurvePrivateKey, now: datetime, *, is_authority: bool
) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    since = now.astimezone(UTC) - timedelta(hours=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called("riffusion-tui cluster authority"))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
    )
    if not is_authority:
        # Every machine connects to others and is connected to.
        both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(both, critical=False)
    return builder.sign(issuer, SHA256())
