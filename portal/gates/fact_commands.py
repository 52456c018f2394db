"""Noting what gates ask for and nothing else holds: the agreement and the key roles, what changes
for those who will work with the prototype, what a panel decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.framing.identifiers import find_identifiers
from portal.gates import policy, queries
from portal.gates.commands import require_living
from portal.gates.models import ChangePlan, Engagement, Outcome, Panel
from portal.kernel import audit
from portal.kernel.access import Actor, require
from portal.kernel.db import check_version, db, lock_row
from portal.kernel.errors import Conflict, RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.numbered import next_number
from portal.projects.queries import name_team
from portal.projects.teamwork import PLUMBING, require_past, require_work

ENGAGED = audit.Action("engagement.noted", _l("a noté l’engagement de l’équipe"))
PLANNED = audit.Action("change_plan.written", _l("a écrit le plan de changement"))
HELD = audit.Action("panel.held", _l("a noté la décision du jury de démonstration %(number)s"))
MENDED = audit.Action(
    "panel.changed", _l("a modifié la décision du jury de démonstration %(number)s")
)


@dataclass(frozen=True, kw_only=True)
class EngagementFacts:
    agreed_on: date | None
    sponsor_id: UUID | None
    business_owner_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PlanTexts:
    missions: str
    workflow: str
    training: str


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """`criteria`: each with whether it is met; `members` are functions, never names."""

    held_on: date
    members: str
    version_id: UUID | None
    criteria: Sequence[tuple[str, bool]]
    outcome: Outcome
    reasons: str


def note_engagement(
    actor: Actor, project: Project, facts: EngagementFacts, seen: int
) -> Engagement:
    """`seen` is the version read, 0 where there was none. Who carries the project names the key
    roles; the programme's lead may, and notes the agreement.

    Raises `RuleBroken` on `agreed_on`, `sponsor_id` or `business_owner_id`; `Conflict`.
    """
    require_to_engage(actor, project)
    row: Engagement = _found_or_new(queries.find_engagement, Engagement, project, seen)
    values: dict[str, Any] = vars(facts).copy()
    if not policy.can_note_agreement(actor, project):
        values["agreed_on"] = row.agreed_on
    if facts.agreed_on is not None:
        require_past("agreed_on", facts.agreed_on)
    team = name_team(project)
    for name in ("sponsor_id", "business_owner_id"):
        if values[name] not in {None, getattr(row, name), *team}:
            raise RuleBroken(name, _("Choisissez quelqu’un de l’équipe."))
    _keep(actor, project, ENGAGED, row, values, path="gates/0")
    return row


def write_change_plan(actor: Actor, project: Project, texts: PlanTexts, seen: int) -> ChangePlan:
    """`seen` is the version read, 0 where there was none. Raises `Conflict`."""
    require_work(actor, project)
    row: ChangePlan = _found_or_new(queries.find_plan, ChangePlan, project, seen)
    _keep(actor, project, PLANNED, row, vars(texts), path="gates/10", unsaid=True)
    return row


def hold_panel(actor: Actor, project: Project, facts: PanelFacts) -> Panel:
    """Raises `RuleBroken` on `held_on`, `criteria`, `members` or `version`."""
    require_to_hold(actor, project)
    _check(facts)
    row = Panel(project_id=project.id, number=next_number(Panel, project), **_values(facts))
    db.session.add(row)
    changes = audit.changes_of(row, leave_out=PLUMBING)
    _record(actor, project, HELD, row, changes, path="gates/11", number=row.number)
    return row


def change_panel(
    actor: Actor, project: Project, panel: Panel, facts: PanelFacts, seen: int
) -> None:
    """Raises `RuleBroken` as above; `Conflict`."""
    require_to_hold(actor, project)
    check_version(panel, seen)
    _check(facts)
    for name, value in _values(facts).items():
        setattr(panel, name, value)
    changes = audit.changes_of(panel, leave_out=PLUMBING)
    if changes:
        _record(actor, project, MENDED, panel, changes, path="gates/11", number=panel.number)


def require_to_engage(actor: Actor, project: Project) -> None:
    sentence = _("Seuls qui porte le projet et la direction le notent. Rien n’a été changé.")
    require(policy.may_engage(actor, project), sentence)
    require_living(project)


def require_to_hold(actor: Actor, project: Project) -> None:
    sentence = _("Seule la direction du programme note ce qu’un jury a décidé.")
    require(policy.can_hold_panel(actor, project), sentence)
    require_living(project)


def _check(facts: PanelFacts) -> None:
    require_past("held_on", facts.held_on)
    if not facts.criteria:
        raise RuleBroken("criteria", _("Écrivez au moins un critère, et s’il est atteint."))
    if find_identifiers(facts.members):
        raise RuleBroken("members", _("Écrivez des fonctions, jamais des personnes."))


def _values(facts: PanelFacts) -> dict[str, Any]:
    return {
        "held_on": facts.held_on,
        "members": facts.members,
        "prototype_version_id": facts.version_id,
        "criteria": [list(one) for one in facts.criteria],
        "outcome": facts.outcome,
        "reasons": facts.reasons,
    }


def _found_or_new(find: Any, model: Any, project: Project, seen: int) -> Any:
    """The project's only row of a kind, as it was read; a new one where there is none."""
    lock_row(Project, project.id)
    row = find(project)
    if row is None:
        if seen:
            raise Conflict
        row = model(project_id=project.id)
        db.session.add(row)
    elif row.version != seen:
        raise Conflict
    return row


def _keep(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Any,
    values: dict[str, Any],
    *,
    path: str,
    unsaid: bool = False,
) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    changes = dict(audit.changes_of(row, leave_out=PLUMBING))
    if unsaid:
        changes = dict.fromkeys(changes, (None, None))
    if changes:
        _record(actor, project, action, row, changes, path=path)


def _record(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Any,
    changes: audit.Changes,
    *,
    path: str,
    **facts: Any,
) -> None:
    told = {"path": f"/projects/{project.slug}/{path}", **facts}
    audit.record(actor, action, row, scope_id=project.id, facts=told, changes=changes)
