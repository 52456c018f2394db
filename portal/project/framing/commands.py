"""Changing target groups, assumptions and interviews. Policy first, then rules, then the deed."""

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
from portal.project.framing.anonymity_rules import require_anonymous
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
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.work_commands import (
    apply_values,
    record_change,
    require_past,
    require_work,
)

# Read by whatever must look again when the people aimed at are no longer the same.
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
    """Who they are; `size` in people, or None where nobody knows yet."""

    audience: TargetAudience
    name: str
    size: int | None
    access_needs: str


@dataclass(frozen=True, kw_only=True)
class AssumptionFacts:
    """What is taken for granted; `risk` from 1 to 5."""

    statement: str
    risk: int
    test: str


@dataclass(frozen=True, kw_only=True)
class InterviewFacts:
    """What was heard, on which day, from how many people of which group (None: of none)."""

    held_on: date
    target_group: TargetGroup | None
    people: int
    learnt: str


def add_group(actor: Actor, project: Project, facts: GroupFacts) -> TargetGroup:
    """Raises `RuleBroken` on `name` where another group of the project is called that."""
    require_work(actor, project)
    number = next_number(TargetGroup, project)  # whoever else adds one waits here
    _check_name(actor, project, facts.name, None)
    group = TargetGroup(project_id=project.id, number=number, **_group_values(facts))
    db.session.add(group)
    record_change(actor, GROUP_ADDED, group, apply_values(group, {}), name=group.name)
    return group


def change_group(
    actor: Actor,
    project: Project,
    group: TargetGroup,
    facts: GroupFacts,
    *,
    left: bool,
    version: int,
) -> None:
    """`left`: the project is no longer for them. Raises as `add_group` does, and `Conflict`; `seen`
    is the version read.
    """
    require_work(actor, project)
    check_version(group, version)
    _check_name(actor, project, facts.name, group)
    left_on = (group.left_on or clock.today()) if left else None
    goes = left_on is not None and group.left_on is None
    changes = apply_values(group, _group_values(facts) | {"left_on": left_on})
    if changes:
        record_change(actor, GROUP_LEFT if goes else GROUP_CHANGED, group, changes, name=group.name)


def _group_values(facts: GroupFacts) -> dict[str, Any]:
    return asdict(facts) | {"name_fold": TargetGroup.folded(facts.name)}


def _check_name(actor: Actor, project: Project, name: str, own_group: TargetGroup | None) -> None:
    other = queries.find_group_by_name(actor, project, name)
    if other is None or other is own_group:
        return
    if other.left_on is not None:
        sentence = _("Un public écarté porte déjà ce nom : reprenez-le plutôt, ou précisez le nom.")
    else:
        sentence = _("Un public du projet porte déjà ce nom : précisez ce qui les distingue.")
    raise RuleBroken("name", sentence)


def add_assumption(actor: Actor, project: Project, facts: AssumptionFacts) -> Assumption:
    """Raises `RuleBroken` on `risk`."""
    require_work(actor, project)
    _check_risk(facts.risk)
    assumption = Assumption(
        project_id=project.id,
        number=next_number(Assumption, project),
        verdict=AssumptionVerdict.OPEN,
        **asdict(facts),
    )
    db.session.add(assumption)
    record_change(actor, ASSUMPTION_ADDED, assumption, apply_values(assumption, {}))
    return assumption


def change_assumption(
    actor: Actor, project: Project, assumption: Assumption, facts: AssumptionFacts, version: int
) -> None:
    """Raises `RuleBroken` on `risk`, `Conflict` when somebody saved in between."""
    require_work(actor, project)
    _check_risk(facts.risk)
    changes = apply_values(assumption, asdict(facts), version)
    if changes:
        record_change(actor, ASSUMPTION_CHANGED, assumption, changes)


def _check_risk(risk: int) -> None:
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
    """Say what the test said; `OPEN` takes an earlier answer back, and the trail keeps it.

    Raises `RuleBroken` on `result` or `settled_on`, `Conflict` when somebody saved in between.
    """
    require_work(actor, project)
    if not result:
        raise RuleBroken(
            "result", _("Dites ce que le test a montré, ou pourquoi il est à refaire.")
        )
    if verdict is AssumptionVerdict.OPEN:
        settled_on = None
    elif settled_on is None:
        raise RuleBroken("settled_on", _("Donnez le jour du résultat."))
    else:
        require_past("settled_on", settled_on)
    values = {"verdict": verdict, "result": result, "settled_on": settled_on}
    changes = apply_values(assumption, values, version)
    if changes:
        record_change(actor, _VERDICT_ACTIONS[verdict], assumption, changes)


def log_interview(
    actor: Actor, project: Project, facts: InterviewFacts, *, knowingly: bool
) -> Interview:
    """Raises `RuleBroken` on `held_on`, and on `knowingly` until somebody has looked again."""
    require_work(actor, project)
    _check_interview(facts, knowingly=knowingly)
    interview = Interview(
        project_id=project.id, number=next_number(Interview, project), **_interview_values(facts)
    )
    db.session.add(interview)
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
    """Raises as `log_interview` does, and `Conflict` when somebody saved in between."""
    require_work(actor, project)
    _check_interview(facts, knowingly=knowingly)
    changes = apply_values(interview, _interview_values(facts), version, unsaid="learnt")
    if changes:
        record_change(actor, INTERVIEW_CHANGED, interview, changes)


def _interview_values(facts: InterviewFacts) -> dict[str, object]:
    group = facts.target_group
    return {
        "held_on": facts.held_on,
        "target_group_id": group.id if group else None,
        "people": facts.people,
        "learnt": facts.learnt,
    }


def _check_interview(facts: InterviewFacts, *, knowingly: bool) -> None:
    require_past("held_on", facts.held_on)
    require_anonymous(facts.learnt, knowingly=knowingly)
