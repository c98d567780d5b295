"""Certificates and proxies: which certificates to trust, and explanations for failed connections."""

from __future__ import annotations

import os
import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

from riffusion_tui.services.address import is_loopback
from riffusion_tui.services.base import BadAddress

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


class Misconfigured(BadAddress):
    """The certificate or proxy configuration is invalid; nothing was sent."""

    advice = "Correct or unset it, then try again."


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts the system's certificates, or those of SSL_CERT_FILE and SSL_CERT_DIR.

    Raises:
        Misconfigured: SSL_CERT_FILE can't be read.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        try:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
        except OSError as error:
            why = error.strerror if not isinstance(error, ssl.SSLError) else "it contains no certificate"
            raise Misconfigured(f"SSL_CERT_FILE can't be used: {why}.") from None
    import truststore  # imported late: it loads the system's TLS library

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy_words(error: Exception) -> str:
    """Explain which proxy variable is invalid, without its value, which may contain a password."""
    if isinstance(error, ImportError):
        return (
            "A SOCKS proxy requires another package: pip install 'httpx[socks]'. Or set ALL_PROXY to an http:// proxy."
        )
    for name in _PROXIES:
        value = os.environ.get(name) or os.environ.get(name.lower()) or ""
        if value != value.strip() or ("://" in value and not value.startswith(("http://", "https://", "socks5"))):
            return f"{name} is not a valid proxy address: it must start with http:// and contain no spaces."
    return "NO_PROXY is invalid: use host names and addresses, IPv6 without brackets, no ranges."


def proxied_by(url: httpx.URL) -> str:
    """Return the variable that names the proxy for `url`; empty if there is none."""
    if is_loopback(url) or proxy_bypass(url.host):
        return ""
    proxies = getproxies()
    return next((f"{kind.upper()}_PROXY" for kind in (url.scheme, "all") if proxies.get(kind)), "")


def tls_words(error: BaseException | None, host: str) -> str:
    """Explain a TLS error; empty if `error` has another cause."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    if error is None:
        return ""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return (
            f"The certificate of {host} is not trusted: {why}."
            " If it is your own, set SSL_CERT_FILE to its issuer's certificate."
        )
    return f"{host} does not use TLS on this port. Correct the port, or start the address with http://."
