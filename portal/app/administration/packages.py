"""Versions and licences of what the portal is made of, as they are installed."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.version import version
from portal.platform.web.assets import ROOT

VENDORED = ROOT / "static" / "vendor" / "VENDOR.md"  # what is brought with the portal, in a table
LICENCE_MAX = 60  # characters: some packages give the whole text


@dataclass(frozen=True)
class InstalledPackage:
    name: str
    version: str
    licence: str


def list_platform_versions() -> Sequence[tuple[str, str]]:
    """Name and version of the portal, of Python and of the database."""
    dialect = db.engine.dialect
    statement = "SELECT sqlite_version()" if dialect.name == "sqlite" else "SHOW server_version"
    number = db.session.scalar(sa.text(statement))
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return [
        ("Portail des lauréats", version()),
        ("Python", platform.python_version()),
        (names[dialect.name], str(number)),
    ]


@cache
def list_packages() -> Sequence[InstalledPackage]:
    """All installed packages by name, and the vendored ones."""
    installed = {
        each.metadata["Name"].lower(): InstalledPackage(
            each.metadata["Name"], each.version, find_licence(each)
        )
        for each in distributions()
        if each.metadata["Name"]
    }
    vendored = {package.name: package for package in parse_vendored_packages(VENDORED.read_text())}
    return [package for _name, package in sorted((installed | vendored).items())]


def parse_vendored_packages(text: str) -> Sequence[InstalledPackage]:
    """The packages of the first table of `VENDOR.md`."""
    table = text.partition("|---|---|---|\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [InstalledPackage(name, number, licence[:LICENCE_MAX]) for name, number, licence in rows]


def find_licence(distribution: Distribution) -> str:
    """The licence that a package declares: its expression, classifiers, or first line; "" for none."""
    metadata = distribution.metadata
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    declared = (
        _first_metadata_value(distribution, "License-Expression")
        or ", ".join(classifiers)
        or _first_metadata_value(distribution, "License")
    )
    return declared.strip().partition("\n")[0][:LICENCE_MAX]


def _first_metadata_value(distribution: Distribution, name: str) -> str:
    """The first value of a field of a package's metadata; "" for none."""
    return next(iter(distribution.metadata.get_all(name) or ()), "")
