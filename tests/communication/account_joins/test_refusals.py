"""What forbids to join two accounts, and who may not."""

import pytest

from portal.communication.account_joins import commands, queries
from portal.communication.account_joins.queries import ObstacleKind
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.privacy import erasure_commands
from portal.people.privacy.identity_rules import erased_address
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, NotFound, Overtaken, RuleBroken
from portal.selection.calls.models import CallState
from tests.support import account_joins, calls
from tests.support import factories as make
from tests.support.browser import words_of


def test_the_accounts_themselves(admin, goes, stays):
    find = queries.list_account_obstacles
    assert [each.kind for each in find(goes, goes)] == [ObstacleKind.SAME]
    assert find(goes, stays) == []
    erased = make.person(email=erased_address(goes.id))
    assert [each.kind for each in find(erased, stays)] == [ObstacleKind.NOBODY]
    assert [each.kind for each in find(goes, erased)] == [ObstacleKind.NOBODY]
    accounts.disable_account(None, stays)
    assert [each.kind for each in find(goes, stays)] == [ObstacleKind.CLOSED]
    assert find(stays, goes) == []
    erasure_commands.ask_erasure(make.actor(admin), goes)
    assert [each.kind for each in find(stays, goes)] == [ObstacleKind.ERASURE]


def test_who_may(project, admin, goes, stays):
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    for person in (lead, goes):
        with pytest.raises(NotFound):
            queries.get_accounts(make.actor(person), goes.id, stays.id)
    typed = account_joins.decision("", admin)
    for pair in ((admin, stays), (goes, admin), (lead, stays)):
        actor = make.actor(lead if pair[0] is lead else admin)
        with pytest.raises(NotAllowed):
            commands.join_accounts(actor, *pair, typed)


def test_roles_that_one_person_may_not_hold_in_a_project(project, admin, goes, stays):
    make.role(project.id, Role.TEAM_MEMBER, goes)
    make.role(project.id, Role.ETHICS_REVIEWER, stays)
    (obstacle,) = account_joins.preview(admin, goes, stays).obstacles
    assert (obstacle.kind, obstacle.detail) == (
        ObstacleKind.INDEPENDENCE,
        project.acronym or project.organisation,
    )
    with pytest.raises(RuleBroken, match="rôles"):
        account_joins.join(admin, goes, stays)


def test_two_scores_of_one_application(admin):
    programme = make.programme()
    lead = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    row = calls.call(lead, programme)
    application = calls.application(lead, row)
    first, second, other = (calls.juror(lead, row) for _ in range(3))
    calls.move(lead, row, CallState.CLOSED)
    calls.eligible(lead, application)
    calls.assign(lead, application, first, second)
    (obstacle,) = account_joins.preview(admin, first, second).obstacles
    assert (obstacle.kind, obstacle.detail, obstacle.count) == (ObstacleKind.CONTENT, "Jury", 1)
    with pytest.raises(RuleBroken, match="Jury"):
        account_joins.join(admin, first, second)
    db.session.rollback()
    account_joins.join(admin, first, other)  # both on the jury, each with applications of their own
    assert account_joins.references_to(first.id) == {}


def test_the_typed_address_and_the_reason_that_was_seen(admin, goes, stays, project):
    actor, digest = make.actor(admin), account_joins.preview(admin, goes, stays).digest
    with pytest.raises(RuleBroken, match="adresse"):
        commands.join_accounts(actor, goes, stays, account_joins.decision(digest, stays))
    db.session.rollback()
    make.role(project.id, Role.TEAM_MEMBER, goes)
    with pytest.raises(Overtaken, match="relisez"):
        commands.join_accounts(actor, goes, stays, account_joins.decision(digest, goes))


def test_the_second_of_two_administrators_is_told(admin, goes, stays):
    goes_id, digest = goes.id, account_joins.preview(admin, goes, stays).digest
    account_joins.join(admin, goes, stays)
    gone = db.session.get_one(Person, goes_id)
    with pytest.raises(Overtaken, match="déjà réuni"):
        commands.join_accounts(make.actor(admin), gone, stays, account_joins.decision(digest, gone))


def test_a_stale_form_says_that_the_account_was_joined_and_shows_no_internal_address(
    admin, goes, stays, browser_for
):
    path, email = f"/people/{goes.id}/join/{stays.id}", goes.email
    desk, digest = browser_for(admin), account_joins.preview(admin, goes, stays).digest
    account_joins.join(admin, goes, stays)
    db.session.commit()
    typed = {"reason": "Le même", "address": email, "previewed_digest": digest}
    page = words_of(desk.submit(path, expect=409, **typed))
    assert "déjà réuni ce compte" in page
    assert "joined.invalid" not in page
