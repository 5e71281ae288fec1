"""How a program that was told to go is gone in time, whatever hangs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

GONE_WITHIN = 8.5
"""Seconds after which the bot is gone whatever hangs; containers are killed ten after they are told to stop."""

ENDINGS = (signal.SIGTERM, signal.SIGINT)


def leave_in_time(told: Callable[[], object]) -> None:
    """Begin to wait for ``told`` to come back; some seconds after that this process is gone, closed or not."""

    def wait() -> None:
        import structlog

        told()
        time.sleep(GONE_WITHIN)
        structlog.get_logger("assistant").warning("gone before all was closed")
        os._exit(0)

    threading.Thread(target=wait, name="told-to-go", daemon=True).start()
