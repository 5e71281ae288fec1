"""Private keys in the files and prints that hold them: what is secret of them is masked, what is public stays."""

from __future__ import annotations

import json

import pytest

from bot.domain.secrets import MASK, Secret
from bot.domain.secrets.redaction import redact

LINE = "R0lCTzmkFa3XR1NzLF8Xq4UWYz32RVVzxGFr9OoaDxXSLjjtq1FN9qHjVaY0YfqS"
LAST = "tPTxl96OkQ8="
MAC = "7f9d4c6e1d3882d44147b5a167fd03aa"
NUMBERS = ":".join(("e7", "28", "a5", "ac", "88", "da", "8f", "2c", "29", "37", "cc", "c3", "73", "97", "09"))
PUTTY = "PuTTY-User-Key-File-{}: ssh-rsa\nEncryption: none\nComment: rsa-key\nPublic-Lines: 1\nAAAAB3NzaC1yc2E\n"

SECRET_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "PuTTY": (f"{PUTTY.format(3)}Private-Lines: 2\n{LINE}\n{LAST}\nPrivate-MAC: {MAC}", (LINE, LAST, MAC)),
    "PuTTY, older": (f"{PUTTY.format(2)}Private-Lines: 1\r\n{LINE}\r\nPrivate-Hash: {MAC}", (LINE, MAC)),
    "PuTTY, cut at both ends": (f"Private-Lines: 14\n{LINE}\n{LINE}", (LINE,)),
    "PuTTY, quoted": (f"> Private-Lines: 2\n> {LINE}\n> {LAST}\n> thanks", (LINE, LAST)),
    "PuTTY in JSON": (json.dumps({"key": f"Private-Lines: 2\n{LINE}\n{LAST}\nPrivate-MAC: {MAC}"}), (LINE, LAST, MAC)),
    "PEM with a passphrase, cut": (
        f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{MAC}\n\n{LINE}\n{LAST}",
        (LINE, LAST),
    ),
    "PGP, cut": (f"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n{LINE}\n{LAST}", (LINE, LAST)),
    "SSH2": (
        f"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\n{LINE}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        (LINE,),
    ),
    "PKCS #8, EC": (f"key=MIGHAgEAMBMGByqGSM49AgEGCCqGSM49{LINE} there", (LINE,)),
    "PKCS #8, Ed25519": (f"MC4CAQAwBQYDK2VwBCIEI{LINE[:43]}", (LINE[:43],)),
    "PKCS #8, encrypted": (f"MIIFLTBXBgkqhkiG9w0BBQ0wSjAp{LINE}", (LINE,)),
    "PKCS #8, encrypted, older": (f"MIIFDjBABgoqhkiG9w0BDAEDMA4E{LINE}", (LINE,)),
    "SEC 1": (f"MHcCAQEE{LINE}", (LINE,)),
    "PKCS #12": (f"the keystore: MIIKJAIBAzCCCd4GCSqG{LINE}", (LINE,)),
    "a key store of Java's": (f"/u3+7QAAAAIAAAAB{LINE}", (LINE,)),
    "OpenSSH": (f"b3BlbnNzaC1rZXktdjEAAAAA{LINE}", (LINE,)),
    "JSON Web Key": (json.dumps({"kty": "RSA", "e": "AQAB", "d": LINE, "qi": LINE[::-1]}), (LINE, LINE[::-1])),
    "JSON Web Key, escaped": (json.dumps(json.dumps({"kty": "EC", "crv": "P-256", "d": LINE})), (LINE,)),
    ".NET": (f"<RSAKeyValue><Modulus>AQ==</Modulus><D>{LINE}</D><InverseQ>{LINE}</InverseQ></RSAKeyValue>", (LINE,)),
    "OpenSSL's print": (f"modulus:\n    00:01\nprivateExponent:\n    {NUMBERS}:\n    {NUMBERS}\nprime1:", (NUMBERS,)),
}


@pytest.mark.parametrize("case", SECRET_PARTS)
def test_what_is_secret_of_a_key_is_masked(case: str) -> None:
    text, secrets = SECRET_PARTS[case]

    for said in (text, f"see\n{text}"):
        found = redact(said)

        assert not [part for part in secrets if part in found.text]
        assert set(found.secrets) == {Secret.PRIVATE_KEY}
        assert redact(found.text).text == found.text


def test_what_stands_around_the_lines_of_a_key_stays() -> None:
    text, _ = SECRET_PARTS["PuTTY"]

    result = redact(f"{text}\nand it fails")

    assert result.text == f"{PUTTY.format(3)}Private-Lines: 2{MASK}\nPrivate-MAC: {MASK}\nand it fails"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\nMIIDXTCCAkWgAwIBAgIJAKL0UG\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE is the public one",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 anna@acme",
        json.dumps({"kty": "RSA", "n": "R0lCTzmkFa3XR1NzLF8Xq4UWYz32RVVz", "e": "AQAB", "kid": "sig-2026-01-01"}),
        "Private-Lines: how many are there? Private-MAC: what is it?",
        "the privateExponent: see RFC 8017",
    ],
)
def test_what_is_public_of_a_key_stays(text: str) -> None:
    assert redact(text).text == text
