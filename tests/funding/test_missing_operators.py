"""A closed account of an operator is told of once, and read of every programme that it leaves short."""

import sqlalchemy as sa

from portal.communication.notifications.models import Notification
from portal.people.accounts.commands import disable_account
from portal.people.accounts.models import Person
from portal.people.programmes.role_commands import end_all_roles
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import funding
from tests.support.browser import words_of

TOLD = sa.select(Notification.scope_id, Notification.action).where(Notification.kind == "operators_missing")


def test_who_leads_two_programmes_reads_of_both_once(project, people, browser_for):
    other = make.project()
    funding.signed(project, people.operator)
    funding.signed(other, make.actor(make.role(other.programme_id, Role.OPERATOR)))
    direction, operator = (
        db.session.get_one(Person, each.person_id) for each in (people.direction, people.operator)
    )
    make.role(other.programme_id, Role.PROGRAMME_LEAD, direction)
    make.role(other.programme_id, Role.OPERATOR, operator)
    single = make.role(other.programme_id, Role.PROGRAMME_LEAD)
    disable_account(None, operator)
    db.session.commit()

    def told(person):
        return [tuple(row) for row in db.session.execute(TOLD.where(Notification.person_id == person.id))]

    both, one = [(None, "person.disabled")], [(other.programme_id, "person.disabled")]
    assert (told(direction), told(single)) == (both, one)
    desk = words_of(browser_for(direction).visit("/funding").main)
    for each in (project, other):
        assert f"{get_programme_of(each).name} : il manque un second opérateur" in desk
    assert get_programme_of(project).name not in words_of(browser_for(single).visit("/funding").main)
    end_all_roles(operator)  # their account is erased later
    db.session.commit()
    assert (told(direction), told(single)) == (both, one)
