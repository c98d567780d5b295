"""Certificates and proxies: whom a TLS connection trusts, and what is wrong where none can be made."""

from __future__ import annotations

import os
import ssl

from riffusion_tui.services.base import BadAddress

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


class Misconfigured(BadAddress):
    """A certificate or a proxy keeps every connection from being made: nothing was sent."""

    advice = "Then check it with: riffusion-tui doctor --service"


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts what the system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.

    Raises:
        Misconfigured: SSL_CERT_FILE can't be read.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        try:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
        except OSError as error:
            why = error.strerror if not isinstance(error, ssl.SSLError) else "it holds no certificate"
            raise Misconfigured(f"The file that SSL_CERT_FILE names can't be used: {why}.") from None
    import truststore  # only where a connection is made: it loads the system's own library

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy_words(error: Exception) -> str:
    """Say which of the proxy variables can't be used; their values may hold a password and are not shown."""
    if isinstance(error, ImportError):
        return "A SOCKS proxy needs another package: pip install 'httpx[socks]'. Or name an http:// proxy in ALL_PROXY."
    for name in _PROXIES:
        value = os.environ.get(name) or os.environ.get(name.lower()) or ""
        if value != value.strip() or ("://" in value and not value.startswith(("http://", "https://", "socks5"))):
            return f"{name} is no proxy's address: begin it with http:// and leave out blanks."
    return "NO_PROXY can't be used: name hosts and addresses, IPv6 without brackets, no ranges."


def tls_words(error: BaseException | None, host: str) -> str:
    """Say what is wrong with a TLS connection; empty where that is not why `error` came."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    if error is None:
        return ""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return (
            f"The certificate of {host} is not trusted: {why}. Name its issuer's file in SSL_CERT_FILE if it is yours."
        )
    return f"{host} does not speak TLS on this port: correct the port, or begin the address with http://."
