"""Checks before a cluster is connected: the extra, the address, the certificates, the versions."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.cluster import dask_library
from riffusion_tui.studio.cluster.certificates import (
    VALID_DAYS,
    Certificates,
    certificates_in,
    days_left,
    make_certificates,
)
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress, read_cluster_address
from riffusion_tui.studio.cluster.cluster_connection import describe_others
from riffusion_tui.studio.cluster.cluster_errors import (
    BadClusterAddress,
    CertificateProblem,
    ClusterError,
    ExtraMissing,
    SchedulerUnreachable,
)
from riffusion_tui.studio.cluster.cluster_inspection import check_cluster_settings
from riffusion_tui.studio.cluster.render_versions import render_versions, version_label
from riffusion_tui.studio.cluster.scheduler_probe import probe
from tests.studio.cluster_kit import TONE

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("tls://host:8786", "tls://host:8786"),
        ("tls://host", "tls://host:8786"),
        (" tls://[2001:db8::1]:1 ", "tls://[2001:db8::1]:1"),
        ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9"),
        ("tcp://[::1]:9", "tcp://[::1]:9"),
        ("tcp://localhost:9", "tcp://localhost:9"),
    ],
)
def test_cluster_addresses_are_parsed(text: str, url: str) -> None:
    assert read_cluster_address(text).url == url


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("host:8786", "write it like tls://host:8786"),
        ("tls://", "write it like"),
        ("tls://host:99999", "write it like"),
        ("tls://host:0", "write it like"),
        ("tls://me@host:1", "write it like"),
        ("tls://host:1/path", "write it like"),
        ("tls://[broken", "write it like"),
        ("http://host:1", "must begin with tls://"),
        ("tcp://10.0.0.1:8786", "both sides must present certificates"),
        ("tcp://host:8786", "both sides must present certificates"),
    ],
)
def test_invalid_cluster_addresses_are_refused(text: str, because: str) -> None:
    with pytest.raises(BadClusterAddress, match=because):
        read_cluster_address(text)


def test_a_missing_extra_is_reported_with_its_install_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_library, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissing, match=r"pip install 'riffusion-tui\[cluster\]'"):
        check_cluster_settings("tls://host:1", tmp_path)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    pytest.importorskip("cryptography", reason="needs the extra: pip install '.[cluster]'")
    return make_certificates(tmp_path_factory.mktemp("made") / "certificates", NOW)


def test_certificates_are_private_and_valid_for_two_years(certificates: Certificates) -> None:
    folder = certificates.key.parent
    assert {oct(path.stat().st_mode & 0o777) for path in certificates} == {"0o600"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert certificates_in(folder) == certificates
    assert days_left(certificates, NOW) == VALID_DAYS - 1
    assert days_left(certificates, NOW + timedelta(days=VALID_DAYS)) < 0
    with pytest.raises(ClusterError, match=r"already has ca.pem, certificate.pem, key.pem: give another folder"):
        make_certificates(folder, NOW)


def test_certificates_that_cannot_be_written_leave_nothing_behind(
    certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = os.open, list[object]()

    def fail(*arguments: Any, **options: Any) -> int:
        if len(opened) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        opened.append(arguments[0])
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", fail)
        with pytest.raises(ClusterError, match="can't be written: No space left on device"):
            make_certificates(tmp_path / "new", NOW)
    assert list((tmp_path / "new").iterdir()) == []
    assert make_certificates(tmp_path / "new", NOW).key.exists()


def test_certificates_that_cannot_be_used_are_refused(certificates: Certificates, tmp_path: Path) -> None:
    folder = tmp_path / "copied"
    with pytest.raises(CertificateProblem, match=r"lacks ca.pem, certificate.pem, key.pem"):
        certificates_in(folder)
    shutil.copytree(certificates.key.parent, folder)
    (folder / "key.pem").chmod(0o640)
    with pytest.raises(CertificateProblem, match="can be read by others: chmod 600 it"):
        certificates_in(folder)
    (folder / "key.pem").chmod(0o600)
    (folder / "key.pem").write_text("no key")
    with pytest.raises(CertificateProblem, match="can't be used"):
        certificates_in(folder)


@contextmanager
def tls_server(certificates: Certificates) -> Iterator[ClusterAddress]:
    """Serve one connection like a scheduler: mutual TLS, and the server sends first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    context.load_verify_locations(certificates.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            plain, _ = listening.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as secured:
                    secured.send(b"hello")
            except OSError:
                plain.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield ClusterAddress("tls", *listening.getsockname())
        thread.join()


def test_each_side_refuses_a_foreign_certificate(certificates: Certificates, tmp_path: Path) -> None:
    foreign = make_certificates(tmp_path / "foreign", NOW)
    with tls_server(certificates) as address:
        probe(address, certificates)
    with tls_server(certificates) as address, pytest.raises(CertificateProblem, match=r"unknown to ca\.pem"):
        probe(address, foreign)
    mixed = Certificates(certificates.ca, foreign.certificate, foreign.key)
    with tls_server(certificates) as address, pytest.raises(CertificateProblem, match="refuses this certificate"):
        probe(address, mixed)


def test_a_missing_scheduler_is_reported_as_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(SchedulerUnreachable, match="start one with `riffusion-tui cluster scheduler`"):
        probe(ClusterAddress("tcp", "127.0.0.1", port), None)


def test_versions_and_soundfonts_have_distinct_labels(tmp_path: Path) -> None:
    font = tmp_path / "own.sf2"
    font.write_bytes(b"one")
    plain, first = render_versions(TONE, "synthesized"), render_versions(TONE, str(font))
    font.write_bytes(b"two")
    second = render_versions(TONE, str(font))
    assert plain["engine"] == "tone 1"
    assert len({version_label(versions) for versions in (plain, first, second, {**plain, "engine": "tone 2"})}) == 4
    assert version_label(plain) == version_label(dict(reversed(list(plain.items()))))


def test_each_kind_of_difference_is_reported_once() -> None:
    here, other = {"engine": "tone 2", "numpy": "2"}, {"engine": "tone 1", "numpy": "2"}
    assert describe_others(here, (other, {}, other)) == [
        "2 renderers not used, since the songs would differ: engine tone 2 here, tone 1 there",
        "1 worker not used: not started by `riffusion-tui renderer`",
    ]
