"""``status --all`` of 200 orgs over real HTTP and TLS on loopback, against bare ``requests`` in the same run.

    python -m tests.benchmarks.bench_status_all [orgs] [rounds]

Every call takes the orgs 150 ms, in a process of their own. Baseline: ``requests`` making the same calls (two batches
an org, the same bodies back) with as many threads as checks have places, and kept connections. Then every sixth org
hangs: when the others are shown, when all is, when a second person's answer ends, how long ``help`` takes meanwhile.
"""

from __future__ import annotations

import base64
import multiprocessing
import os
import resource
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from requests.adapters import HTTPAdapter

from bot.adapters.salesforce import Salesforce
from bot.adapters.store import SqlStore
from bot.domain.conversations.guidance_reply import help_text
from bot.domain.model import Credentials, Login, Org
from bot.org_places import PLACES, Places
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.salesforce.http import HttpAnswer, Request, SalesforceHttpServer
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.service.org_checks import OrgChecks
from tests.recognition_helpers import ARTICLE
from tests.store_helpers import opened

LATENCY = 0.15
HANG_EVERY = 6
BATCH = "/services/data/v67.0/composite/batch"
TOKEN = "/services/oauth2/token"
SESSION = "00D000000000001!session"


def certificate(folder: Path) -> str:
    """A certificate of loopback with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "org.pem").write_bytes(pem + key.private_bytes(*form))
    (folder / "ca.pem").write_bytes(pem)
    return str(folder / "org.pem")


class Orgs:
    """What stands behind the port: every org is the built-in ``prod``, and takes its time."""

    def __init__(self) -> None:
        built_in = BuiltInSalesforce(datetime.now(UTC))
        self._prod = next(org for org in built_in.orgs.values() if org.name == "prod")
        self._built_in = built_in
        self._session = self._logged_in(built_in)
        self.hanging = False

    def _logged_in(self, built_in: BuiltInSalesforce) -> str:
        basic = base64.b64encode(f"{built_in.client_id}:{built_in.client_secret}".encode()).decode()
        asked = Request("POST", TOKEN, self._prod.host)
        said = built_in.answer(asked, {"authorization": f"Basic {basic}"}, b"grant_type=client_credentials").body
        assert isinstance(said, dict)
        return str(said["access_token"])

    def fault_for(self, request: Request) -> OrgFault:
        number = int(request.host.partition(".")[0].removeprefix("org-"))
        return OrgFault(hang=60.0 if self.hanging and number % HANG_EVERY == 0 else LATENCY)

    def answer(self, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
        if request.path == TOKEN:
            return HttpAnswer(200, {"access_token": SESSION, "instance_url": f"https://{request.host}"})
        asked = Request(request.method, request.path, self._prod.host, request.query)
        return self._built_in.answer(asked, {**headers, "authorization": f"Bearer {self._session}"}, body)


def serve(pem: str, pipe: Connection) -> None:
    """The process of the orgs: says its port, then hangs or not as it is told."""
    orgs = Orgs()
    server = SalesforceHttpServer(orgs)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    pipe.send(server.server_port)
    while (told := pipe.recv()) is not None:
        orgs.hanging = told
        pipe.send(True)


@dataclass(frozen=True)
class Bench:
    """The bot's checks over the orgs, and the bare baseline beside them."""

    checks: OrgChecks
    store: SqlStore
    port: int
    ca: str
    count: int
    calls: Sequence[bytes]
    pipe: Connection

    def hang(self, on: bool) -> None:
        self.pipe.send(on)
        self.pipe.recv()

    def ours(self) -> None:
        found = self.checks.every("T1")
        assert [each.trouble for each in found] == [None] * self.count, next(e.trouble for e in found if e.trouble)

    def bare(self, session: requests.Session) -> None:
        def check(number: int) -> None:
            host, url = f"org-{number}.my.salesforce.com", f"https://127.0.0.1:{self.port}{BATCH}"
            headers = {"Host": host, "Authorization": f"Bearer {SESSION}", "Content-Type": "application/json"}
            for body in self.calls:
                assert session.post(url, data=body, headers=headers, verify=self.ca, timeout=14).json()["results"]

        with ThreadPoolExecutor(PLACES) as pool:
            list(pool.map(check, range(self.count)))


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def memory() -> float:
    """Megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def bodies_of(salesforce: Salesforce, org: Org, credentials: Credentials) -> list[bytes]:
    """What one check sends, login aside."""
    seen: list[bytes] = []
    send = HTTPAdapter.send

    def noting(adapter: HTTPAdapter, request: requests.PreparedRequest, *rest: object, **more: object) -> object:
        if urlsplit(request.url or "").path == BATCH:
            seen.append(request.body if isinstance(request.body, bytes) else str(request.body).encode())
        return send(adapter, request, *rest, **more)  # type: ignore[arg-type]

    HTTPAdapter.send = noting  # type: ignore[assignment,method-assign]
    try:
        salesforce.facts(org, credentials)
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]
    return seen


def healthy(bench: Bench, rounds: int) -> float:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", HTTPAdapter(pool_maxsize=PLACES))
    bench.ours()  # logs in
    bench.bare(session)
    ours, bare, sizes = [], [], []
    for _ in range(rounds):
        ours.append(timed(bench.ours))
        sizes.append(memory())
        bare.append(timed(lambda: bench.bare(session)))
    ideal = bench.count * len(bench.calls) * LATENCY / PLACES
    our, their = statistics.median(ours), statistics.median(bare)
    say(f"{bench.count} orgs, {len(bench.calls)} calls each, {PLACES} places, load {os.getloadavg()[0]:.1f}")
    say(
        f"  ours {our:.2f} s, bare requests {their:.2f} s, calls x latency / places {ideal:.2f} s (medians of {rounds})"
    )
    say(f"  ours / bare {our / their:.2f} x, ours / ideal {our / ideal:.2f} x, bare / ideal {their / ideal:.2f} x")
    say(f"  memory from the second to the last run: {sizes[-1] - sizes[0]:+.1f} MB")
    return our


def hanging(bench: Bench, without: float) -> None:
    bench.hang(True)
    begun = time.perf_counter()
    every = bench.checks.begin_every("T1")

    def second() -> float:
        time.sleep(1.0)
        bench.checks.every("T1")
        return time.perf_counter() - begun

    def help_me() -> float:
        time.sleep(0.5)
        return timed(lambda: help_text(bench.store.orgs("T1")))

    with ThreadPoolExecutor(2) as others:
        theirs, helped = others.submit(second), others.submit(help_me)
        found, waiting = every.so_far()
        shown = time.perf_counter() - begun
        every.all()
        total = time.perf_counter() - begun
        say(f"{waiting} of {bench.count} hang: the other {len(found)} after {shown:.2f} s ({shown / without:.2f} x)")
        say(f"  all after {total:.2f} s, the second person's {theirs.result() - total:+.2f} s later")
        say(f"  `help` meanwhile in {helped.result():.3f} s")
    again = timed(lambda: bench.checks.every("T1"))
    say(f"  asked again at once: {again:.2f} s, those that hung being left alone")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def connected(store: SqlStore, count: int) -> list[tuple[Org, Credentials]]:
    """``count`` orgs, each with a login of its own."""
    made = [
        (
            Org("T1", f"org-{number}", f"org-{number}.my.salesforce.com", Login.CLIENT_CREDENTIALS),
            Credentials(f"key-{number}", consumer_secret="secret"),
        )
        for number in range(count)
    ]
    for org, credentials in made:
        store.add_org(org, credentials)
    return made


def main(arguments: Sequence[str]) -> int:
    """Print what was measured."""
    given = [int(each) for each in arguments]
    count, rounds = (*given, *(200, 9)[len(given) :])
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate(Path(folder))
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(pem, there), daemon=True)
        process.start()
        port, ca = here.recv(), f"{folder}/ca.pem"
        salesforce = Salesforce(
            clock=lambda: datetime.now(UTC),
            route=lambda url: urlsplit(url)._replace(netloc=f"127.0.0.1:{port}").geturl(),
            ca_bundle=ca,
        )
        store, places = opened(f"sqlite:///{folder}/bench.db"), Places()
        orgs = connected(store, count)
        calls = bodies_of(salesforce, *orgs[0])
        checks = OrgChecks(store, salesforce, lambda: datetime.now(UTC), lambda: ARTICLE, places.begin)
        bench = Bench(checks, store, port, ca, count, calls, here)
        hanging(bench, healthy(bench, rounds))
        here.send(None)
        places.close()
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
