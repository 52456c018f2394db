"""How a part of the evidence is asked for: by statements made once, of one project."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam

from portal.project.projects.models import Project

EvidenceFields = dict[str, Any]  # fields of `Evidence`
PROJECT_PARAMETER: BindParameter[UUID] = bindparam("project")


def bind_project(project: Project) -> dict[str, UUID]:
    """What fills such a statement."""
    return {"project": project.id}


def make_token(*values: object) -> str:
    """The same for the same values; nothing can be read from it."""
    return sha256(repr(values).encode()).hexdigest()[:16]
