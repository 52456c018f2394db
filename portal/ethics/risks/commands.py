"""Adds, changes, reassesses, closes and reopens risks."""

from dataclasses import asdict, dataclass
from typing import Any

from portal.ethics.risks import policy, queries
from portal.ethics.risks.models import Risk
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    changes_of_row,
    create_row,
    lock_fresh,
    record_change,
    require_team_may_write,
    save_change,
)
from portal.user_tests.findings.models import Finding

NOTED = audit.Action("risk.noted", _l("a inscrit le risque %(number)s"))
CHANGED = audit.Action("risk.changed", _l("a modifié le risque %(number)s"))
REASSESSED = audit.Action("risk.reassessed", _l("a noté ce qui reste du risque %(number)s"))
CLEARED = audit.Action("risk.cleared", _l("a retiré la note sur ce qui reste du risque %(number)s"))
CLOSED = audit.Action("risk.closed", _l("a clos le risque %(number)s"))
REOPENED = audit.Action("risk.reopened", _l("a rouvert le risque %(number)s"))
EXPORTED = audit.Action("risks.exported")

WHO_CLOSES = _l("Seul le porteur clôt un risque encore élevé. Rien n’a été changé.")


@dataclass(frozen=True, kw_only=True)
class RiskFacts:
    """What may happen to whom; `likelihood` and `severity` from 1 to 4, without mitigations."""

    what: str
    affected: str
    detail: str = ""
    likelihood: int
    severity: int


@dataclass(frozen=True, kw_only=True)
class ResidualRisk:
    """The residual risk with the mitigations in place, and the reason."""

    likelihood: int
    severity: int
    reason: str


def note_risk(
    actor: Actor,
    project: Project,
    facts: RiskFacts,
    *,
    finding: Finding | None = None,
    knowingly: bool = False,
) -> Risk:
    """Add a risk. Raises `RuleBroken` on `knowingly`, see `require_anonymous_texts`."""
    require_team_may_write(actor, project)
    require_anonymous_texts(facts.what, facts.affected, facts.detail, knowingly=knowingly)
    risk = create_row(Risk, project, finding_id=finding and finding.id, **asdict(facts))
    changes = changes_of_row(risk)
    if finding is not None:
        changes["finding"] = (None, finding.number)
    record_change(actor, NOTED, risk, changes, project=project)
    return risk


def change_risk(
    actor: Actor,
    project: Project,
    risk: Risk,
    facts: RiskFacts,
    expected_version: int,
    *,
    knowingly: bool = False,
) -> None:
    """Change a risk.

    Raises `RuleBroken` on `knowingly`, and on `likelihood` when the residual risk would be higher;
    `TooLate` once it is closed; `Conflict`.
    """
    lock_open_risk(actor, project, risk)
    check_version(risk, expected_version)
    require_anonymous_texts(facts.what, facts.affected, facts.detail, knowingly=knowingly)
    residual_score = (risk.residual_likelihood or 0) * (risk.residual_severity or 0)
    if residual_score > facts.likelihood * facts.severity:
        sentence = _("Il en resterait plus qu’au départ : notez d’abord ce qui reste du risque.")
        raise RuleBroken("likelihood", sentence)
    save_change(actor, CHANGED, risk, asdict(facts), project=project)


def reassess_risk(
    actor: Actor, project: Project, risk: Risk, residual: ResidualRisk, expected_version: int
) -> None:
    """Record the residual risk.

    Raises `RuleBroken` on `residual_likelihood` without a mitigation in place, or when it is higher
    than the initial risk; `TooLate` once the risk is closed; `Conflict`.
    """
    lock_open_risk(actor, project, risk)
    check_version(risk, expected_version)
    if not queries.count_mitigations_in_place(risk):
        sentence = _("Aucune mesure n’est encore en place : le risque reste celui du départ.")
        raise RuleBroken("residual_likelihood", sentence)
    if residual.likelihood * residual.severity > risk.likelihood * risk.severity:
        sentence = _("C’est plus qu’au départ : modifiez d’abord le risque lui-même.")
        raise RuleBroken("residual_likelihood", sentence)
    values = {
        "residual_likelihood": residual.likelihood,
        "residual_severity": residual.severity,
        "residual_reason": residual.reason,
    }
    save_change(actor, REASSESSED, risk, values, project=project)


def clear_unmitigated_residual(actor: Actor, project: Project, risk: Risk) -> None:
    """Remove the residual risk when no mitigation is in place any more. Idempotent."""
    if risk.residual_likelihood is None or queries.count_mitigations_in_place(risk):
        return
    names = ("residual_likelihood", "residual_severity")
    cleared_values: dict[str, Any] = dict.fromkeys(names) | {"residual_reason": ""}
    save_change(actor, CLEARED, risk, cleared_values, project=project)


def close_risk(actor: Actor, project: Project, risk: Risk, reason: str, expected_version: int) -> None:
    """Close a risk, in the actor's name.

    Raises `NotAllowed` for a high risk unless the actor leads the team; `TooLate`, `Conflict`.
    """
    lock_open_risk(actor, project, risk)
    check_version(risk, expected_version)
    require(policy.can_close(actor, project, risk), WHO_CLOSES)
    risk.closed_at, risk.closed_by_id = clock.now(), actor.person_id
    save_change(actor, CLOSED, risk, {"closing_reason": reason}, project=project)


def reopen_risk(actor: Actor, project: Project, risk: Risk) -> None:
    """Reopen a closed risk. Idempotent."""
    require_team_may_write(actor, project)
    lock_fresh(risk)
    if not policy.can_reopen(actor, project, risk):
        return
    risk.closed_at, risk.closed_by_id = None, None
    save_change(actor, REOPENED, risk, {"closing_reason": ""}, project=project)


def lock_open_risk(actor: Actor, project: Project, risk: Risk) -> None:
    """Lock the row until the end of the transaction. Raises `TooLate` once it is closed."""
    require_team_may_write(actor, project)
    lock_fresh(risk)
    if not policy.can_change(actor, project, risk):
        raise TooLate(_("Ce risque est clos : rouvrez-le d’abord."), row_path(project, risk))


def require_anonymous_texts(*texts: str, knowingly: bool) -> None:
    """Raise `RuleBroken` on `knowingly` for texts with personal identifiers, unless `knowingly`."""
    identifiers = find_identifiers("\n".join(texts))
    if identifiers and not knowingly:
        sentence = _(
            "Votre texte contient %(found)s. Un risque parle de catégories de personnes, jamais de"
            " l’une d’elles : retirez-le, ou cochez la case si cela ne désigne personne.",
            found=", ".join(identifiers),
        )
        raise RuleBroken("knowingly", sentence)


def record_register_export(actor: Actor, project: Project) -> None:
    """Record an export in the audit trail; every reader may export."""
    audit.record(actor, EXPORTED, project, scope_id=project.id)
