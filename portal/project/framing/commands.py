"""Commands on target groups, assumptions and interviews."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing import queries
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.framing.models import (
    RISK_MAX,
    RISK_MIN,
    Assumption,
    AssumptionVerdict,
    Interview,
    TargetAudience,
    TargetGroup,
)
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    record_change,
    require_not_future,
    require_team_may_write,
    save_change,
)

# The feature `rereviews` reacts to the actions on target groups.
GROUP_ADDED = audit.Action("target_group.added", _l("a ajouté le public « %(name)s »"))
GROUP_CHANGED = audit.Action("target_group.changed", _l("a modifié le public « %(name)s »"))
GROUP_LEFT = audit.Action("target_group.left", _l("a écarté le public « %(name)s »"))
ASSUMPTION_ADDED = audit.Action("assumption.added", _l("a posé l’hypothèse %(number)s"))
ASSUMPTION_CHANGED = audit.Action("assumption.changed", _l("a modifié l’hypothèse %(number)s"))
CONFIRMED = audit.Action("assumption.confirmed", _l("a confirmé l’hypothèse %(number)s"))
REFUTED = audit.Action("assumption.refuted", _l("a réfuté l’hypothèse %(number)s"))
REOPENED = audit.Action("assumption.reopened", _l("a rouvert l’hypothèse %(number)s"))
INTERVIEW_LOGGED = audit.Action("interview.logged", _l("a noté l’entretien %(number)s"))
INTERVIEW_CHANGED = audit.Action("interview.changed", _l("a modifié l’entretien %(number)s"))

_VERDICT_ACTIONS = {
    AssumptionVerdict.OPEN: REOPENED,
    AssumptionVerdict.CONFIRMED: CONFIRMED,
    AssumptionVerdict.REFUTED: REFUTED,
}


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """Editable columns of a target group; `size` in people, None while unknown."""

    audience: TargetAudience
    name: str
    size: int | None
    access_needs: str


@dataclass(frozen=True, kw_only=True)
class AssumptionFacts:
    """Editable columns of an assumption; `risk` from 1 to 5."""

    statement: str
    risk: int
    test: str


@dataclass(frozen=True, kw_only=True)
class InterviewFacts:
    """Editable columns of an interview with a number of people; `target_group` may be None."""

    held_on: date
    target_group: TargetGroup | None
    people: int
    learnt: str


def add_group(actor: Actor, project: Project, facts: GroupFacts) -> TargetGroup:
    """Add a target group. Raises `RuleBroken` on `name` if another one has an equal name."""
    require_team_may_write(actor, project)
    number = next_row_number(TargetGroup, project)  # locks the project before the name is checked
    _check_group_name(actor, project, facts.name, None)
    group = TargetGroup(project_id=project.id, number=number, **_group_values(facts))
    db.session.add(group)
    record_change(actor, GROUP_ADDED, group, apply_values(group, {}), name=group.name)
    return group


def change_group(
    actor: Actor, project: Project, group: TargetGroup, facts: GroupFacts, *, left: bool, version: int
) -> None:
    """Edit a target group; `left`: the project no longer serves it.

    Raises as `add_group` does, and `Conflict` unless the group is at `version`.
    """
    require_team_may_write(actor, project)
    check_version(group, version)
    _check_group_name(actor, project, facts.name, group)
    left_on = (group.left_on or clock.today()) if left else None
    action = GROUP_LEFT if left and group.left_on is None else GROUP_CHANGED
    values = _group_values(facts) | {"left_on": left_on}
    save_change(actor, action, group, values, name=facts.name)


def _group_values(facts: GroupFacts) -> dict[str, Any]:
    return asdict(facts) | {"name_fold": TargetGroup.folded(facts.name)}


def _check_group_name(actor: Actor, project: Project, name: str, own_group: TargetGroup | None) -> None:
    other = queries.find_group_by_name(actor, project, name)
    if other is None or other is own_group:
        return
    if other.left_on is not None:
        sentence = _("Un public abandonné porte déjà ce nom : reprenez-le plutôt, ou précisez le nom.")
    else:
        sentence = _("Un public du projet porte déjà ce nom : précisez ce qui les distingue.")
    raise RuleBroken("name", sentence)


def add_assumption(actor: Actor, project: Project, facts: AssumptionFacts) -> Assumption:
    """Add an open assumption. Raises `RuleBroken` on `risk`."""
    require_team_may_write(actor, project)
    _check_risk_range(facts.risk)
    values = asdict(facts) | {"verdict": AssumptionVerdict.OPEN}
    assumption = create_row(Assumption, project, **values)
    record_change(actor, ASSUMPTION_ADDED, assumption, apply_values(assumption, {}))
    return assumption


def change_assumption(
    actor: Actor, project: Project, assumption: Assumption, facts: AssumptionFacts, version: int
) -> None:
    """Edit an assumption. Raises `RuleBroken` on `risk`, `Conflict` after another's save."""
    require_team_may_write(actor, project)
    _check_risk_range(facts.risk)
    save_change(actor, ASSUMPTION_CHANGED, assumption, asdict(facts), version)


def _check_risk_range(risk: int) -> None:
    if not RISK_MIN <= risk <= RISK_MAX:
        raise RuleBroken("risk", _("Donnez un risque entre %(a)s et %(b)s.", a=1, b=5))


def settle_assumption(
    actor: Actor,
    project: Project,
    assumption: Assumption,
    verdict: AssumptionVerdict,
    *,
    result: str,
    settled_on: date | None,
    version: int,
) -> None:
    """Record the result of the test; the verdict `OPEN` reopens the assumption.

    Raises `RuleBroken` on `result` or `settled_on`, `Conflict` after somebody else's save.
    """
    require_team_may_write(actor, project)
    if not result:
        raise RuleBroken("result", _("Dites ce que le test a montré, ou pourquoi il est à refaire."))
    if verdict is AssumptionVerdict.OPEN:
        settled_on = None
    elif settled_on is None:
        raise RuleBroken("settled_on", _("Donnez le jour du résultat."))
    else:
        require_not_future("settled_on", settled_on)
    values = {"verdict": verdict, "result": result, "settled_on": settled_on}
    save_change(actor, _VERDICT_ACTIONS[verdict], assumption, values, version)


def log_interview(actor: Actor, project: Project, facts: InterviewFacts, *, knowingly: bool) -> Interview:
    """Log an interview; `knowingly`: the writer has checked that the text identifies nobody.

    Raises `RuleBroken` on `held_on`, and on `knowingly` as `require_anonymous` does.
    """
    require_team_may_write(actor, project)
    _check_interview(facts, knowingly=knowingly)
    interview = create_row(Interview, project, **_interview_values(facts))
    record_change(actor, INTERVIEW_LOGGED, interview, apply_values(interview, {}, unsaid="learnt"))
    return interview


def change_interview(
    actor: Actor,
    project: Project,
    interview: Interview,
    facts: InterviewFacts,
    *,
    knowingly: bool,
    version: int,
) -> None:
    """Edit an interview. Raises as `log_interview` does, and `Conflict` after another's save."""
    require_team_may_write(actor, project)
    _check_interview(facts, knowingly=knowingly)
    values = _interview_values(facts)
    save_change(actor, INTERVIEW_CHANGED, interview, values, version, unsaid="learnt")


def _interview_values(facts: InterviewFacts) -> dict[str, object]:
    group = facts.target_group
    return {
        "held_on": facts.held_on,
        "target_group_id": group.id if group else None,
        "people": facts.people,
        "learnt": facts.learnt,
    }


def _check_interview(facts: InterviewFacts, *, knowingly: bool) -> None:
    require_not_future("held_on", facts.held_on)
    require_anonymous(facts.learnt, knowingly=knowingly)
