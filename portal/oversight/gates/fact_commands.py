"""Record the facts that only gates ask for: engagement, change plan, panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.oversight.gates import policy
from portal.oversight.gates.commands import require_not_over
from portal.oversight.gates.models import ChangePlan, Panel, PanelOutcome, TeamKeyRoles
from portal.oversight.gates.projections import gate_path
from portal.people.programmes.schedule_rules import require_day_not_before_start
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of, map_team_names_by_person
from portal.project.projects.work_commands import (
    UNTRACKED_COLUMNS,
    create_row,
    find_or_create_only_row,
    record_change,
    require_not_future,
    require_team_may_write,
    save_change,
)

ENGAGEMENT_NOTED = audit.Action("engagement.noted", _l("a noté l’engagement de l’équipe"))
CHANGE_PLAN_WRITTEN = audit.Action("change_plan.written", _l("a écrit le plan de changement"))
PANEL_RECORDED = audit.Action("panel.held", _l("a noté la décision du jury de démonstration %(number)s"))
PANEL_CHANGED = audit.Action("panel.changed", _l("a modifié la décision du jury de démonstration %(number)s"))


@dataclass(frozen=True, kw_only=True)
class KeyRolesFacts:
    """Values of an `TeamKeyRoles`."""

    sponsor_id: UUID | None
    business_owner_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChangePlanTexts:
    """Texts of a `ChangePlan`; an empty one is not written yet."""

    missions: str
    workflow: str
    training: str


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """Values of a `Panel`: `criteria` are (text, is_met); `members` are functions, never names."""

    held_on: date
    members: str
    version_id: UUID | None
    criteria: Sequence[tuple[str, bool]]
    outcome: PanelOutcome
    reasons: str


def note_key_roles(actor: Actor, project: Project, facts: KeyRolesFacts, read_version: int) -> TeamKeyRoles:
    """Record the key roles; return the row.

    `read_version` is the version that was read, 0 where there was no row. Raises `RuleBroken` on
    `sponsor_id` or `business_owner_id`; `Conflict`, `NotAllowed`, `TooLate`.
    """
    require_can_note_key_roles(actor, project)
    row: TeamKeyRoles = find_or_create_only_row(TeamKeyRoles, project, read_version)
    values: dict[str, Any] = vars(facts).copy()
    team = map_team_names_by_person(project)
    for name in ("sponsor_id", "business_owner_id"):
        if values[name] not in {None, getattr(row, name), *team}:
            raise RuleBroken(name, _("Choisissez quelqu’un de l’équipe."))
    _store_fact(actor, project, ENGAGEMENT_NOTED, row, values, gate=0)
    return row


def write_change_plan(
    actor: Actor, project: Project, texts: ChangePlanTexts, read_version: int
) -> ChangePlan:
    """Write the change plan; `read_version` is 0 where there was none. Raises `Conflict`."""
    require_team_may_write(actor, project)
    row: ChangePlan = find_or_create_only_row(ChangePlan, project, read_version)
    _store_fact(actor, project, CHANGE_PLAN_WRITTEN, row, vars(texts), gate=10, hides_values=True)
    return row


def record_panel(actor: Actor, project: Project, facts: PanelFacts) -> Panel:
    """Record a panel and return it. Raises `RuleBroken` on `held_on`, `criteria` or `members`."""
    require_can_record_panel(actor, project)
    _check_panel(project, facts)
    row = create_row(Panel, project, **_build_panel_values(facts))
    changes = audit.changes_of(row, leave_out=UNTRACKED_COLUMNS)
    record_change(actor, PANEL_RECORDED, row, changes, path=gate_path(project, 11))
    return row


def change_panel(actor: Actor, project: Project, panel: Panel, facts: PanelFacts, read_version: int) -> None:
    """Update a panel. Raises `RuleBroken` as `record_panel` does; `Conflict`."""
    require_can_record_panel(actor, project)
    check_version(panel, read_version)
    _check_panel(project, facts)
    save_change(actor, PANEL_CHANGED, panel, _build_panel_values(facts), path=gate_path(project, 11))


def require_can_note_key_roles(actor: Actor, project: Project) -> None:
    sentence = _("Seuls le porteur et la direction le notent. Rien n’a été changé.")
    require(policy.may_note_key_roles(actor, project), sentence)
    require_not_over(project)


def require_can_record_panel(actor: Actor, project: Project) -> None:
    sentence = _("Seule la direction du programme note ce qu’un jury a décidé.")
    require(policy.can_record_panel(actor, project), sentence)
    require_not_over(project)


def _check_panel(project: Project, facts: PanelFacts) -> None:
    require_not_future("held_on", facts.held_on)
    require_day_not_before_start("held_on", facts.held_on, get_programme_of(project).starts_on)
    if not facts.criteria:
        raise RuleBroken("criteria", _("Écrivez au moins un critère, et s’il est atteint."))
    if find_identifiers(facts.members):
        raise RuleBroken("members", _("Écrivez des fonctions, jamais des personnes."))


def _build_panel_values(facts: PanelFacts) -> dict[str, Any]:
    return {
        "held_on": facts.held_on,
        "members": facts.members,
        "prototype_version_id": facts.version_id,
        "criteria": [list(criterion) for criterion in facts.criteria],
        "outcome": facts.outcome,
        "reasons": facts.reasons,
    }


def _store_fact(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Any,
    values: dict[str, Any],
    *,
    gate: int,
    hides_values: bool = False,
) -> None:
    """Set the values and audit the change; with `hides_values`, only which fields changed."""
    for name, value in values.items():
        setattr(row, name, value)
    changes = dict(audit.changes_of(row, leave_out=UNTRACKED_COLUMNS))
    if hides_values:
        changes = dict.fromkeys(changes, (None, None))
    if changes:
        facts = {"path": gate_path(project, gate)}
        audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
