"""Shared parts of commands on a project: permission and state checks, and writing numbered rows.

The kit for numbered rows: declare `page_path` on the model (`models.Numbered`), then `create_row`,
`lock_fresh`, `save_change` or `apply_values` and `record_change` here; reading is in
`numbered_queries`, pages and breadcrumbs in `workspace_views`, paths in `path_rules`.
"""

import re
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.discussions.commands import create_discussion
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_due_date_problem, find_future_date_problem
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import Numbered, Project, ProjectState
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import HasPage, project_path, row_path, row_path_by_number
from portal.project.projects.queries import map_team_names_by_person
from portal.project.projects.state_rules import require_active

# Columns left out of recorded changes: they mean nothing to a reader of the history.
UNTRACKED_COLUMNS = frozenset({"id", "created_at", "project_id", "number", "discussion_id", "name_fold"})

_SHA256 = re.compile("[0-9a-f]{64}")

Row = TypeVar("Row", bound=Numbered)


def team_only_message() -> str:
    """Return the refusal shown to a reader of the project who is not on its team."""
    return _("Seule l’équipe du projet peut le faire. Rien n’a été changé.")


def require_team_member(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor is on the team."""
    require(policy.is_on_team(actor, project), team_only_message())


def advisors_only_message() -> str:
    """Return the refusal shown to whoever neither coaches the project nor leads its programme."""
    return _("Seuls les coachs du projet et la direction du programme peuvent le faire.")


def require_advisor(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor coaches the project or leads its programme."""
    require(policy.can_advise(actor, project), advisors_only_message())


def require_team_may_write(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor is on the team, `TooLate` unless it may write now."""
    require_team_member(actor, project)
    require_project_active(project)
    require(policy.can_write_team_work(actor, project))


def require_project_active(project: Project) -> None:
    """Raise `TooLate`, with a link to the project's page, unless the project is active."""
    if project.state is not ProjectState.ACTIVE:
        sentence = _("Ce projet n’est pas en cours : son équipe n’y écrit plus.")
        raise TooLate(sentence, project_path(project))


def require_can_edit_project(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` or `TooLate` unless the actor may edit the project's own file."""
    require(policy.may_edit_in_some_state(actor, project))
    if not policy.can_edit(actor, project):
        require_active(project)


def require_can_invite(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` or `TooLate` unless the actor may invite people into the team."""
    require(policy.can_withdraw_invitation(actor, project))
    require_active(project)


def require_can_set_time_share(actor: Actor, project: Project, assignment: RoleAssignment) -> None:
    """Raise `NotAllowed` or `TooLate` unless the actor may set a member's share of time."""
    require(policy.may_set_share_in_some_state(actor, project, assignment))
    if not policy.can_set_time_share(actor, project, assignment):
        require_active(project)


def require_not_future(field: str, day: date) -> None:
    """Raise `RuleBroken` on the field for a day in the future."""
    if fault := find_future_date_problem(day):
        raise RuleBroken(field, fault)


def require_person_on_team(field: str, project: Project, person_id: UUID | None) -> None:
    """Raise `RuleBroken` on the field for a person, if any, who is not on the project's team."""
    if person_id is not None and person_id not in map_team_names_by_person(project):
        raise RuleBroken(field, _("Cette personne n’est pas dans l’équipe."))


def require_valid_due_date(field: str, day: date | None) -> None:
    """Raise `RuleBroken` on the field for a due date in the past or too far ahead."""
    if fault := find_due_date_problem(day):
        raise RuleBroken(field, fault)


def require_sha256(field: str, digest: str) -> None:
    """Raise `RuleBroken` on the field unless the text is a SHA-256 digest in lower-case hex."""
    if not _SHA256.fullmatch(digest):
        raise RuleBroken(field, _("Une empreinte SHA-256 a 64 chiffres et lettres de a à f."))


def create_row(model: type[Row], project: Project, **values: Any) -> Row:
    """Add a row with a number, and a discussion of its own if the model has a column for it.

    `number` is among the values where `next_row_number` was asked for it before a check, else it is
    the next one. Locks the project until the end of the transaction; the row is not flushed. Raises
    `RuleBroken` at the limit of rows per project.
    """
    number = values.pop("number", None) or next_row_number(model, project)
    if hasattr(model, "discussion_id"):
        values["discussion_id"] = create_page_discussion(project, model, number)
    row = model(project_id=project.id, number=number, **values)
    db.session.add(row)
    return row


def create_page_discussion(project: Project, model: type[HasPage], number: int) -> UUID:
    """Create the discussion shown on a row's page and return its id."""
    return create_discussion(project.id, page=row_path_by_number(project, model, number)).id


def lock_fresh(row: Numbered, version: int | None = None) -> None:
    """Lock a row until the end of the transaction and reload it.

    Raises `AlreadyDeleted` where somebody deleted it meanwhile, `Conflict` unless the reloaded row is at
    `version`.
    """
    lock_row(type(row), row.id)
    reload_row(row)
    if version is not None:
        check_version(row, version)


def apply_values(
    row: Numbered, values: dict[str, Any], version: int | None = None, *, unsaid: str = ""
) -> audit.Changes:
    """Set values on a row and return field → (before, after) of what changed.

    The text of the field `unsaid` is left out of the result, but not that it changed. Raises
    `Conflict` unless the row is at `version`.
    """
    if version is not None:
        check_version(row, version)
    for name, value in values.items():
        setattr(row, name, value)
    changes = changes_of_row(row)
    return changes | {unsaid: (None, None)} if unsaid in changes else changes


def changes_of_row(row: Numbered) -> dict[str, tuple[Any, Any]]:
    """Return field → (before, after) of what changed, or was set on a new row, for the trail."""
    changes = audit.changes_of(row, leave_out=UNTRACKED_COLUMNS | row.unrecorded)
    return {name: (None, None) if name in row.unquoted else change for name, change in changes.items()}


def save_change(
    actor: Actor,
    action: audit.Action,
    row: Numbered,
    values: dict[str, Any],
    version: int | None = None,
    *,
    unsaid: str = "",
    project: Project | None = None,
    **facts: Any,
) -> None:
    """Set values as `apply_values` does and, if something changed, record it."""
    if changes := apply_values(row, values, version, unsaid=unsaid):
        record_change(actor, action, row, changes, project=project, **facts)


def record_change(
    actor: Actor | None,
    action: audit.Action,
    row: Numbered,
    changes: audit.Changes | None = None,
    *,
    project: Project | None = None,
    **facts: Any,
) -> None:
    """Append an audit event in the project's scope with the row's number among its facts.

    `project` adds the `path` of the row's page, to which feeds and notifications link.
    """
    page = {"path": row_path(project, row)} if project is not None else {}
    event_facts = {"number": row.number, **page, **facts}
    audit.record(actor, action, row, scope_id=row.project_id, facts=event_facts, changes=changes)


def find_or_create_only_row(model: Any, project: Project, expected_version: int) -> Any:
    """Return the only row of a model that a project has, added to the session where there is none.

    Locks the project. `expected_version` is the version that was read, 0 where there was no row.
    Raises `Conflict` if it is another one.
    """
    lock_row(Project, project.id)
    row = db.session.scalar(sa.select(model).where(model.project_id == project.id))
    if row is None:
        if expected_version:
            raise Conflict
        row = model(project_id=project.id)
        db.session.add(row)
    else:
        check_version(row, expected_version)
    return row
