from datetime import date
from uuid import uuid4

import pytest

from portal.coaching.recommendations import policy
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
PLACES = {"project": PROJECT.id, "programme": PROJECT.programme_id, "elsewhere": uuid4()}
ADVISORS = {(Role.COACH, "project"), (Role.PROGRAMME_LEAD, "programme")}
TEAM = {(Role.TEAM_MEMBER, "project"), (Role.TEAM_LEAD, "project")}
P, A, X, D, C = RecommendationStage
# Who may, in which stages, and whether also in a stopped project.
ACTION_LABELS = {
    policy.can_change: (ADVISORS, {P, A}, False),
    policy.can_accept: (TEAM, {P, X}, False),
    policy.can_decline: (TEAM, {P, A}, False),
    policy.can_complete: (TEAM, {A}, False),
    policy.can_confirm: (ADVISORS, {D}, True),
}


@pytest.mark.parametrize("may", ACTION_LABELS)
def test_who_may_do_what_in_which_stage(may):
    who, stages, at_rest = ACTION_LABELS[may]
    for role in Role:
        for name, place in PLACES.items():
            actor = Actor(uuid4(), {place: frozenset({role})})
            for stage in RecommendationStage:
                row = Recommendation(stage=stage)
                expected = (role, name) in who and stage in stages
                assert may(actor, PROJECT, row) is expected, (role, name, stage)
                assert may(actor, STOPPED, row) is (expected and at_rest), (role, name, stage)


def test_coaches_and_leads_recommend_while_the_team_can_answer():
    for role in Role:
        for name, place in PLACES.items():
            actor, expected = Actor(uuid4(), {place: frozenset({role})}), (role, name) in ADVISORS
            assert policy.can_recommend(actor, PROJECT) is expected
            assert not policy.can_recommend(actor, STOPPED)
