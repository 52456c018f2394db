"""A copy that is restored on another machine, with a journal beside it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.platform.kernel.database import db


@contextmanager
def restored_copy(
    copies: Path, journal: Path, elsewhere: Path, make_elsewhere: Callable[[Path], Flask]
) -> Iterator[str]:
    """Restore the one copy of a folder in an empty place; gives what the command said."""
    elsewhere.mkdir()
    shutil.copy(journal, elsewhere)
    restored = make_elsewhere(elsewhere)
    (copy,) = copies.iterdir()
    with restored.app_context():
        done = restored.test_cli_runner().invoke(args=["backup", "restore", str(copy)])
        assert done.exit_code == 0, done.output
        yield done.output
        db.session.remove()
        db.engine.dispose()
