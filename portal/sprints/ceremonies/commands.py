"""Commands on demonstrations and retrospectives. Policy first, then rules, act and audit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from portal.collaboration.discussions.commands import create_discussion
from portal.collaboration.discussions.queries import has_comments
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path, row_path_by_number
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    require_not_future,
    require_team_may_write,
)
from portal.sprints.ceremonies import policy, queries
from portal.sprints.ceremonies.models import ATTENDEES, PEOPLE_MAX, Demonstration, Retrospective
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint

DEMONSTRATION_NOTED = audit.Action("demonstration.noted", _l("a noté une démonstration du sprint %(number)s"))
DEMONSTRATION_CHANGED = audit.Action(
    "demonstration.changed", _l("a modifié une démonstration du sprint %(number)s")
)
DEMONSTRATION_DELETED = audit.Action(
    "demonstration.deleted",
    _l("a supprimé une démonstration du sprint %(number)s, notée par erreur le jour même"),
    ends=True,
)
RETROSPECTIVE_NOTED = audit.Action("retrospective.noted", _l("a noté la rétrospective du sprint %(number)s"))
RETROSPECTIVE_CHANGED = audit.Action(
    "retrospective.changed", _l("a modifié la rétrospective du sprint %(number)s")
)

DAYS_AFTER_SPRINT_MAX = 30  # how late a demonstration or retrospective may be held

_TEXTS = ("feedback", "decisions")


@dataclass(frozen=True, kw_only=True)
class DemonstrationFacts:
    """What was shown to whom. `attendee_counts`: people by name of `ATTENDEES`, 0 by default."""

    held_on: date
    version: PrototypeVersion | None
    attendee_counts: Mapping[str, int]
    feedback: str
    decisions: str


@dataclass(frozen=True, kw_only=True)
class RetrospectiveFacts:
    """What went well and what did not; at least one must be filled."""

    held_on: date
    went_well: str
    went_badly: str


def require_begun_sprint(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` while the sprint has not started."""
    require_team_may_write(actor, project)
    if not policy.can_note_ceremony(actor, project, sprint):
        raise TooLate(_("Ce sprint n’a pas commencé : il n’a encore rien à montrer."))


def find_ceremony_deadline(sprint: Sprint) -> date:
    """The last day on which a ceremony of this sprint may be held."""
    closed = clock.day_of(sprint.closed_at) if sprint.closed_at else clock.today()
    return max(sprint.ends_on, closed) + timedelta(days=DAYS_AFTER_SPRINT_MAX)


def note_demonstration(
    actor: Actor, project: Project, sprint: Sprint, facts: DemonstrationFacts
) -> Demonstration:
    """Raises `NotAllowed`, `TooLate`, and `RuleBroken` on `held_on`, `prototype` or an attendee."""
    require_begun_sprint(actor, project, sprint)
    _check_demonstration(sprint, facts)
    values = _build_column_values(facts)
    demonstration = create_row(Demonstration, project, sprint_id=sprint.id, **values)
    changes = dict(apply_values(demonstration, {}))
    changes["shown"] = (None, facts.version and facts.version.number)
    page = row_path(project, demonstration)
    _record_ceremony_change(actor, DEMONSTRATION_NOTED, demonstration, sprint, changes, path=page)
    return demonstration


def change_demonstration(
    actor: Actor,
    project: Project,
    detail: queries.DemonstrationWithSprint,
    facts: DemonstrationFacts,
    expected_version: int,
) -> None:
    """Raises as `note_demonstration` does, and `Conflict` for a stale version."""
    row, sprint = detail.demonstration, detail.sprint
    require_begun_sprint(actor, project, sprint)
    check_version(row, expected_version)
    _check_demonstration(sprint, facts)
    changes = dict(apply_values(row, _build_column_values(facts)))
    version = facts.version.number if facts.version else None
    if version != detail.version:
        changes["shown"] = (detail.version, version)
    if changes:
        page = row_path(project, row)
        _record_ceremony_change(actor, DEMONSTRATION_CHANGED, row, sprint, changes, path=page)


def require_may_delete_demonstration(
    actor: Actor, project: Project, detail: queries.DemonstrationWithSprint
) -> None:
    """Raise `NotAllowed`, or `TooLate` after the day on which the demonstration was noted."""
    require_team_may_write(actor, project)
    if not policy.can_delete_demonstration(actor, project, detail.demonstration):
        raise TooLate(
            _(
                "Une démonstration ne se supprime que le jour où elle a été notée : c’est ensuite"
                " une preuve datée. Corrigez-la avec « Modifier »."
            )
        )


def delete_demonstration(actor: Actor, project: Project, detail: queries.DemonstrationWithSprint) -> None:
    """Delete a demonstration noted by mistake; the audit trail keeps its values.

    Raises as `require_may_delete_demonstration` does, and `RuleBroken` when it has comments or files.
    """
    require_may_delete_demonstration(actor, project, detail)
    row = detail.demonstration
    if has_comments(row.discussion_id):
        raise RuleBroken(None, _("Des messages s’y rattachent : modifiez-la plutôt."))
    if has_files(Demonstration.__tablename__, row.id):
        raise RuleBroken(None, _("Des fichiers y sont joints : supprimez-les d’abord."))
    audited_fields = {"held_on", *_TEXTS, *ATTENDEES}
    changes = {name: (value, None) for name in sorted(audited_fields) if (value := getattr(row, name))}
    page = f"/projects/{project.slug}/demonstrations"
    _record_ceremony_change(actor, DEMONSTRATION_DELETED, row, detail.sprint, changes, path=page)
    db.session.delete(row)


def _build_column_values(facts: DemonstrationFacts) -> dict[str, Any]:
    return {
        "held_on": facts.held_on,
        "prototype_version_id": facts.version.id if facts.version else None,
        "feedback": facts.feedback,
        "decisions": facts.decisions,
    } | {name: facts.attendee_counts.get(name, 0) for name in ATTENDEES}


def _check_demonstration(sprint: Sprint, facts: DemonstrationFacts) -> None:
    _check_ceremony_day(sprint, facts.held_on)
    for name, people in facts.attendee_counts.items():
        if not 0 <= people <= PEOPLE_MAX:
            raise RuleBroken(name, _("Donnez un nombre entre 0 et %(n)s.", n=PEOPLE_MAX))
    if not sum(facts.attendee_counts.values()):
        raise RuleBroken(ATTENDEES[0], _("Comptez au moins une personne, de l’équipe ou non."))
    version = facts.version
    if version is None:
        return
    if version.project_id != sprint.project_id:
        raise RuleBroken("prototype", _("Cette version n’est pas de ce projet."))
    if version.released_on > facts.held_on:
        sentence = _("La version %(n)s est sortie après ce jour.", n=version.number)
        raise RuleBroken("prototype", sentence)


def _check_ceremony_day(sprint: Sprint, day: date) -> None:
    require_not_future("held_on", day)
    if day < min(sprint.starts_on, clock.day_of(sprint.started_at or clock.now())):
        raise RuleBroken("held_on", _("Le sprint n’avait pas encore commencé ce jour-là."))
    if day > find_ceremony_deadline(sprint):
        sentence = _("C’est plus de %(n)s jours après la fin du sprint.", n=DAYS_AFTER_SPRINT_MAX)
        raise RuleBroken("held_on", sentence)


def write_retrospective(
    actor: Actor, project: Project, sprint: Sprint, facts: RetrospectiveFacts, expected_version: int
) -> Retrospective:
    """Create or change the retrospective of a sprint.

    `expected_version` is the version that was read, 0 where there was none. Sending the same new
    text twice creates one retrospective. Raises `NotAllowed`, `TooLate`, `RuleBroken` on `held_on`
    or `went_well`, and `Conflict` for a stale version.
    """
    require_begun_sprint(actor, project, sprint)
    lock_row(Project, project.id)
    _check_ceremony_day(sprint, facts.held_on)
    if not facts.went_well and not facts.went_badly:
        raise RuleBroken("went_well", _("Écrivez ce qui a marché, ou ce qui n’a pas marché."))
    retrospective = queries.find_retrospective(actor, project, sprint)
    page = row_path_by_number(project, Retrospective, sprint.number)
    if retrospective is None:
        return _create_retrospective(actor, project, sprint, facts, page)
    if not expected_version:
        if asdict(facts) != {name: getattr(retrospective, name) for name in asdict(facts)}:
            raise Conflict
        return retrospective
    check_version(retrospective, expected_version)
    for name, value in asdict(facts).items():
        setattr(retrospective, name, value)
    changes = audit.changes_of(retrospective)
    if changes:
        _record_ceremony_change(actor, RETROSPECTIVE_CHANGED, retrospective, sprint, changes, path=page)
    return retrospective


def _create_retrospective(
    actor: Actor, project: Project, sprint: Sprint, facts: RetrospectiveFacts, page: str
) -> Retrospective:
    retrospective = Retrospective(
        project_id=project.id,
        sprint_id=sprint.id,
        discussion_id=create_discussion(project.id, page=page).id,
        **asdict(facts),
    )
    db.session.add(retrospective)
    flush_session()
    changes = {name: (None, value) for name, value in asdict(facts).items() if value}
    _record_ceremony_change(actor, RETROSPECTIVE_NOTED, retrospective, sprint, changes, path=page)
    return retrospective


def _record_ceremony_change(
    actor: Actor,
    action: audit.Action,
    row: Demonstration | Retrospective,
    sprint: Sprint,
    changes: audit.Changes,
    *,
    path: str,
) -> None:
    facts = {"number": sprint.number, "path": path}
    audit.record(actor, action, row, scope_id=sprint.project_id, facts=facts, changes=changes)
