"""Connections that outlast a check: the next one of the same org need not shake hands again."""

from __future__ import annotations

from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

_HOSTS = 512  # whose connections are kept; beyond that those used longest ago are closed
_IDLE_FOR_EACH_HOST = 16  # more than ever read one org at once; those that nobody uses take no room


class KeptConnections(HTTPAdapter):
    """The connections of all checks. Safe to share between threads; it stays open when a session that uses it ends."""

    def __init__(self) -> None:
        super().__init__(pool_connections=_HOSTS, pool_maxsize=_IDLE_FOR_EACH_HOST, max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send, and once more where a kept connection turns out to be closed: that says nothing of the org.

        What travels here only reads or logs in, so it does no harm twice.
        """
        pool: Any = self.get_connection_with_tls_context(request, verify, proxies, cert)
        opened = pool.num_connections
        try:
            return super().send(request, stream, timeout, verify, cert, proxies)
        except requests.ConnectionError as error:
            was_closed = any(isinstance(cause, urllib3.exceptions.ProtocolError) for cause in error.args)
            if pool.num_connections > opened or not was_closed:
                raise
        return super().send(request, stream, timeout, verify, cert, proxies)

    def close(self) -> None:
        """Nothing: a session that ends closes what it used, and this is not its own."""

    def close_all(self) -> None:
        """Close every connection."""
        super().close()
