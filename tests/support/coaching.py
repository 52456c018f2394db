"""Factories of recommendations and coaching sessions; a test gives only relevant fields."""

from datetime import timedelta
from typing import Any

from portal.coaching.clinics.models import Clinic
from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.group_sessions.models import (
    Gathering,
    SatisfactionRespondent,
    SatisfactionTally,
    TeamAttendance,
)
from portal.coaching.group_sessions.queries import reserve_gathering_number
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.sessions.models import CoachingSession, Decision, SessionFormat
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.projections import update_project_figures
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import of, save


def recommendation(project: Project, by: Person, **given: Any) -> Recommendation:
    """Create a proposed recommendation."""
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/recommendations/1")
    usual = {"discussion_id": talk.id, "author_id": by.id, "what": "Annoter à deux", "why": "w"}
    return of(project, Recommendation, **usual | given)


def accepted(project: Project, by: Person, **given: Any) -> Recommendation:
    answer = {"stage": RecommendationStage.ACCEPTED, "answered_at": clock.now(), "answered_by_id": by.id}
    return recommendation(project, by, **answer | given)


def done(project: Project, by: Person, **given: Any) -> Recommendation:
    proof = {
        "stage": RecommendationStage.COMPLETED,
        "proof": "p",
        "done_at": clock.now(),
        "done_by_id": by.id,
    }
    return accepted(project, by, **proof | given)


def confirmed(project: Project, by: Person, **given: Any) -> Recommendation:
    confirmation = {
        "stage": RecommendationStage.CONFIRMED,
        "confirmed_at": clock.now(),
        "confirmed_by_id": by.id,
    }
    return done(project, by, **confirmation | given)


@kept
def session(project: Project, by: Person, **given: Any) -> CoachingSession:
    """Create a session held today by all tracks."""
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/coaching/1")
    usual = {
        "discussion_id": talk.id,
        "author_id": by.id,
        "held_on": clock.today(),
        "format": SessionFormat.WEEKLY,
        "minutes": "Vu ensemble.",
    }
    return of(project, CoachingSession, **usual | given)


def decision(project: Project, of_: CoachingSession, **given: Any) -> Decision:
    return of(project, Decision, **{"session_id": of_.id, "what": "Écarter les doublons"} | given)


def note(project: Project, by: Person, **given: Any) -> CoachNote:
    return of(project, CoachNote, **{"author_id": by.id, "body": "À voir à deux."} | given)


def one_of_each(project: Project, coach: Person) -> None:
    """Create a recommendation or decision for each write route that takes input.

    Recommendation 1 is proposed, 2 is edited, 3 accepted, 4 declined, 5 and 6 done,
    7 confirmed. Session 1 has
    decisions 1 to 4, session 2 is empty. There are a note, a group session, and sprints 8 and 9 with
    clinics that the coach has claimed, that of 9 for today.
    """
    for _number in range(2):
        recommendation(project, coach)
    accepted(project, coach)
    recommendation(project, coach)
    for _number in range(2):
        done(project, coach)
    confirmed(project, coach)
    held = session(project, coach)
    for _number in range(4):
        decision(project, held)
    session(project, coach, minutes="")  # that a coach may remove
    note(project, coach)
    asked_at = clock.now() - timedelta(days=400)  # before the coach's role: it waits for nobody any more
    note(project, coach, hand_over_requested_at=asked_at)
    gathering(project, coach)
    gathering(project, coach, cancelled_at=clock.now(), cancelled_by_id=coach.id, cancelled_because="Doublon")
    clinic(asking(project, number=8), coach)
    clinic(asking(project, number=9), coach, planned_on=clock.today())
    asking(project, number=10)


def asking(project: Project, **given: Any) -> Sprint:
    """Create a closed sprint whose log asks for help, with its figures."""
    sprint = make.closed_sprint(project, help_wanted=True, blocker_text="Les clés", **given)
    update_project_figures(project.id)
    db.session.commit()
    return sprint


@kept
def gathering(project: Project, by: Person, **given: Any) -> Gathering:
    """Create a group session of the project's programme, held today."""
    usual = {"title": "Atelier d’annotation", "held_on": clock.today(), "author_id": by.id}
    programme = db.session.get_one(Programme, project.programme_id)
    number = given.pop("number", None) or reserve_gathering_number(programme)
    return save(Gathering(programme_id=programme.id, number=number, **usual | given))


def held_gathering(project: Project, member: Person) -> Gathering:
    """Create a group session to which people of the project came, and that one of them rated."""
    row = gathering(project, member, counted_at=clock.now())
    save(TeamAttendance(gathering_id=row.id, project_id=project.id, people=2))
    save(SatisfactionRespondent(gathering_id=row.id, person_id=member.id))
    save(SatisfactionTally(gathering_id=row.id, question=1, mark=4, answer_count=1))
    return row


@kept
def clinic(sprint: Sprint, by: Person, **given: Any) -> Clinic:
    """Create a clinic claimed today."""
    usual = {"requested_at": sprint.closed_at, "taken_at": clock.now(), "taken_by_id": by.id}
    return save(Clinic(project_id=sprint.project_id, sprint_id=sprint.id, **usual | given))
