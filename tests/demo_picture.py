"""Draws README's picture: the demo's page, in a browser, with an error that was pasted and its answer.

    python -m tests.demo_picture

It takes the extra ``browser`` and a Chromium.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from pathlib import Path

from bot.adapters.environment import reach_loopback_directly
from bot.sandbox.client.server import Client
from bot.sandbox.client.tour import ERROR
from bot.wiring.demo_page import DemoStage
from tests.pictures import BROWSERS

PICTURE = Path(__file__).resolve().parents[1] / "bot" / "sandbox" / "demo.webp"
SIZE = {"width": 1120, "height": 640}

SMALLER = """
async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", 0.8);
}
"""
"""What a browser can do: the same picture in a third of the bytes."""


def main() -> int:
    """Write the picture."""
    from playwright.sync_api import sync_playwright

    reach_loopback_directly()
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with (
        tempfile.TemporaryDirectory() as folder,
        DemoStage(Path(folder)) as stage,
        Client(stage) as client,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(client.url)
        page.get_by_role("button", name="Skip the tour").click()
        page.get_by_role("combobox", name="Message").fill(ERROR)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="1 reply").click()
        page.locator("aside .line").last.get_by_text("Check emea-prod now").wait_for()
        page.mouse.move(1, 1)
        shot = base64.b64encode(page.screenshot(animations="disabled")).decode()
        PICTURE.write_bytes(base64.b64decode(page.evaluate(SMALLER, shot).partition(",")[2]))
        browser.close()
    sys.stdout.write(f"{PICTURE}: {PICTURE.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
