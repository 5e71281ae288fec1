"""A private key as people hand it over."""

from __future__ import annotations

from bot.domain.errors import AskerError


def private_key(pem: str) -> str:
    """The PEM with real line breaks. Raises AskerError when it is not an unencrypted private key."""
    pem = pem.replace("\\n", "\n").strip() + "\n"
    if "BEGIN CERTIFICATE" in pem:
        raise AskerError(
            "That is the certificate, which goes into Salesforce. Give the private key that belongs to it."
        )
    if "ENCRYPTED" in pem:
        raise AskerError(
            "That private key is locked with a passphrase. Give it without: openssl pkey -in key.pem -out plain.pem"
        )
    if "PRIVATE KEY-----" not in pem:
        raise AskerError("That is no private key: a PEM starts with -----BEGIN PRIVATE KEY-----")
    return pem
