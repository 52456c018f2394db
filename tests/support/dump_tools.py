"""Find pg_dump and related tools for the tests' PostgreSQL."""

import os
import shutil
from pathlib import Path

from tests.support import postgresql

HOW_TO = "install a pg_dump as new as the server of TEST_DATABASE_URL, then run the tests again"


def find() -> Path | None:
    """Return the folder of tools as new as the server: the embedded ones, else those on PATH."""
    if os.environ.get("TEST_DATABASE_URL"):
        found = shutil.which("pg_dump")
        return Path(found).parent if found else None
    try:
        return postgresql.binaries()
    except RuntimeError:
        return None
