"""Commands on findings: note, change, rate, create a backlog item."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    require_person_on_team,
    require_team_may_write,
)
from portal.sprints.backlog.commands import add_item_from_row, take_back_item
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, ItemKind
from portal.sprints.backlog.move_commands import move_items
from portal.sprints.backlog.queries import list_open_iterations
from portal.user_tests.findings import policy, queries
from portal.user_tests.findings.closing_commands import (
    close_or_reopen_by_last_retest,
    lock_project_findings,
    record_finding_change,
)
from portal.user_tests.findings.models import SEVERE, Finding, FindingClosingKind, FindingTask, Sighting
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession

NOTED = audit.Action("finding.noted", _l("a noté le constat %(number)s d’un test"))
CHANGED = audit.Action("finding.changed", _l("a modifié le constat %(number)s"))
RATED = audit.Action("finding.rated", _l("a évalué la gravité du constat %(number)s"))
PLANNED = audit.Action("finding.planned", _l("a mis le constat %(number)s au carnet"))


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    """Values of a finding. `severity` None: not rated yet; `owner_id` None: no owner yet."""

    what: str
    detail: str = ""
    severity: int | None = None
    is_harm: bool = False
    owner_id: UUID | None = None


def note_finding(
    actor: Actor,
    project: Project,
    round_: TestRound,
    facts: FindingFacts,
    *,
    tasks: Sequence[TestTask] = (),
    sessions: Sequence[TestSession] = (),
    knowingly: bool = False,
) -> Finding:
    """Create a finding, with sightings by the actor in these tasks and sessions of the round.

    Raises `RuleBroken` on `owner` for somebody outside the team, and on `knowingly` for text that
    looks like personal data until the actor confirms it.
    """
    require_team_may_write(actor, project)
    require_anonymous(facts.what, facts.detail, knowingly=knowingly)
    number = next_row_number(Finding, project)
    require_person_on_team("owner", project, facts.owner_id)
    values = asdict(facts) | {"round_id": round_.id}
    finding = create_row(Finding, project, number=number, **values)
    changes: audit.Changes = {**apply_values(finding, {}), "round": (None, round_.number)}
    flush_session()
    for task in tasks:
        db.session.add(FindingTask(finding_id=finding.id, task_id=task.id))
    for session in sessions:
        sighting_ids = {"session_id": session.id, "observer_id": actor.person_id}
        db.session.add(Sighting(finding_id=finding.id, **sighting_ids))
    record_finding_change(actor, NOTED, project, finding, changes)
    return finding


def change_finding(
    actor: Actor,
    project: Project,
    finding: Finding,
    facts: FindingFacts,
    expected_version: int,
    *,
    knowingly: bool = False,
) -> None:
    """Change the values of a finding. Raises as `note_finding`, `RuleBroken` on `severity` for what
    the closing forbids, and `Conflict`."""
    _lock_finding_to_change(actor, project, finding, expected_version)
    require_anonymous(facts.what, facts.detail, knowingly=knowingly)
    if facts.owner_id != finding.owner_id:
        require_person_on_team("owner", project, facts.owner_id)
    _require_severity_allowed_by_closing(finding, facts.severity)
    _set_values_and_record_change(actor, CHANGED, project, finding, asdict(facts))


def rate_finding(
    actor: Actor, project: Project, finding: Finding, severity: int | None, expected_version: int
) -> None:
    """Set the severity. Raises `RuleBroken` on `severity` for what the closing forbids;
    `Conflict`."""
    _lock_finding_to_change(actor, project, finding, expected_version)
    _require_severity_allowed_by_closing(finding, severity)
    _set_values_and_record_change(actor, RATED, project, finding, {"severity": severity})


def create_backlog_item(actor: Actor, project: Project, finding: Finding) -> Item:
    """Create the backlog item of a finding and return it; the existing one, if there is any.

    Raises `TooLate` for a finding that is closed.
    """
    require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    existing_item = queries.find_item_of_finding(finding)
    if existing_item is not None:
        return existing_item
    if not policy.can_make_item(actor, project, finding):
        raise TooLate(_("Ce constat est clos : rouvrez-le d’abord."))
    texts = {"title": finding.what, "description": finding.detail}
    item = add_item_from_row(actor, project, finding, ItemKind.TEST_FINDING, **texts)
    record_finding_change(actor, PLANNED, project, finding, {"item": (None, item.number)})
    return item


def put_finding_in_sprint(actor: Actor, project: Project, finding: Finding) -> Item:
    """Put the correction of a finding into the sprint in progress: its item, which is made or taken
    back where need be. Raises as `create_backlog_item` does, and `RuleBroken` without such a sprint."""
    item = create_backlog_item(actor, project, finding)
    iteration = next(iter(list_open_iterations(project)), None)
    if iteration is None or not iteration.is_active:
        raise RuleBroken(None, _("Aucun sprint n’est en cours."))
    if not item.is_open:
        take_back_item(actor, project, ItemAtVersion(item, item.version))
    move_items(actor, project, [ItemAtVersion(item, item.version)], iteration)
    return item


def _lock_finding_to_change(actor: Actor, project: Project, finding: Finding, expected_version: int) -> None:
    require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    if not policy.can_change(actor, project, finding):
        raise TooLate(_("Il est réuni à un autre constat : c’est là qu’il se modifie."))
    check_version(finding, expected_version)


def _set_values_and_record_change(
    actor: Actor, action: audit.Action, project: Project, finding: Finding, values: dict[str, Any]
) -> None:
    """Set values and record what changed; one that is rated at last may be closed by its retest."""
    was_rated = finding.severity is not None
    if changes := apply_values(finding, values):
        record_finding_change(actor, action, project, finding, changes)
        if not was_rated:
            close_or_reopen_by_last_retest(actor, project, finding)


def _require_severity_allowed_by_closing(finding: Finding, severity: int | None) -> None:
    """Refuse a severity with which the finding could not have been closed as it was."""
    if finding.closed_at is None or severity == finding.severity:
        return
    if severity is None:
        raise RuleBroken("severity", _("Un constat clos reste évalué : rouvrez-le d’abord."))
    is_raised = severity > (finding.severity or 0) and finding.closing is FindingClosingKind.ACCEPTED
    if is_raised or (severity >= SEVERE and finding.closing is FindingClosingKind.SETTLED):
        raise RuleBroken("severity", _("Il a été clos comme moins grave : rouvrez-le d’abord."))
