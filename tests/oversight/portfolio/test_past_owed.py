"""What a programme owed its teams on a past day equals what its lead was shown on that day."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from portal.coaching.clinics.commands import claim_request
from portal.ethics.rereviews.commands import (
    TriggerReply,
    answer_trigger,
    confirm_no_impact,
    return_trigger_to_team,
)
from portal.ethics.rereviews.models import TriggerAnswer
from portal.ethics.reviews import commands as reviewing
from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.decision_commands import ChangeAnswer, apply_change, decide_change
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.oversight.decisions.commands import DecisionAnswer, answer_decision
from portal.oversight.decisions.models import DecisionOutcome
from portal.oversight.gates import commands as gate_commands
from portal.oversight.portfolio.owed_queries import read_programme_waiting_counts
from portal.oversight.portfolio.page_views import read_page
from portal.oversight.portfolio.past_owed_queries import read_past_waiting_counts
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from tests.support import coaching, decisions, funding, gates, rereviews, reviews
from tests.support import factories as make
from tests.support.gates import PROTOTYPE
from tests.support.health import known

ZONE = clock.DEFAULT_ZONE
Act = Callable[[], object]


@pytest.fixture
def project(team):
    """A team with a coach, so that nothing else waits there."""
    made = team("DGFiP", silent=None)
    with before_all_days():
        gates.coach(made)
    return made


@contextmanager
def before_all_days():
    """What is there on the first day."""
    with clock.frozen_at(clock.now() - timedelta(days=20)):
        yield
        db.session.commit()


def summary_of(owed):
    return {id_: (each.count, each.code, each.days) for id_, each in owed.by_team.items()}


def freeze_days(lead, project, acts):
    """Do an act a day, the last one yesterday, and keep what the lead is shown after each."""
    shown = {}
    for days, act in zip(range(len(acts), 0, -1), acts, strict=True):
        with clock.frozen_at(clock.now() - timedelta(days=days)):
            act()
            db.session.commit()
            known(project)
            db.session.expire_all()
            shown[clock.today(ZONE)] = summary_of(
                read_programme_waiting_counts(make.actor(lead), project.programme_id)
            )
    return shown


def look_back(lead, days):
    """What the portfolio says today of each of these days."""
    actor = make.actor(lead)
    looked = {}
    for day in days:
        page = read_page(actor, {"programme": "ami", "on": day.isoformat()}, ZONE)
        moment = clock.end_of_day(day, ZONE)
        looked[day] = summary_of(read_past_waiting_counts(actor, page.portfolio.teams, moment, ZONE))
    return looked


def compare(lead, project, acts, codes):
    """The days agree, and the kinds were seen: an empty comparison proves nothing."""
    shown = freeze_days(lead, project, acts)
    assert look_back(lead, shown) == shown
    assert {code for by_team in shown.values() for _count, code, _days in by_team.values()} == codes


def test_reviews_without_a_reviewer_are_those_of_that_day(lead, project):
    member, direction = make.actor(make.role(project.id, Role.TEAM_LEAD)), make.actor(lead)
    with before_all_days():
        first, second = reviews.reviewer(project), reviews.reviewer(project)
        review = reviews.answered(member, project, reviews.opened(member, project))

    def end_role_of_first():
        role = {"scope_id": project.id, "person_id": first.id, "role": Role.ETHICS_REVIEWER}
        projects.end_role(direction, project, db.session.query(RoleAssignment).filter_by(**role).one())

    submit: Act = partial(reviewing.submit_review, member, project, review)
    acts = [
        partial(known, project),
        submit,
        partial(known, project),
        partial(reviewing.withdraw_submission, member, project, review),
        submit,
        partial(reviewing.choose_reviewer, direction, project, review, first),
        end_role_of_first,
        partial(known, project),
        partial(reviewing.choose_reviewer, direction, project, review, second),
    ]
    compare(lead, project, acts, {"reviews"})


def test_answers_to_confirm_are_those_of_that_day(lead, project):
    answerer = make.actor(make.role(project.id, Role.TEAM_LEAD))
    with before_all_days():
        about = rereviews.standing(project, make.role(project.id, Role.ETHICS_REVIEWER))
        trigger, other = rereviews.trigger(project, about), rereviews.trigger(project, about)

    def answer(row, by):
        reply = TriggerReply(TriggerAnswer.NO_IMPACT, "Rien ne change.")
        answer_trigger(by, project, row, reply, row.version)

    acts = [
        partial(answer, trigger, answerer),
        partial(known, project),
        lambda: return_trigger_to_team(
            make.actor(lead), project, trigger, "Et les mineurs ?", trigger.version
        ),
        partial(answer, trigger, answerer),
        lambda: confirm_no_impact(make.actor(lead), project, trigger, trigger.version),
        partial(answer, other, make.actor(lead)),  # who answers does not confirm
    ]
    compare(lead, project, acts, {"rereviews"})


def test_instalments_and_requests_are_those_of_that_day(lead, programme, project):
    people = funding.cast(project)
    make.role(programme.id, Role.OPERATOR, lead)
    with before_all_days():
        agreement = funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    facts = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
    changes = []

    def file():
        row = file_change_request(people.lead, project, agreement, facts)
        changes.append(LoadedChange(project, agreement, row))

    def grant():
        answer = ChangeAnswer(is_granted=True, reasons="Oui")
        decide_change(people.direction, changes[0], answer, changes[0].row.version)

    acts = [
        partial(funding.ask, people.lead, loaded),
        partial(funding.send_back, people.operator, loaded),
        partial(funding.ask, people.lead, loaded),
        partial(funding.check, people.operator, loaded),
        partial(funding.pay, people.second, loaded),
        file,
        grant,
        lambda: apply_change(people.direction, changes[0], changes[0].row.version),
    ]
    compare(lead, project, acts, {"instalments", "funding_changes"})


def test_decisions_help_and_gates_are_those_of_that_day_also_while_a_team_rests(lead, project):
    direction = make.actor(lead)
    asker, coach = make.role(project.id, Role.TEAM_LEAD), gates.coach(project)
    with before_all_days():
        gates.shown(project)
        gates.judged(project)
    rows = {}

    def ask():
        rows["decision"] = decisions.decision(project, asker, created_at=clock.now())

    def want_help():
        rows["sprint"] = coaching.asking(project, number=9, closed_at=clock.now())

    def answer():
        reply = DecisionAnswer(DecisionOutcome.GRANTED, "Oui.")
        answer_decision(direction, project, rows["decision"], reply, rows["decision"].version)

    acts = [
        partial(gate_commands.declare_gate, make.actor(asker), project, PROTOTYPE),
        partial(projects.pause_project, direction, project),
        partial(projects.resume_project, direction, project),
        partial(gate_commands.refuse_gate, make.actor(coach), project, PROTOTYPE, "Il manque le son."),
        want_help,
        ask,
        lambda: claim_request(make.actor(coach), project, rows["sprint"]),
        answer,
    ]
    compare(lead, project, acts, {"gates", "clinics", "decisions"})


def test_a_stopped_team_waits_for_its_funding_alone(lead, project):
    people, direction = funding.cast(project), make.actor(lead)
    with before_all_days():
        agreement = funding.signed(project, people.operator)
        asked = decisions.decision(project, created_at=clock.now())
        review = reviews.answered(people.lead, project, reviews.opened(people.lead, project))
        reviewing.submit_review(people.lead, project, review)
    why = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
    acts = [
        lambda: projects.stop_project(direction, project, reason="Sans données", learnings="En demander tôt"),
        lambda: projects.resume_project(direction, project, reason="Elles sont là"),
        lambda: file_change_request(people.lead, project, agreement, why),
        lambda: projects.stop_project(direction, project, reason="Sans données", learnings="En demander tôt"),
    ]
    compare(lead, project, acts, {"decisions", "funding_changes"})
    assert asked.is_open


def test_two_requests_for_help_are_those_of_that_day(lead, project):
    """That of the first sprint while it runs, then that of its close beside one of the next."""
    coach, member = make.actor(gates.coach(project)), make.actor(make.role(project.id, Role.TEAM_MEMBER))
    with before_all_days():
        first = make.active_sprint(project, number=1)
    following = []

    def ask(sprint):
        ask_for_help(member, project, sprint, BlockerKind.IT, "Les clés", expected_version=sprint.version)

    def close_and_go_on():
        first.closed_at, first.outcome, first.summary = clock.now(), SprintOutcome.MET, "Fait."
        following.append(make.active_sprint(project, number=2))

    acts = [
        partial(ask, first),
        close_and_go_on,
        lambda: ask(following[0]),
        partial(claim_request, coach, project, first),
        lambda: claim_request(coach, project, following[0]),
    ]
    compare(lead, project, acts, {"clinics"})
