"""Draws pictures of what people see, situation by situation, as a phone or a desktop shows it; not committed.

    python -m tests.pictures FOLDER [--wide] [--dark] [WORDS of the situations' names]

Each picture holds many situations, in columns. It takes a Chromium (``apt-get install chromium``), or leaves the pages.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.sandbox.slack import page
from bot.sandbox.slack.markup import NameLookup
from bot.sandbox.slack.state import CHANNELS, PEOPLE
from tests import phone
from tests.seen import Situation
from tests.situations import found_anew

PHONE, DESKTOP = 390, 800
"""Pixels of a screen's width."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HIGHEST = 1500
_FRAME, _LINE = 110, 24  # pixels, roughly, of what stands around a situation and of a line of it
_SHEET = """
<style>
body {{ display: flex; gap: 24px; padding: 12px; align-items: flex-start }}
body > div {{ flex: none; width: {width}px }}
figure {{ margin: 0 0 16px; border: 1px solid var(--edge) }}
figcaption {{ padding: 2px 8px; background: var(--faint); font: 12px/18px monospace }}
{narrow}
</style>
"""


def names() -> NameLookup:
    """Ada's Slack."""
    people = {member.id: member.real_name for member in PEOPLE}
    channels = {channel.id: channel.name for channel in CHANNELS}
    return NameLookup(people, channels, ZoneInfo("Europe/Berlin"), datetime.now(UTC))


def drawn(one: Situation, known: NameLookup) -> Markup:
    """One situation below its name and figures."""
    figures = f"{one.name} · {phone.height(one.blocks)} lines"
    shown = page.view(one.view, known) if one.view else page.message({"blocks": one.blocks}, known)
    return Markup("<figure><figcaption>{}<br>{}</figcaption>{}</figure>").format(figures, one.text[:90], shown)


def sheets(found: Sequence[Situation], columns: int) -> Iterator[list[list[Situation]]]:
    """The situations in columns, and the columns in sheets; those of one kind together."""
    filled: list[list[Situation]] = [[]]
    room = HIGHEST
    for one in sorted(found, key=lambda one: one.kind):
        taken = min(_FRAME + _LINE * phone.height(one.blocks), HIGHEST)
        if taken > room:
            filled.append([])
            room = HIGHEST
        filled[-1].append(one)
        room -= taken
    yield from (filled[at : at + columns] for at in range(0, len(filled), columns))


def main() -> int:
    """Write the pages, and the pictures where there is a browser."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("folder", type=Path)
    given.add_argument("words", nargs="*")
    given.add_argument("--wide", action="store_true")
    given.add_argument("--dark", action="store_true")
    given.add_argument("--columns", type=int, default=4)
    args = given.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    width, known = DESKTOP if args.wide else PHONE, names()
    found = [one for one in found_anew() if all(word in one.name for word in args.words)]
    for number, columns in enumerate(sheets(found, args.columns)):
        target = args.folder / f"{number:02}-{columns[0][0].kind}.html"
        style = Markup(_SHEET).format(width=width, narrow=Markup("" if args.wide else _narrow()))  # noqa: S704 - our own
        shown = (Markup("<div>{}</div>").format(page.EMPTY.join(drawn(one, known) for one in each)) for each in columns)
        target.write_text(page.document(target.stem, [style, *shown], "dark" if args.dark else "light"), "utf-8")
        if browser:
            _picture(browser, target, (width + 24) * len(columns))
    sys.stdout.write(
        f"{args.folder}: {len(found)} situations{'' if browser else '; no browser for pictures of them'}\n"
    )
    return 0


def _narrow() -> str:
    """The page's rules for a phone, for a sheet that is wider than one."""
    rules = Path(page.__file__).with_name("page.css").read_text("utf-8")
    return rules.partition("@media (max-width: 480px) {")[2].rpartition("}")[0]


def _picture(browser: str, source: Path, width: int) -> None:
    size = f"--window-size={width},{HIGHEST}"
    picture = f"--screenshot={source.with_suffix('.png')}"
    quiet = ("--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu")
    subprocess.run([browser, *quiet, size, picture, source.resolve().as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
