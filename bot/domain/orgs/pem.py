"""A private key as people hand it over. Whether it is one that can sign, the adapter finds out."""

from __future__ import annotations

import base64
import re

from bot.domain.errors import AskerError

_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_NEW = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem"
_RSA_ONLY = (
    f"Salesforce takes RSA keys alone. Make one ({_NEW}), and upload a certificate of it to the app in Salesforce."
)
_CUT_OFF = "That private key is cut off. Give the whole file, from its BEGIN line to its END line."
_DAMAGED = f"That private key is damaged: what stands between its lines is none. Give it anew, or make one: {_NEW}"

# What a block is that is no private key of the right kind, and what to do about it.
_WRONG = {
    "ENCRYPTED PRIVATE KEY": (
        "That private key is locked with a passphrase. Give it without: openssl pkey -in key.pem -out plain.pem"
    ),
    "OPENSSH PRIVATE KEY": (
        "That private key is in OpenSSH's own form. Turn it into PEM first: ssh-keygen -p -m PKCS8 -f key, on a copy."
    ),
    "EC PRIVATE KEY": f"That private key is of an elliptic curve. {_RSA_ONLY}",
    "DSA PRIVATE KEY": f"That private key is a DSA key. {_RSA_ONLY}",
}
_NO_KEY = {
    "CERTIFICATE": "That is the certificate, which goes into Salesforce. Give the private key that belongs to it.",
    "CERTIFICATE REQUEST": "That is a request for a certificate. Give the private key that it was made with.",
    "PUBLIC KEY": "That is a public key and no private key. Give the private key that belongs to it.",
    "RSA PUBLIC KEY": "That is a public key and no private key. Give the private key that belongs to it.",
}
_CURVES = (bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06032b6570"), bytes.fromhex("06032b6571"))


def private_key(pem: str) -> str:
    """The unencrypted private key in ``pem``, which may hold its certificate too, with real line breaks.

    Raises AskerError that says what it is instead, and what to do.
    """
    text = pem.replace("\\r", "").replace("\\n", "\n").replace("\r", "").lstrip("\ufeff \n\u200b")
    kinds = _BEGIN.findall(text)
    keys = sorted((kind for kind in kinds if kind.endswith("PRIVATE KEY")), key=_WRONG.__contains__)  # the fit first
    if not keys:
        raise AskerError(_what_else(text, kinds))
    if keys[0] in _WRONG:
        raise AskerError(_WRONG[keys[0]])
    block = next((block for block in _BLOCK.finditer(text) if block[1] == keys[0]), None)
    if "ENCRYPTED" in (block[2] if block else text):
        raise AskerError(_WRONG["ENCRYPTED PRIVATE KEY"])
    if block is None:
        raise AskerError(_CUT_OFF)
    letters = base64.b64encode(_der(block[2])).decode()
    lines = [letters[at : at + 64] for at in range(0, len(letters), 64)]
    return "\n".join([f"-----BEGIN {block[1]}-----", *lines, f"-----END {block[1]}-----", ""])


def _what_else(text: str, kinds: list[str]) -> str:
    known = [_NO_KEY[kind] for kind in kinds if kind in _NO_KEY]
    if known:
        return known[0]
    if text.startswith("PuTTY-User-Key-File"):
        return "That private key is in PuTTY's own form. Turn it into PEM first: puttygen key.ppk -O private-openssh"
    return "That is no private key: a PEM starts with -----BEGIN PRIVATE KEY-----"


def _der(letters: str) -> bytes:
    """What the lines between BEGIN and END stand for: one whole record, of a kind that may be RSA."""
    try:
        der = base64.b64decode("".join(letters.split()), validate=True)
    except ValueError:
        raise AskerError(_DAMAGED) from None
    if der[:1] != b"\x30" or len(der) < 4:
        raise AskerError(_DAMAGED)
    said = _length(der)
    if said > len(der):
        raise AskerError(_CUT_OFF)
    if any(curve in der[:64] for curve in _CURVES):
        raise AskerError(_WRONG["EC PRIVATE KEY"])
    return der[:said]


def _length(der: bytes) -> int:
    """How long a record says that it is, its own beginning counted in."""
    count = der[1] & 0x7F
    return 2 + der[1] if der[1] < 0x80 else 2 + count + int.from_bytes(der[2 : 2 + count], "big")
