"""The portal's version."""

import tomllib
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@cache
def version() -> str:
    """The version in `pyproject.toml`, the only place where it is written."""
    with PROJECT.open("rb") as file:
        number: str = tomllib.load(file)["project"]["version"]
    return number
