"""Parameters of the statements that read evidence: built once, bound to one project."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam

from portal.project.projects.models import Project

EvidenceFields = dict[str, Any]  # fields of `Evidence`
PROJECT_PARAMETER: BindParameter[UUID] = bindparam("project")


def project_parameter_values(project: Project) -> dict[str, UUID]:
    """Return the values of `PROJECT_PARAMETER` for a statement."""
    return {"project": project.id}


def hash_values(*values: object) -> str:
    """Return a hash of the values (64 bits of SHA-256, hexadecimal), to compare them later."""
    return sha256(repr(values).encode()).hexdigest()[:16]
