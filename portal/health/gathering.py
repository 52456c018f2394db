"""The facts of one project, read part by part from the features that hold them: each part in one
statement, or in those by which gates ask for the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import func, select

from portal.coaching.models import CoachingSession
from portal.findings.models import SEVERE, Finding
from portal.gates import ethics_evidence, file_evidence, queries, trial_evidence
from portal.gates.definition import Verb
from portal.gates.models import GateDecision, GateEvaluation, GateTerms
from portal.gates.parts import PROJECT, of
from portal.gates.standing import as_of
from portal.health.facts import Advice, Closed, Ethics, Facts, Open, Step, Tried, Work
from portal.kernel import clock
from portal.kernel.clock import day_of
from portal.kernel.db import rows
from portal.kernel.months import months_after
from portal.programmes.models import Scope
from portal.projects.models import Project
from portal.recommendations.models import Recommendation, Stage
from portal.sprints.models import Blocker, Outcome, Sprint

SAID_MAX = 160  # of what a log says, in a list


class Part(StrEnum):
    """What is gathered together."""

    STEPS = "steps"  # first: it compares the calendar with the one that was known
    FILE = "file"
    WORK = "work"
    CONTACT = "contact"
    TESTS = "tests"
    FINDINGS = "findings"
    RISKS = "risks"
    ADVICE = "advice"
    ROLES = "roles"
    ETHICS = "ethics"


EVERYTHING = frozenset(Part)
Found = dict[str, Any]  # fields of `Facts`


def gather(project: Project, parts: Iterable[Part], before: Facts | None) -> Facts:
    """These parts as they are now, the others as they were. What has no date of its own keeps the
    day since which it was known."""
    facts = before or Facts(project.starts_on, project.ends_on, project.starts_on)
    wanted = frozenset(parts) if before else EVERYTHING
    for part in Part:
        if part in wanted:
            facts = replace(facts, **_PARTS[part](project, facts))
    if before is None:  # whoever is not there yet was not there at the beginning either
        facts = replace(facts, empty=dict.fromkeys(facts.empty, facts.begun_on))
    return facts


_WRITTEN = select(Scope.created_at).where(Scope.id == PROJECT)


def _file(project: Project, _facts: Facts) -> Found:
    written_on = day_of(rows(_WRITTEN, of(project))[0][0])
    return {
        "begun_on": max(project.starts_on, written_on),
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "state": project.state.value,
        "rests_since": project.stopped_on or project.finished_on or project.paused_on,
    }


_MARK = select(
    select(func.count()).where(GateEvaluation.project_id == PROJECT).scalar_subquery(),
    select(func.count()).where(GateDecision.project_id == PROJECT).scalar_subquery(),
    select(func.count())
    .where(
        GateTerms.programme_id
        == select(Project.programme_id).where(Project.id == PROJECT).scalar_subquery()
    )
    .scalar_subquery(),
)


def _steps(project: Project, facts: Facts) -> Found:
    """Gates, read again where something was judged or decided since, or the calendar changed."""
    mark = sum(rows(_MARK, of(project))[0])
    if facts.steps and facts.mark == mark and facts.starts_on == project.starts_on:
        return {}
    history = queries.read_histories([project])[project.id]
    today = clock.today()
    first: dict[int, date] = {}
    for one in history.decisions:
        if one.verb is Verb.ACCEPTED:
            first.setdefault(one.gate, day_of(one.at))
    known = {one.number: one for one in facts.steps}
    states = as_of(history, clock.now(), queries.last_day(project, today))
    return {
        "mark": mark,
        "steps": tuple(
            _step(project, state, first, known.get(state.definition.number)) for state in states
        ),
    }


def _step(project: Project, state: Any, first: Mapping[int, date], known: Step | None) -> Step:
    definition, judged = state.definition, state.evaluation
    stale_on = None
    if state.stale:
        aged = judged and judged.fresh_until and judged.fresh_until < clock.today()
        earlier = known.stale_on if known else None
        stale_on = earlier or (None if aged and len(state.stale) == 1 else clock.today())
    return Step(
        number=definition.number,
        key=definition.key,
        weight=definition.weight,
        due_on=months_after(project.starts_on, definition.terms.month),
        is_waived=state.waiver is not None,
        is_declared=state.declared is not None,
        is_asked=state.is_asked,
        is_proved=state.is_proved,
        lacking=len(judged.missing) if judged else len(definition.predicates),
        passed_on=first.get(definition.number) if state.was_accepted else None,
        stale_on=stale_on,
        fresh_until=judged.fresh_until if judged and state.was_accepted else None,
    )


_CLOSED = (
    select(
        Sprint.number,
        Sprint.closed_at,
        Sprint.outcome,
        Sprint.summary,
        Sprint.outlook,
        Sprint.blocker,
        Sprint.help_wanted,
        Sprint.helped_at,
        Sprint.decision_awaited,
        Sprint.ends_on,
    )
    .where(Sprint.project_id == PROJECT, Sprint.started_at.is_not(None))
    .order_by(Sprint.ends_on.desc(), Sprint.number.desc())
)


def _work(project: Project, _facts: Facts) -> Found:
    found = rows(_CLOSED, of(project))
    closed: list[Any] = [row for row in found if row[1] is not None]
    running: Any = next((row for row in found if row[1] is None), None)
    missed = list(takewhile(lambda row: row[2] is Outcome.MISSED, closed))
    return {
        "work": Work(
            last=_closed(closed[0]) if closed else None,
            missed_on=tuple(day_of(row[1]) for row in reversed(missed)),
            running=running and running[0],
            running_ends_on=running and running[9],
        )
    }


def _closed(row: Any) -> Closed:
    return Closed(
        number=row.number,
        on=day_of(row.closed_at),
        outcome=row.outcome.value,
        summary=row.summary[:SAID_MAX],
        outlook=row.outlook.value if row.outlook else "",
        blocker="" if row.blocker is Blocker.NONE else row.blocker.value,
        help_wanted=row.help_wanted and row.helped_at is None,
        decision_awaited=row.decision_awaited[:SAID_MAX],
    )


_MET = select(func.max(CoachingSession.held_on)).where(CoachingSession.project_id == PROJECT)


def _contact(project: Project, _facts: Facts) -> Found:
    return {"contact_on": rows(_MET, of(project))[0][0]}


def _tests(project: Project, _facts: Facts) -> Found:
    rounds = trial_evidence.tests(project).get("rounds", ())
    held = [one for one in rounds if one.sessions]
    if not held:
        return {"tests": Tried()}
    last = held[-1]
    return {
        "tests": Tried(
            last_on=max((one.last_on for one in held if one.last_on), default=None),
            round=last.number,
            version=last.version,
            sessions=last.sessions,
            primary=last.primary,
        )
    }


_SEVERE = (
    select(Finding.number, Finding.created_at, Finding.severity)
    .where(Finding.project_id == PROJECT, Finding.closed_at.is_(None), Finding.severity >= SEVERE)
    .order_by(Finding.severity.desc(), Finding.number)
)


def _findings(project: Project, _facts: Facts) -> Found:
    found = rows(_SEVERE, of(project))
    return {"findings": tuple(Open(number, day_of(at), severity) for number, at, severity in found)}


def _risks(project: Project, facts: Facts) -> Found:
    known = {one.number: one.since for one in facts.unowned}
    found = ethics_evidence.risks(project)["risks"]
    bare = [one.number for one in found if one.is_high_before and not one.is_owned]
    return {
        "unowned": tuple(Open(number, known.get(number, clock.today())) for number in bare),
        "ethics": replace(facts.ethics, high=sum(one.is_high_now for one in found)),
    }


_UNANSWERED = (
    select(Recommendation.number, Recommendation.created_at)
    .where(Recommendation.project_id == PROJECT, Recommendation.stage == Stage.PROPOSED)
    .order_by(Recommendation.created_at, Recommendation.number)
)


def _advice(project: Project, _facts: Facts) -> Found:
    found = rows(_UNANSWERED, of(project))
    if not found:
        return {"advice": Advice()}
    number, at = found[0]
    return {"advice": Advice(len(found), number, day_of(at))}


def _roles(project: Project, facts: Facts) -> Found:
    """Key roles that nobody of the team holds, and tracks without a coach."""
    engaged = file_evidence.engagement(project)["engagement"]
    held = {"sponsor": engaged.sponsor, "business_owner": engaged.business_owner}
    empty = [name for name, role in held.items() if role is None or not role.is_on_team]
    empty += [f"coach:{track}" for track, coached in engaged.tracks.items() if not coached]
    return {"empty": {one: facts.empty.get(one, clock.today()) for one in empty}}


def _ethics(project: Project, facts: Facts) -> Found:
    found = ethics_evidence.reviews(project)["reviewed"]
    return {
        "ethics": Ethics(
            reviews={one.kind: one.outcome or _under_way(one) for one in found.reviews},
            conditions=sum(one.open_conditions for one in found.reviews),
            triggers=len(found.triggers),
            high=facts.ethics.high,
        )
    }


def _under_way(review: Any) -> str:
    return "submitted" if review.answered else "draft"


_PARTS: Mapping[Part, Callable[[Project, Facts], Found]] = {
    Part.STEPS: _steps,
    Part.FILE: _file,
    Part.WORK: _work,
    Part.CONTACT: _contact,
    Part.TESTS: _tests,
    Part.FINDINGS: _findings,
    Part.RISKS: _risks,
    Part.ADVICE: _advice,
    Part.ROLES: _roles,
    Part.ETHICS: _ethics,
}
