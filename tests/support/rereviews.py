"""Factories of reviews and of the changes that trigger re-reviews."""

from typing import Any

from flask import current_app

from portal.ethics.questionnaires.commands import get_or_insert_edition
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.ethics.rereviews.models import Trigger, TriggerAnswer, TriggeredReview
from portal.ethics.reviews.models import Review, ReviewRound, ReviewState
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.data_sources.models import DpiaScreening, PersonalDataPresence
from portal.project.framing.commands import GroupFacts, add_group
from portal.project.framing.models import TargetAudience, TargetGroup
from portal.project.projects.models import Project
from portal.sprints.prototypes.commands import VersionFacts, release_version
from portal.sprints.prototypes.models import AutomationLevel, Exposure, PrototypeVersion
from tests.support import factories as make
from tests.support import reviews
from tests.support.keeping import kept
from tests.support.project_file import of, save

SOURCE = {
    "name": "Lettres",
    "holder": "",
    "contents": "",
    "purpose": "Trier",
    "personal": PersonalDataPresence.UNKNOWN,
    "legal_basis": "",
    "screening": DpiaScreening.NOT_DONE,
    "screening_note": "",
}


def accepted(lead: Actor, project: Project, by: Person, **given: Any) -> Review:
    """Create an accepted review through the commands."""
    review = reviews.taken(lead, project, by, **given)
    reviews.decide(by, project, review)
    return review


def aim_at(member: Actor, project: Project, name: str = "Les demandeurs") -> TargetGroup:
    facts = GroupFacts(audience=TargetAudience.CITIZENS, name=name, size=None, access_needs="")
    made = add_group(member, project, facts)
    db.session.commit()
    return made


def release(member: Actor, project: Project, **given: Any) -> PrototypeVersion:
    """Release a version for agents, suggesting."""
    usual = {
        "released_on": clock.today(),
        "changes": "La carte s’affiche.",
        "link": "",
        "recording": "",
        "sprint_id": None,
        "automation": AutomationLevel.SUGGEST,
        "exposure": Exposure.AGENTS,
        "model_family": "",
        "model_provider": "",
    }
    made = release_version(member, project, VersionFacts(**usual | given))
    db.session.commit()
    return made


def look() -> int:
    """Raise triggers as the worker does, in a separate session; return their number."""
    db.session.commit()
    with current_app.app_context():
        return raise_due_triggers()


def raised() -> list[Trigger]:
    """Return all triggers after a run of the worker."""
    look()
    return db.session.query(Trigger).order_by(Trigger.number).all()


@kept
def trigger(project: Project, about: Review, **given: Any) -> Trigger:
    """Create a trigger for a new target group that waits for a reply."""
    usual = {
        "key": new_id().hex,
        "causes": ["group_added"],
        "happened_at": clock.now(),
        "details": {"number": 1, "name": "Les demandeurs"},
    }
    made = of(project, Trigger, **usual | given)
    ids = {"trigger_id": made.id, "review_id": about.id}
    save(TriggeredReview(project_id=project.id, **ids))
    return made


@kept
def standing(project: Project, by: Person, kind: str = "ai_act") -> Review:
    """Create the row of an accepted review without answers."""
    now = clock.now()
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/reviews/1")
    review = of(
        project,
        Review,
        discussion_id=talk.id,
        kind=kind,
        edition_id=get_or_insert_edition(get_questionnaire(kind)).id,
        state=ReviewState.ACCEPTED,
        opened_by_id=by.id,
        reviewer_id=by.id,
        submitted_at=now,
        decided_at=now,
    )
    save(ReviewRound(review_id=review.id, number=1, begun_by_id=by.id, submitted_at=now))
    return review


def one_of_each(project: Project, reviewer: Person, member: Person) -> None:
    """Create trigger 1 waiting for a reply, 2 and 3 for confirmation, 4 settled, 5 just confirmed."""
    about = standing(project, reviewer)
    trigger(project, about)
    said = {"because": "b", "answered_at": clock.now(), "answered_by_id": member.id}
    for _each in range(2):
        trigger(project, about, answer=TriggerAnswer.NO_IMPACT, **said)
    trigger(project, about, answer=TriggerAnswer.FULL, **said)
    confirmed = {"confirmed_at": clock.now(), "confirmed_by_id": reviewer.id}
    trigger(project, about, answer=TriggerAnswer.NO_IMPACT, **said, **confirmed)
