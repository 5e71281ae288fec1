"""What the wheel takes along from beside the package. For the build alone, which pyproject.toml tells of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setuptools.command.build_py import build_py


class WithMigrationsAndManifest(build_py):  # type: ignore[misc]
    """In a checkout both lie beside ``app.py``, where people look for them; installed, in ``bot``: ``bot.shipped``."""

    def run(self) -> None:
        """Build, then copy them; an editable installation uses those of the checkout."""
        # A folder is built in where it lies, and what was removed since the last time would still be there.
        shutil.rmtree(Path(self.build_lib, "bot"), ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for path in neighbours():
                target = Path(self.build_lib, "bot", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                self.copy_file(str(path), str(target), preserve_mode=False)

    def get_source_files(self) -> list[str]:
        """What a source distribution needs to build the same."""
        return [*super().get_source_files(), *map(os.fspath, neighbours())]


def neighbours() -> list[Path]:
    """The files, from here."""
    return [Path("manifest.yml"), *sorted(Path("migrations").glob("**/*.py"))]
