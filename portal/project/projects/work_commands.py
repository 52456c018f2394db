"""What every command on a project's file asks first: a writer, a project that goes on, a day."""

import re
from datetime import date
from typing import Any

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_future_date_problem
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import Numbered, Project, ProjectState

# Of no interest to someone who reads what a save changed.
UNTRACKED_COLUMNS = frozenset(
    {"id", "created_at", "project_id", "number", "discussion_id", "name_fold"}
)

_SHA256 = re.compile("[0-9a-f]{64}")


def team_only_message() -> str:
    """Who may, told to whoever reads the project and is not on its team."""
    return _("Seule l’équipe du projet peut le faire. Rien n’a été changé.")


def require_writer(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` for whoever does not write in this team's name."""
    require(policy.is_on_team(actor, project), team_only_message())


def advisors_only_message() -> str:
    """The same for what its coaches do."""
    return _("Seuls les coachs du projet et la direction du programme peuvent le faire.")


def require_advisor(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` for whoever neither coaches the project nor leads its programme."""
    require(policy.can_advise(actor, project), advisors_only_message())


def require_work(actor: Actor, project: Project) -> None:
    """The same, and raise `TooLate`, with why, once the project does not go on."""
    require_writer(actor, project)
    require_under_way(project)
    require(policy.can_work(actor, project))


def require_under_way(project: Project) -> None:
    """Raise `TooLate`, with the page that says why, once the project does not go on."""
    if project.state is not ProjectState.ACTIVE:
        sentence = _("Ce projet n’est pas en cours : son équipe n’y écrit plus.")
        raise TooLate(sentence, f"/projects/{project.slug}")


def require_past(field: str, day: date) -> None:
    """A fact has happened. Raises `RuleBroken` on the field."""
    if fault := find_future_date_problem(day):
        raise RuleBroken(field, fault)


def require_sha256(field: str, digest: str) -> None:
    """Raises `RuleBroken` on the field for what no program gives as a fingerprint."""
    if not _SHA256.fullmatch(digest):
        raise RuleBroken(field, _("Une empreinte SHA-256 a 64 chiffres et lettres de a à f."))


def apply_values(
    row: Numbered, values: dict[str, Any], version: int | None = None, *, unsaid: str = ""
) -> audit.Changes:
    """Change a row that was read at `version`; what changed, but the text of `unsaid`."""
    if version is not None:
        check_version(row, version)
    for name, value in values.items():
        setattr(row, name, value)
    changes = dict(audit.changes_of(row, leave_out=UNTRACKED_COLUMNS))
    if unsaid in changes:
        changes[unsaid] = (None, None)
    return changes


def record_change(
    actor: Actor, action: audit.Action, row: Numbered, changes: audit.Changes, **facts: Any
) -> None:
    """A line of the trail, in the project's scope."""
    line_facts = {"number": row.number, **facts}
    audit.record(actor, action, row, scope_id=row.project_id, facts=line_facts, changes=changes)
