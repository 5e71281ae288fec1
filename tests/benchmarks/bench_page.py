"""The demo's page, as a newcomer meets it: how soon it is there, how soon an answer shows, how much memory it takes.

    python -m tests.benchmarks.bench_page

It takes the extra ``browser`` and a Chromium. An answer is timed in the browser, from Enter to when it is seen there;
the first of each kind, for which orgs are logged in to, is left out. Exit code 1: an aim is missed.
"""

from __future__ import annotations

import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from bot.adapters.environment import reach_loopback_directly
from tests.browser.driving import barriers
from tests.paths import ROOT
from tests.pictures import BROWSERS

ROUNDS = 15
FIRST_PAGE, ANSWER, MEMORY, WEIGHT = 2.0, 300.0, 200.0, 300.0  # s, ms, MB, kB
TYPED = {
    "a command": ("/flosum help", "I help Salesforce orgs"),
    "an org that is read": ("/flosum status prod", "prod is ready"),
    "a paste": ("prod: OAUTH_APP_BLOCKED", "1 reply"),
}

WATCH = """
([words, count]) => new Promise((resolve) => {
  const log = document.getElementById("messages");
  const seen = () => [...log.children].filter((line) => line.innerText.includes(words)).length > count;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const begun = performance.now();
    const done = () => seen() && (watcher.disconnect(), resolve(performance.now() - begun));
    const watcher = new MutationObserver(done);
    watcher.observe(log, { childList: true, subtree: true, characterData: true });
  }, { once: true, capture: true });
})
"""


def answered(page: Any, typed: str, words: str) -> float:
    """Milliseconds from Enter to the answer."""
    count = page.locator("#messages > *", has_text=words).count()
    page.fill("#line", typed)
    page.evaluate("(asked) => { window.answered = (" + WATCH + ")(asked) }", [words, count])
    page.keyboard.press("Enter")
    return float(page.evaluate("window.answered"))


def memory(process: int) -> float:
    """Megabytes that a process holds at the most."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1000


def told(name: str, value: float, unit: str, aim: float) -> bool:
    """Print a figure with its aim; whether it is missed."""
    sys.stdout.write(f"{name:<44} {value:8.1f} {unit:<3} (aim: below {aim:g})\n")
    return value >= aim


def main() -> int:
    """Print what was measured; 1 if an aim is missed."""
    from playwright.sync_api import sync_playwright

    reach_loopback_directly()
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "demo"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = next(line for line in process.stdout if "http://" in line).split()[4]
        weight = sum(len(urllib.request.urlopen(url + path).read()) for path in ("", "page.css", "page.js")) / 1000
        missed = [told("first page, from the start of the program", time.monotonic() - begun, "s", FIRST_PAGE)]
        missed.append(told("weight of the page", weight, "kB", WEIGHT))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(url)
            page.get_by_role("button", name="Skip the tour").click()
            for name, (typed, words) in TYPED.items():
                times = [answered(page, typed, words) for _ in range(ROUNDS + 1)][1:]
                missed.append(told(f"{name}, median", statistics.median(times), "ms", ANSWER))
                sys.stdout.write(f"{'':<44} {max(times):8.1f} ms  at the most\n")
            sys.stdout.write(f"barriers found by axe-core: {len(barriers(page))}\n")
            browser.close()
        missed.append(told("memory of the demo, at the most", memory(process.pid), "MB", MEMORY))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
