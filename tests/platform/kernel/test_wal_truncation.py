"""Truncation of SQLite's write-ahead log after deletions, without waiting for readers."""

from pathlib import Path

from portal.platform.kernel import clock, wal_truncation
from portal.platform.kernel.database import db
from tests.support import factories as make


def test_the_log_is_cut_after_the_commit_unless_somebody_reads_it(app):
    is_sqlite = db.engine.dialect.name == "sqlite"
    log = Path(f"{db.engine.url.database}-wal")
    make.project()
    with db.engine.connect().execution_options(only_reads=True) as reader:
        reader.exec_driver_sql("SELECT count(*) FROM person")
        make.programme()
        wal_truncation.truncate_wal_after_commit()
        db.session.commit()  # kept, whoever reads
        assert not is_sqlite or log.stat().st_size
    assert wal_truncation.truncate_leftover_wal() == int(is_sqlite)  # in the worker's next round
    assert not is_sqlite or not log.stat().st_size
    assert wal_truncation.truncate_leftover_wal() == 0
    assert wal_truncation.truncate_wal_now(clock.now()) == 1
