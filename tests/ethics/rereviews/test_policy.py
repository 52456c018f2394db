"""Permissions on triggers, without a database."""

from portal.ethics.rereviews import policy
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.ethics.reviews.models import Review, ReviewState
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project

PROJECT = Project(id=new_id(), programme_id=new_id())


def holds(*roles, where=PROJECT.id):
    return Actor(new_id(), {where: frozenset(roles)})


LEAD, MEMBER, COACH = holds(Role.TEAM_LEAD), holds(Role.TEAM_MEMBER), holds(Role.COACH)
DIRECTION = holds(Role.PROGRAMME_LEAD, where=PROJECT.programme_id)
REVIEWER, OTHER = holds(Role.ETHICS_REVIEWER), holds(Role.ETHICS_REVIEWER)
OF = [Review(state=ReviewState.ACCEPTED, reviewer_id=REVIEWER.person_id)]
EVERYBODY = (LEAD, MEMBER, COACH, DIRECTION, REVIEWER, OTHER)


def those(asked):
    return {actor.person_id for actor in EVERYBODY if asked(actor)}


def ids(*actors):
    return {actor.person_id for actor in actors}


def test_who_carries_reviews_or_leads_answers_while_the_project_goes_on():
    trigger = Trigger()
    able = those(lambda actor: policy.can_answer(actor, PROJECT, trigger, OF))
    assert able == ids(LEAD, DIRECTION, REVIEWER)
    paused = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, paused_on=clock.today())
    assert not those(lambda actor: policy.can_answer(actor, paused, trigger, OF))
    two = [*OF, Review(state=ReviewState.ACCEPTED, reviewer_id=OTHER.person_id)]
    assert those(lambda actor: policy.may_answer(actor, PROJECT, two)) == ids(LEAD, DIRECTION)


def test_a_second_person_who_is_not_of_the_team_confirms():
    trigger = Trigger(answer=TriggerAnswer.NO_IMPACT, answered_by_id=DIRECTION.person_id)
    assert those(lambda actor: policy.can_confirm(actor, PROJECT, trigger, OF)) == ids(REVIEWER)
    trigger.answered_by_id = LEAD.person_id
    able = those(lambda actor: policy.can_confirm(actor, PROJECT, trigger, OF))
    assert able == ids(REVIEWER, DIRECTION)
    assert not policy.can_answer(LEAD, PROJECT, trigger, OF)
    trigger.confirmed_at = clock.now()
    assert not those(lambda actor: policy.can_confirm(actor, PROJECT, trigger, OF))


def test_a_reviewer_who_joined_the_project_confirms_no_more():
    both = Actor(REVIEWER.person_id, {PROJECT.id: frozenset({Role.ETHICS_REVIEWER, Role.COACH})})
    trigger = Trigger(answer=TriggerAnswer.NO_IMPACT, answered_by_id=LEAD.person_id)
    assert not policy.can_confirm(both, PROJECT, trigger, OF)
    assert not policy.may_answer(both, PROJECT, OF)
