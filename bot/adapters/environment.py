"""Which names the environment and the ``.env`` file give, at a glance: reading the settings takes far longer."""

from __future__ import annotations

import os
from pathlib import Path


def given_names(env_file: str) -> set[str]:
    """All of them, in capitals."""
    names = {name.upper() for name in os.environ}
    if Path(env_file).is_file():
        from dotenv import dotenv_values

        names |= {name.upper() for name in dotenv_values(env_file)}
    return names


def is_emptied(name: str, env_file: str) -> bool:
    """Whether a name is given, and as nothing; the environment goes before the file."""
    if name in os.environ:
        return not os.environ[name].strip()
    if not Path(env_file).is_file():
        return False
    from dotenv import dotenv_values

    return dotenv_values(env_file).get(name) == ""
