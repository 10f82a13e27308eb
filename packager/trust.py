"""Whose certificates are trusted, of every server that is spoken to."""

from __future__ import annotations

import os
import ssl


def trusting() -> ssl.SSLContext:
    """The system's certificates, or those of the file that `SSL_CERT_FILE` names; where Python finds none, certifi's."""
    context = ssl.create_default_context()
    found = context.cert_store_stats()["x509_ca"] or ssl.get_default_verify_paths().capath
    if not found and not os.environ.get("SSL_CERT_FILE"):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
