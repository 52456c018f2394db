"""The state that an import may set, by place; and who discards an import."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog_import import commands
from portal.sprints.backlog_import.comparison_rules import ItemLocation, find_allowed_state
from portal.sprints.backlog_import.models import BacklogImport
from tests.sprints.backlog_import import files
from tests.support import factories as make
from tests.support.refusals import forbidden

TO_DO, DOING, DONE = ItemState.TO_DO, ItemState.DOING, ItemState.DONE


@pytest.mark.parametrize(
    ("place", "requested", "here", "expected"),
    [
        (ItemLocation.ACTIVE, DONE, TO_DO, DONE),
        (ItemLocation.ACTIVE, DOING, TO_DO, DOING),
        (ItemLocation.PLANNED, DONE, TO_DO, TO_DO),
        (ItemLocation.PLANNED, DONE, DOING, DOING),
        (ItemLocation.PLANNED, TO_DO, DOING, TO_DO),
        (ItemLocation.PLANNED, DOING, TO_DO, TO_DO),
        (ItemLocation.PLANNED, DOING, DOING, DOING),
        (ItemLocation.CLOSED, TO_DO, DONE, DONE),
        (ItemLocation.CLOSED, DOING, DONE, DONE),
        (ItemLocation.BACKLOG, DONE, TO_DO, DONE),
        (ItemLocation.BACKLOG, DOING, TO_DO, TO_DO),
        (ItemLocation.DROPPED, DONE, TO_DO, DONE),
        (ItemLocation.DROPPED, DOING, DONE, TO_DO),
    ],
)
def test_an_import_sets_the_states_that_a_place_allows(place, requested, here, expected):
    assert find_allowed_state(place, requested, here) == expected


@pytest.mark.parametrize("role", [Role.COACH, Role.PROGRAMME_LEAD])
def test_only_the_team_discards_an_import(importer, project, member, role):
    compared = importer.compare(files.gitlab(files.issue(1, "Écran")))
    with forbidden():
        commands.discard_import(make.actor(make.holder(role, project)), project, compared)
    assert db.session.query(BacklogImport).count() == 1
    commands.discard_import(member, project, compared)
    assert db.session.query(BacklogImport).count() == 0


def test_decisions_on_an_overtaken_comparison_are_a_conflict(importer, project, member):
    compared = importer.compare(files.gitlab(files.issue(1, "Écran")))
    stale = compared.round - 1
    for command in (
        lambda: commands.decide_line_overwrites(member, project, compared, stale, positions=[1], takes={}),
        lambda: commands.decide_all_overwrites(member, project, compared, stale, take=True),
        lambda: commands.confirm_import(member, project, compared, stale),
    ):
        with pytest.raises(Conflict):
            command()
    commands.decide_all_overwrites(member, project, compared, compared.round, take=True)
    assert compared.stage == "compared"
