"""pg_dump and its kin for the tests' PostgreSQL."""

import os
import shutil
from pathlib import Path

from tests.support import postgresql

HOW_TO = "install a pg_dump as new as the server of TEST_DATABASE_URL, then run the tests again"


def find() -> Path | None:
    """The folder of programs as new as the server: the embedded one's own, else the path's."""
    if os.environ.get("TEST_DATABASE_URL"):
        found = shutil.which("pg_dump")
        return Path(found).parent if found else None
    try:
        return postgresql.binaries()
    except RuntimeError:
        return None
