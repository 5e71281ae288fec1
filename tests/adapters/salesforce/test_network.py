"""Slow orgs, the network between, and what must not leave in an error."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer, SimpleHTTPRequestHandler
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.transport import Deadline, Line
from bot.domain.errors import OrgError, OrgUnreachable
from bot.sandbox.salesforce.faults import DATA, LOGIN, OrgFault
from tests.salesforce_under_test import NOW, SalesforceUnderTest, outcome

# --- time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize(
    "fault",
    [OrgFault(hang=20), OrgFault(trickle=0.05), OrgFault(trickle=0.05, slow_headers=True)],
    ids=["silent", "a byte now and then", "headers a byte now and then"],
)
def test_a_slow_org_is_given_up_at_the_deadline(under_test: SalesforceUnderTest, fault: OrgFault, path: str) -> None:
    under_test.hasty(0.5)
    under_test.salesforce.break_org("prod", replace(fault, path=path))
    started = time.monotonic()

    with pytest.raises(OrgUnreachable, match=r"`prod` did not answer within 0\.5 s"):
        under_test.facts("prod")

    assert time.monotonic() - started < 5


def test_a_check_that_was_given_up_leaves_nothing_running(under_test: SalesforceUnderTest) -> None:
    before = set(threading.enumerate())
    under_test.hasty(0.3)
    under_test.salesforce.break_org("prod", OrgFault(trickle=0.1, path=DATA))

    with pytest.raises(OrgUnreachable):
        under_test.facts("prod")

    until = time.monotonic() + 10
    while "check-prod" in (left := {thread.name for thread in set(threading.enumerate()) - before}):
        assert time.monotonic() < until, left
        time.sleep(0.05)


def test_people_who_wait_for_somebody_elses_login_wait_no_longer_than_theirs(under_test: SalesforceUnderTest) -> None:
    under_test.hasty(2)
    under_test.salesforce.break_org("prod", OrgFault(hang=20, path=LOGIN))
    started = time.monotonic()

    with ThreadPoolExecutor(5) as pool:
        errors = list(pool.map(lambda _: outcome(lambda: under_test.facts("prod")), range(5)))

    assert {type(error) for error in errors} == {OrgUnreachable}
    assert time.monotonic() - started < 6, "they waited one after the other"


# --- the network between -----------------------------------------------------------------------------


def test_a_proxy_that_is_not_there_is_named(under_test: SalesforceUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)

        with pytest.raises(OrgUnreachable, match="its proxy settings"):
            Salesforce(clock=lambda: NOW, deadline=5).facts(*under_test.org("prod"))


def test_a_refused_connection_is_not_called_silence(under_test: SalesforceUnderTest) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        adapter = Salesforce(clock=lambda: NOW, route=lambda _: f"http://127.0.0.1:{port}/", deadline=5)

        with pytest.raises(OrgUnreachable, match="The connection to `prod` broke off"):
            adapter.facts(*under_test.org("prod"))


def test_a_name_that_is_not_found_is_told_apart_from_silence(
    under_test: SalesforceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_found(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(OrgUnreachable, match=r"cannot be found \(DNS\)"):
        Salesforce(clock=lambda: NOW, deadline=5).facts(*under_test.org("prod"))


def test_a_certificate_that_is_not_trusted_is_named(under_test: SalesforceUnderTest, tmp_path: Path) -> None:
    with _tls_server(tmp_path) as port:
        adapter = Salesforce(clock=lambda: NOW, route=lambda _: f"https://127.0.0.1:{port}/", deadline=5)

        with pytest.raises(OrgUnreachable, match="certificate shown for `prod` is not trusted"):
            adapter.facts(*under_test.org("prod"))


def test_a_certificate_authority_of_ones_own_is_trusted(under_test: SalesforceUnderTest, tmp_path: Path) -> None:
    with _tls_server(tmp_path) as port:
        adapter = Salesforce(
            clock=lambda: NOW,
            route=lambda _: f"https://127.0.0.1:{port}/",
            deadline=5,
            ca_bundle=str(tmp_path / "server.pem"),
        )

        with pytest.raises(OrgUnreachable, match="not available now"):  # that server takes no POST
            adapter.facts(*under_test.org("prod"))


def test_any_http_answer_shows_that_a_host_is_in_reach(under_test: SalesforceUnderTest) -> None:
    under_test.salesforce.break_org("prod", OrgFault(status=503, body=b""))

    Salesforce(clock=lambda: NOW, route=under_test.salesforce.route).reach("acme.my.salesforce.com")

    under_test.salesforce.break_org("prod", OrgFault(reset=True))
    with pytest.raises(OrgUnreachable, match="broke off"):
        Salesforce(clock=lambda: NOW, route=under_test.salesforce.route).reach("acme.my.salesforce.com")


def test_a_netrc_does_not_replace_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine acme.my.salesforce.com login somebody password else")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    request = requests.Request("GET", "https://acme.my.salesforce.com/", headers={"Authorization": "Bearer session"})

    with Line(Deadline.after(1, "prod")) as line:
        prepared = line.prepare_request(request)

    assert prepared.headers["Authorization"] == "Bearer session"


class _Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """The caller is meant to break off."""


class _tls_server:  # noqa: N801 - used as a function
    """A TLS server on loopback whose certificate nobody knows."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        start = datetime.now(UTC) - timedelta(days=1)
        certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=2))
        address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
        certificate = certificate.add_extension(address, critical=False)
        pem = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        pem += key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "server.pem").write_bytes(pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        self._server = _Quiet(("127.0.0.1", 0), SimpleHTTPRequestHandler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> int:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self._server.server_port

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# --- secrets -----------------------------------------------------------------------------------------

SESSION = "00DKd0000000001!AQEAQPnt7sWkXlZ3mYfS.secretsecretsecretsecretsecret"
CONSUMER_KEY = "3MVG9secretsecretsecretsecret"
ECHOES = [
    {"error": "invalid_grant", "error_description": f"bad token {SESSION} for {CONSUMER_KEY}"},
    {"error": f"bad {SESSION}", "error_description": "x" * 5000},
    {"error": "invalid_client", "error_description": "eyJhbGciOiJSUzI1NiJ9.eyJpc3Mi.c2lnbmVk\n\x00and\x1bmore"},
    [{"errorCode": "INVALID_TYPE", "message": f"Bearer {SESSION}"}],
]


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize("echo", ECHOES, ids=["token", "long", "jwt", "data"])
def test_no_secret_leaves_in_an_error(under_test: SalesforceUnderTest, echo: object, status: int, path: str) -> None:
    under_test.salesforce.break_org("prod", OrgFault(status=status, body=json.dumps(echo).encode(), path=path))
    _, credentials = under_test.org("prod")

    with pytest.raises(OrgError) as caught:
        under_test.facts("prod")

    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    for secret in (
        SESSION,
        "AQEAQPnt7sWk",
        CONSUMER_KEY,
        "c2lnbmVk",
        credentials.consumer_secret,
        credentials.consumer_key,
    ):
        assert str(secret) not in shown
    assert len(caught.value.text) < 700
    assert caught.value.text.isprintable()
