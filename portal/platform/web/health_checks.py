"""Health checks for monitoring: /health/live and /health/ready."""

import shutil
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.platform.kernel.database import db
from portal.platform.kernel.durability import NotDurable, find_faults
from portal.platform.kernel.environment import MEGABYTE
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.version import version
from portal.platform.web.assets import ROOT

FREE_DISK_MIN = 100 * MEGABYTE  # bytes

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> ResponseReturnValue:
    """The process answers. Does not use the database."""
    return {"status": "live"}


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """The database answers, is durable, at the head migration and has disk space; else 503."""
    fault = find_database_fault() or find_disk_fault()
    if fault:
        db.session.rollback()
        return {"status": "unready", "why": fault, "version": version()}, 503
    return {"status": "ready", "version": version()}


def find_database_fault() -> str:
    """What is wrong with the database, as a sentence for operators; "" for nothing."""
    try:
        revision = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except sa.exc.ProgrammingError:
        revision = None
    except sa.exc.SQLAlchemyError as error:
        if isinstance(error, sa.exc.DBAPIError) and isinstance(error.orig, NotDurable):
            return str(error.orig)
        if "no such table" not in str(error):
            return "The database does not answer."
        revision = None
    if revision != _head_migration():
        return "The database is not at this version: run flask db upgrade."
    return " ".join(find_faults(db.session.connection()))


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


@cache
def _head_migration() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
