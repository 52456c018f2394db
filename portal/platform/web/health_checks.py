"""Health checks for monitoring: /health/live, /health/started and /health/ready.

They answer whatever host name they are asked by: a probe knows the address of a machine, not the
portal's name.
"""

import shutil
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.platform.kernel.database import db
from portal.platform.kernel.durability import NotDurable, list_durability_faults
from portal.platform.kernel.environment import MEGABYTE
from portal.platform.kernel.migration_state import (
    count_migrations_ahead,
    find_schema_migration,
    find_schema_misfit,
    head_migration,
)
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.version import version

FREE_DISK_MIN = 100 * MEGABYTE  # bytes
NO_ANSWER = "The database does not answer."
_UNMIGRATED = "The database is not at this version: run flask db upgrade."

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> ResponseReturnValue:
    """The process answers. Touches nothing outside of it."""
    return {"status": "live"}


@bp.get("/started")
def started() -> ResponseReturnValue:
    """The database has all migrations of this version, or newer ones; until then 503."""
    try:
        schema = find_schema_migration()
    except sa.exc.SQLAlchemyError as error:
        return _answer_unready(_explain_database_fault(error))
    distance = count_migrations_ahead(schema)
    if distance is None or distance < 0:
        return _answer_unready(f"Waiting for migration {head_migration()}: run flask db upgrade.")
    return {"status": "started", "version": version()}


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """The database answers, is durable, serves this version, and has disk space; else 503.

    It serves a version that is one migration ahead of it, or behind it by as many as leave in place
    what the version uses.
    """
    schema, distance, fault = _read_database_state()
    fault = fault or find_disk_fault()
    if fault:
        return _answer_unready(fault)
    if distance:
        direction = "behind" if distance > 0 else "ahead"
        count = "one migration" if abs(distance) == 1 else f"{distance} migrations"
        why = f"This version knows migration {head_migration()}; the database is at {schema}."
        return {"status": f"serving, {count} {direction}", "why": why, "version": version()}
    return {"status": "ready", "version": version()}


def find_database_fault() -> str:
    """What is wrong with the database, as a sentence for operators; "" for nothing."""
    return _read_database_state()[2]


def _read_database_state() -> tuple[str | None, int, str]:
    """Its migration, how many it is behind (ahead: negative), and what is wrong with it."""
    try:
        schema = find_schema_migration()
        distance = count_migrations_ahead(schema)
        if distance is None or distance < -1:
            return schema, 0, _UNMIGRATED
        faults = list_durability_faults(db.session.connection())
        if distance > 0 and (misfit := find_schema_misfit(schema)):
            faults = [*faults, misfit]
        return schema, distance, " ".join(faults)
    except sa.exc.SQLAlchemyError as error:
        return None, 0, _explain_database_fault(error)


def _answer_unready(why: str) -> ResponseReturnValue:
    db.session.rollback()
    return {"status": "unready", "why": why, "version": version()}, 503


def _explain_database_fault(error: sa.exc.SQLAlchemyError) -> str:
    if isinstance(error, sa.exc.DBAPIError) and isinstance(error.orig, NotDurable):
        return str(error.orig)
    return NO_ANSWER


def find_disk_fault() -> str:
    """Free space of SQLite's disk; PostgreSQL's is monitored on its own machine."""
    settings = get_service(Settings)
    file = sa.make_url(settings.database_url).database
    if not settings.is_sqlite or not file:
        return ""
    free = shutil.disk_usage(Path(file).absolute().parent).free
    if free < FREE_DISK_MIN:
        return f"The disk is nearly full: {free // MEGABYTE} MB are left for the database."
    return ""
