"""Two accounts become one person, wherever persons are compared, counted or named."""

import pytest
import sqlalchemy as sa

from portal.app.administration import trail
from portal.app.administration.trail import TrailFilters
from portal.collaboration.search.commands import rebuild_search_index
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.communication.account_joins import commands
from portal.communication.account_joins.queries import ObstacleKind
from portal.communication.directory.history_queries import read_history
from portal.communication.notifications.models import Notification, Preference
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.people.accounts.commands import disable_account, enable_account
from portal.people.accounts.join_models import AccountJoin, JoinTransactionPermit
from portal.people.accounts.models import OpenSession, PasswordReset, Person
from portal.people.privacy.mention_queries import list_append_only_tables
from portal.people.privacy.row_queries import iterate_trail_acts
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import Invitation, RoleAssignment
from portal.people.programmes.queries import get_scope
from portal.people.programmes.role_commands import end_role
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit_verification import AuditTrailVerification
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.errors import NotAllowed, Overtaken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.personal_data import refers_to_person
from portal.project.projects.queries import get_programme_of
from portal.sprints.backlog_import.models import SavedChoices
from portal.sprints.backlog_import.tool_rules import Tool
from tests.support import account_joins, erasures, funding
from tests.support import factories as make
from tests.support.browser import words_of


def test_every_reference_follows_and_the_trail_stays_whole(project, admin, goes, stays):
    make.role(project.id, Role.TEAM_LEAD, goes)
    make.comment(project.discussion_id, goes)
    make.item(project, assignee_id=goes.id)
    make.password_reset(goes)
    make.address_change(goes)
    db.session.add(Preference(person_id=goes.id, kind="role", channel="inbox"))
    db.session.commit()
    rebuild_search_index()
    db.session.commit()
    assert len(account_joins.references_to(goes.id)) >= 5
    account_joins.join(admin, goes, stays)
    assert account_joins.references_to(goes.id) == {}
    assert {"comment.author_id", "item.assignee_id", "role_assignment.person_id"} <= set(
        account_joins.references_to(stays.id)
    )
    assert list(AuditTrailVerification().list_faults()) == []
    assert count_index_differences_by_kind() == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(JoinTransactionPermit)) == 0


def test_who_checked_by_one_account_does_not_pay_by_the_other(project, admin):
    """One person to rules of two persons; what two accounts signed already stays as it was."""
    people = funding.cast(project)
    plan = [InstalmentFacts(amount_cents=100_00), InstalmentFacts(amount_cents=200_00)]
    funding.signed(project, people.operator, *plan)
    first, second = funding.instalments(project)
    funding.paid(people, first)
    funding.ask(people.lead, second)
    funding.check(people.operator, funding.instalments(project)[1])
    checker, payer = (db.session.get_one(Person, each.person_id) for each in (people.operator, people.second))
    checker_id, third = checker.id, make.actor(make.role(project.programme_id, Role.OPERATOR))
    seen = account_joins.preview(admin, checker, payer)
    assert [line.signed_by_both for line in seen.settled if line.dataset.topic == "agreements"] == [1]
    assert [sentence[:29] for sentence in seen.effects] == ["1 tranche a été contrôlée par"]
    account_joins.join(admin, checker, payer)
    assert account_joins.references_to(checker_id) == {"instalment.checked_by_id": 1}
    one_person = make.actor(db.session.get_one(Person, people.second.person_id))
    with pytest.raises(NotAllowed, match="ne verse pas"):
        funding.pay(one_person, funding.instalments(project)[1])
    db.session.rollback()
    assert funding.pay(third, funding.instalments(project)[1])


def test_a_join_that_leaves_one_operator_says_so_before_and_tells_the_leads(project, admin, browser_for):
    people = funding.cast(project)
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=100_00))
    (row,) = funding.instalments(project)
    funding.ask(people.lead, row)
    funding.check(people.operator, funding.instalments(project)[0])
    goes, stays, lead = (
        db.session.get_one(Person, each.person_id)
        for each in (people.operator, people.second, people.direction)
    )
    third = db.session.scalars(
        sa.select(RoleAssignment).filter_by(person_id=make.role(project.programme_id, Role.OPERATOR).id)
    ).one()
    read_before = account_joins.decision(account_joins.preview(admin, goes, stays).digest, goes)
    db.session.delete(third)
    db.session.commit()
    with pytest.raises(Overtaken, match="relisez"):
        commands.join_accounts(make.actor(admin), goes, stays, read_before)
    db.session.rollback()
    direction, path = browser_for(lead), f"/programmes/{get_programme_of(project).slug}"
    lack = "Il manque un second opérateur"
    assert lack not in words_of(direction.visit(path))
    page = words_of(browser_for(admin).visit(f"/people/{goes.id}/join/{stays.id}"))
    assert "n’aura plus qu’un opérateur, et il en faut deux. 1 tranche contrôlée attend" in page
    account_joins.join(admin, goes, stays)
    assert lack in words_of(direction.visit(path))
    notice = sa.select(Notification.person_id).where(Notification.kind == "operators_missing")
    assert set(db.session.scalars(notice)) == {lead.id, stays.id}
    held = sa.select(RoleAssignment.id).where(
        RoleAssignment.person_id == stays.id, RoleAssignment.role == Role.OPERATOR
    )
    end = direction.visit(f"{path}/roles/{db.session.scalars(held).one()}/end")
    assert "n’aura plus d’opérateur" in words_of(end)
    told = sa.select(Notification.action).where(
        Notification.kind == "operators_missing", Notification.person_id == lead.id
    )
    disable_account(None, stays)
    enable_account(None, stays)  # so that the end of the role is news again
    make.role(project.programme_id, Role.PROGRAMME_LEAD, stays)
    db.session.commit()
    scope, own_role = get_scope(project.programme_id), db.session.scalars(held).one()
    end_role(make.actor(stays), scope, db.session.get_one(RoleAssignment, own_role))
    db.session.commit()
    assert list(db.session.scalars(told.order_by(Notification.fact_id))) == [
        "role.ended",
        "person.disabled",
        "role.left",
    ]
    inbox = words_of(direction.visit("/inbox").main)
    assert "Le portail a fermé le compte d’un opérateur : il en faut deux par programme" in inbox
    assert "a mis fin à son rôle d’opérateur : il en faut deux" in inbox


def test_an_act_that_both_signed_and_that_awaits_a_third_one_is_ended_first(project, admin):
    people = funding.cast(project)
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=100_00))
    (row,) = funding.instalments(project)
    funding.ask(people.lead, row)
    funding.check(people.operator, funding.instalments(project)[0])
    asker, checker = (db.session.get_one(Person, each.person_id) for each in (people.lead, people.operator))
    kinds = [each.kind for each in account_joins.preview(admin, checker, asker).obstacles]
    assert kinds == [ObstacleKind.UNFINISHED]
    assert account_joins.preview(admin, asker, checker).obstacles == []


def test_every_append_only_table_that_refers_to_people_lets_a_join_through(app):
    append_only = list_append_only_tables(db.session())
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name in append_only and any(map(refers_to_person, table.columns))
    }
    if db.engine.dialect.name == "sqlite":
        sources = sa.text("SELECT tbl_name FROM sqlite_master WHERE sql LIKE '%account_join_permit%'")
    else:
        sources = sa.text(
            "SELECT replace(proname, '_refuse', '') FROM pg_proc WHERE prosrc LIKE '%account_join_permit%'"
        )
    assert referring == set(db.session.scalars(sources)) - {"account_join_permit"}
    assert len(referring) >= 12


@pytest.mark.parametrize("column", ["reason", "author_id"])
def test_a_permit_lets_nothing_else_through(project, column):
    people = funding.cast(project)
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=100_00))
    funding.paid(people, funding.instalments(project)[0])
    author_id, other_id, third_id = people.second.person_id, make.person().id, make.person().id
    db.session.add(JoinTransactionPermit(from_id=author_id, to_id=other_id))
    db.session.flush()
    ledger = Base.metadata.tables["ledger_entry"]
    values = {"reason": "autre"} if column == "reason" else {"author_id": third_id}
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.update(ledger).where(ledger.c.author_id == author_id).values(values))
    db.session.rollback()


def test_what_opened_the_account_ends_and_its_address_leads_to_nobody(admin, goes, stays, project):
    make.session(goes)
    make.password_reset(goes)
    make.invitation(scope_id=project.id, role=Role.TEAM_MEMBER, email=goes.email, token_hash="h" * 64)
    db.session.add(FederatedIdentity(person_id=goes.id, issuer="https://pc.example", subject="s1"))
    db.session.commit()
    account_joins.join(admin, goes, stays)
    for model in (OpenSession, FederatedIdentity):
        assert db.session.scalars(sa.select(model)).all() == []
    assert all(row.ended_at for row in db.session.scalars(sa.select(PasswordReset)))
    assert all(row.revoked_at for row in db.session.scalars(sa.select(Invitation)))
    former = db.session.get_one(Person, goes.id)
    assert (former.name, former.password_hash) == ("Nour Haddad-Petit", None)
    assert former.email.endswith("@joined.invalid")
    assert former.disabled_at is not None
    letters = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "accounts-joined"))
    assert {letter.address for letter in letters} == {"nour@ancien.example", "nour@nouveau.example"}
    kinds = sa.select(Notification.kind).where(Notification.person_id == stays.id)
    assert "account_join" in set(db.session.scalars(kinds))


def test_proconnect_identities_move_only_where_an_administrator_says_so(admin, goes, stays):
    db.session.add(FederatedIdentity(person_id=goes.id, issuer="https://pc.example", subject="s1"))
    db.session.commit()
    account_joins.join(admin, goes, stays, move_identities=True)
    assert db.session.scalars(sa.select(FederatedIdentity.person_id)).all() == [stays.id]
    assert db.session.scalars(sa.select(AccountJoin.moved_identities)).all() == [True]


def test_of_what_both_have_the_one_that_stays_wins(admin, goes, stays, project):
    make.role(project.id, Role.TEAM_LEAD, stays)
    own = set(db.session.scalars(sa.select(RoleAssignment.id).where(RoleAssignment.person_id == stays.id)))
    make.role(project.id, Role.TEAM_LEAD, goes)
    make.role(project.id, Role.TEAM_MEMBER, goes)
    db.session.add(Preference(person_id=goes.id, kind="role", channel="inbox"))
    db.session.add(Preference(person_id=goes.id, kind="joined", channel="inbox"))
    db.session.add(Preference(person_id=stays.id, kind="role", channel="daily"))
    db.session.commit()
    seen = account_joins.preview(admin, goes, stays)
    assert {line.dataset.topic: line.yielding for line in seen.settled} == {"notifications": 1, "roles": 1}
    account_joins.join(admin, goes, stays)
    roles = db.session.scalars(sa.select(RoleAssignment).where(RoleAssignment.scope_id == project.id)).all()
    assert sorted(row.role for row in roles) == [Role.TEAM_LEAD, Role.TEAM_MEMBER]
    assert own <= {row.id for row in roles}
    chosen = {row.kind: row.channel for row in db.session.scalars(sa.select(Preference))}
    assert chosen == {"role": "daily", "joined": "inbox"}
    ended = read_history(db.session.get_one(Person, stays.id)).ended_roles
    assert [row.role for row in ended] == [Role.TEAM_LEAD]


def test_the_trail_and_exports_find_both_ids(admin, goes, stays):
    erasures.anybody_acts(goes)
    account_joins.join(admin, goes, stays)
    page = trail.read_trail_page(TrailFilters(person="nour@nouveau.example"), "Europe/Paris")
    assert {line.action for line in page.lines} == {
        "person.joined",
        "person.disabled",
        "data_export.downloaded",
    }
    by_old_address = trail.read_trail_page(TrailFilters(person="nour@ancien.example"), "Europe/Paris")
    assert [line.id for line in by_old_address.lines] == [line.id for line in page.lines]
    (line,) = [line for line in page.lines if line.action == "person.joined"]
    assert line.changed == ["reason"]
    acts = [each["action"] for each in iterate_trail_acts(db.session.get_one(Person, stays.id))]
    assert acts == ["data_export.downloaded"]


def test_a_chain_of_joins_leads_to_the_last_one(admin, goes, stays):
    third = make.person(email="nour@troisieme.example")
    account_joins.join(admin, goes, stays)
    account_joins.join(admin, stays, db.session.get_one(Person, third.id))
    rows = db.session.scalars(sa.select(AccountJoin).order_by(AccountJoin.id)).all()
    assert {row.person_id for row in rows} == {third.id}
    assert {row.email for row in rows} == {"nour@ancien.example", "nour@nouveau.example"}


def test_imports_name_the_account_that_stays(admin, goes, stays, project):
    """Its id stands in JSON there: a file that gave an item to the other one is not contradicted."""
    choices = {"people": {"nour": str(goes.id)}}
    db.session.add(SavedChoices(project_id=project.id, tool=Tool.JIRA, choices=choices))
    db.session.commit()
    account_joins.join(admin, goes, stays)
    assert db.session.scalars(sa.select(SavedChoices.choices)).all() == [{"people": {"nour": str(stays.id)}}]
