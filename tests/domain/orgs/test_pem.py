"""Private keys as people hand them over: what works, and what each other thing is told to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.domain.errors import AskerError
from bot.domain.orgs.pem import private_key

LOCKED = serialization.BestAvailableEncryption(b"passphrase")


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(form: PrivateFormat, lock: serialization.KeySerializationEncryption | None = None) -> str:
    return key().private_bytes(Encoding.PEM, form, lock or NoEncryption()).decode()


@cache
def certificate() -> str:
    name, start = x509.Name([]), datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key().public_key(), 1, start, start + timedelta(days=1))
    return built.sign(key(), hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def opens(text: str) -> bool:
    """Whether the real library opens what is handed on."""
    loaded = serialization.load_pem_private_key(text.encode(), password=None)
    return isinstance(loaded, rsa.RSAPrivateKey) and loaded.private_numbers() == key().private_numbers()


PKCS8, RSA = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL


@pytest.mark.parametrize("form", [PKCS8, RSA], ids=["PKCS8", "RSA"])
@pytest.mark.parametrize(
    "handed",
    [
        lambda text: text,
        lambda text: certificate() + text,
        lambda text: text + certificate(),
        lambda text: f"Bag Attributes\n    friendlyName: flosum\n{text}\nsubject=CN\n{certificate()}",
        lambda text: text.replace("\n", r"\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", r"\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\n".join(f"   {line}  " for line in text.splitlines()),
        lambda text: re.sub(r"\n(?!-----END)", " ", text.strip()),
        lambda text: elliptic() + text,
    ],
    ids=[
        "as it is",
        "after",
        "before",
        "bag",
        "\\n",
        "CRLF",
        "\\r\\n",
        "BOM",
        "indented",
        "one line",
        "beside another",
    ],
)
def test_a_key_works_however_it_is_handed_over(form: PrivateFormat, handed: Callable[[str], str]) -> None:
    assert opens(private_key(handed(pem(form))))


def elliptic() -> str:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, RSA, NoEncryption()).decode()


def half(text: str, *, ended: bool) -> str:
    lines = text.splitlines()
    kept = lines[: len(lines) // 2]
    return "\n".join([*kept, lines[-1]] if ended else kept)


WRONG: Mapping[str, tuple[Callable[[], str], str]] = {
    "certificate": (certificate, "the certificate, which goes into Salesforce. Give the private key"),
    "public": (
        lambda: key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "a public key and no private key. Give",
    ),
    "public RSA": (
        lambda: key().public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
        "a public key and no private key. Give",
    ),
    "encrypted": (lambda: pem(PKCS8, LOCKED), "locked with a passphrase. Give it without: openssl"),
    "encrypted, of old": (lambda: pem(RSA, LOCKED), "locked with a passphrase. Give it without: openssl"),
    "OpenSSH": (lambda: pem(PrivateFormat.OpenSSH), "OpenSSH's own form. Turn it into PEM first: ssh-keygen"),
    "elliptic": (elliptic, "elliptic curve. Salesforce takes RSA keys alone. Make one"),
    "elliptic, PKCS8": (
        lambda: ec.generate_private_key(ec.SECP384R1()).private_bytes(Encoding.PEM, PKCS8, NoEncryption()).decode(),
        "elliptic curve. Salesforce takes RSA keys alone. Make one",
    ),
    "Ed25519": (
        lambda: ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PKCS8, NoEncryption()).decode(),
        "elliptic curve. Salesforce takes RSA keys alone. Make one",
    ),
    "DSA": (
        lambda: "-----BEGIN DSA PRIVATE KEY-----\nMAYCAQACAQA=\n-----END DSA PRIVATE KEY-----",
        "a DSA key. Salesforce takes RSA keys alone. Make one",
    ),
    "half": (lambda: half(pem(PKCS8), ended=False), "cut off. Give the whole file"),
    "half, with its end": (lambda: half(pem(PKCS8), ended=True), "cut off. Give the whole file"),
    "half, of the old form": (lambda: half(pem(RSA), ended=True), "cut off. Give the whole file"),
    "garbage": (lambda: "-----BEGIN PRIVATE KEY-----\nhello there!\n-----END PRIVATE KEY-----", "damaged"),
    "garbage in letters": (
        lambda: "-----BEGIN RSA PRIVATE KEY-----\naGVsbG8=\n-----END RSA PRIVATE KEY-----",
        "damaged",
    ),
    "nothing between": (lambda: "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "damaged"),
    "PuTTY": (lambda: "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", "PuTTY's own form. Turn it into PEM first"),
    "words": (lambda: "ssh-rsa AAAAB3Nza", "no private key: a PEM starts with"),
    "empty": (lambda: "", "no private key: a PEM starts with"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_usable_key_is_told_with_what_to_do(what: str) -> None:
    make, said = WRONG[what]
    text = make()

    with pytest.raises(AskerError, match=re.escape(said)) as refused:
        private_key(text)

    assert not any(len(line) > 30 and line in refused.value.text for line in text.splitlines())
