from datetime import date
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.clock import now
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.backlog import policy
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
OPEN = Item(state=ItemState.TO_DO)
DONE = Item(state=ItemState.DONE)
GONE = Item(state=ItemState.TO_DO, gone_at=now())
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}

CASES = {
    "work": policy.can_add_and_order_items,
    "edit": lambda actor, project: policy.can_edit(actor, project, OPEN),
    "move": lambda actor, project: policy.can_move(actor, project, OPEN),
    "set a state": lambda actor, project: policy.can_set_state(actor, project, OPEN, in_active=True),
    "take back": lambda actor, project: policy.can_take_back(actor, project, GONE, in_active=False),
}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


MEMBER = holding(Role.TEAM_MEMBER, PROJECT.id)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", CASES)
def test_only_the_team_works_on_its_items(deed, role):
    for where in (PROJECT.id, PROJECT.programme_id):
        expected = role in TEAM and where == PROJECT.id
        assert CASES[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", CASES)
def test_nobody_works_once_the_project_has_stopped(deed):
    assert not CASES[deed](MEMBER, STOPPED)
    assert projects.is_on_team(MEMBER, STOPPED)  # forms ask this first: the command gives the reason


@pytest.mark.parametrize("deed", CASES)
def test_a_member_of_another_team_works_on_nothing(deed):
    assert not CASES[deed](holding(Role.TEAM_MEMBER, uuid4()), PROJECT)


@pytest.mark.parametrize(
    ("item", "in_active", "deeds"),
    [
        (OPEN, False, {"edit", "move", "set_state"}),
        (OPEN, True, {"edit", "move", "set_state"}),
        (DONE, True, {"edit", "set_state"}),
        (DONE, False, {"edit", "take_back"}),  # in a sprint that is closed
        (GONE, True, {"take_back"}),
        (GONE, False, {"take_back"}),
    ],
)
def test_what_may_be_done_follows_how_the_item_stands(item, in_active, deeds):
    may = {
        "edit": policy.can_edit(MEMBER, PROJECT, item),
        "move": policy.can_move(MEMBER, PROJECT, item),
        "set_state": policy.can_set_state(MEMBER, PROJECT, item, in_active=in_active),
        "take_back": policy.can_take_back(MEMBER, PROJECT, item, in_active=in_active),
    }
    assert {deed for deed, allowed in may.items() if allowed} == deeds
