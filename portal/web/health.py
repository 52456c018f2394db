"""For whoever watches the machine: is it alive, and can it serve?"""

from functools import cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.kernel.db import db
from portal.web.assets import ROOT

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> ResponseReturnValue:
    """The process answers. Touches no database."""
    return {"status": "live"}


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """The database answers and has the tables that this code expects; else 503 and a sentence."""
    try:
        at = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except sa.exc.ProgrammingError:
        at = None
    except sa.exc.SQLAlchemyError as error:
        missing = "no such table" in str(error)
        if not missing:
            db.session.rollback()
            return {"status": "unready", "why": "The database does not answer."}, 503
        at = None
    if at != _head():
        db.session.rollback()
        return {
            "status": "unready",
            "why": "The database is not at this version: run flask db upgrade.",
        }, 503
    return {"status": "ready"}


@cache
def _head() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
