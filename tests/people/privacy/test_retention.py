"""Retention: nothing due is left, nothing else is gone, no mail too many."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.oversight.committee_packs.models import CommitteePack, PackPage, PackPdf
from portal.people.accounts.models import AddressChange, OpenSession, Person
from portal.people.privacy import erasure_jobs, retention_commands, retention_jobs
from portal.people.privacy import retention_queries as queries
from portal.people.privacy.retention_models import RetentionRemovalCount, RetentionTerm, UnusedAccountWarning
from portal.people.privacy.unused_rules import (
    UNUSED_ACCOUNTS,
    UnusedAccountNotices,
    UnusedAccountStep,
    find_due_step,
)
from portal.people.programmes.models import INSTALLATION, Invitation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.retention import RetentionRule
from portal.platform.kernel.tokens import new_token, token_hash
from tests.support import factories as make
from tests.support import packs
from tests.support.browser import words_of
from tests.support.keeping import write

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def admin(project) -> Person:
    return make.holder(Role.ADMINISTRATOR, project)


def ids_of(model) -> set[object]:
    return set(db.session.scalars(sa.select(model.id)))


def test_a_feature_forgets_rows_of_tables_with_one_key_only(app):
    """What a feature forgets itself, it forgets by the first column of the key: two would be too much."""
    rules = list_contributions(RetentionRule)
    assert len(rules) >= 5
    assert all(len(sa.inspect(rule.model).primary_key) == 1 for rule in rules if rule.forget)
    assert len({rule.key for rule in rules}) == len(rules)


def test_two_simulated_years_leave_nothing_due_and_take_nothing_else(project, admin):
    who, lead = make.person(), make.role(project.programme_id, Role.PROGRAMME_LEAD)
    who_id, programme = who.id, db.session.get_one(make.Programme, project.programme_id)
    pack_ids = []
    for month in range(24):
        with clock.frozen_at(NOW + 30 * month * DAY):
            make.session(who)
            make.letter(sent_at=clock.now())
            make.invitation(scope_id=project.id, role=Role.COACH, token_hash=token_hash(new_token()))
            pack_ids.append(packs.made(programme, lead, project).id)
    waiting = make.letter().id
    for week in range(105):
        with clock.frozen_at(NOW + 7 * week * DAY):
            retention_jobs.apply_retention()
    end = NOW + 104 * 7 * DAY
    with clock.frozen_at(end):
        terms = queries.read_term_days()
        assert {
            rule.key: queries.count_due_rows(rule, terms) for rule in list_contributions(RetentionRule)
        } == dict.fromkeys((rule.key for rule in list_contributions(RetentionRule)), 0)
    months = {30 * month for month in range(24)}
    left = [age for age in months if (end - NOW).days - age - 7 <= 365]
    assert len(ids_of(OpenSession)) == len(left)
    assert len(ids_of(Invitation)) == len(left)
    assert waiting in ids_of(OutboxMessage)
    recent = [age for age in months if (end - NOW).days - age <= 90]
    assert len(ids_of(OutboxMessage)) == len(recent) + 1
    assert set(pack_ids) == ids_of(CommitteePack)  # three years
    assert db.session.get(Person, who_id) is not None
    removed = dict(
        db.session.execute(
            sa.select(RetentionRemovalCount.key, sa.func.sum(RetentionRemovalCount.rows)).group_by(
                RetentionRemovalCount.key
            )
        ).all()
    )
    assert removed["sessions"] == 24 - len(left)


def test_a_programme_has_a_term_of_its_own(project, admin):
    other = make.project()
    lead = make.person()
    rows = {}
    for each in (project, other):
        rows[each.id] = packs.made(db.session.get_one(make.Programme, each.programme_id), lead, each).id
    actor, kind = make.actor(admin), queries.get_term_definition(make.actor(admin), "packs")
    retention_commands.set_retention_term(actor, kind, project.programme_id, 10, 0, previewed_days=10)
    db.session.commit()
    own, others = rows[project.id], rows[other.id]
    with clock.frozen_at(clock.now() + 11 * DAY):
        assert retention_jobs.apply_retention() == 1
    assert ids_of(CommitteePack) == {others}
    for model in (PackPage, PackPdf):
        assert own not in set(db.session.scalars(sa.select(model.pack_id)))


def test_a_session_that_a_change_of_address_names_stays_until_that_is_gone(app):
    change_id = make.address_change(make.person()).id
    with clock.frozen_at(clock.now() + 373 * DAY):
        retention_jobs.apply_retention()
    assert db.session.get(AddressChange, change_id) is None
    assert ids_of(OpenSession) == set()


def test_who_sets_a_term_and_two_who_set_one(project, admin, browser_for):
    actor, stranger = make.actor(admin), make.actor(make.person())
    kind = queries.get_term_definition(actor, "sessions")
    with pytest.raises(NotAllowed):
        retention_commands.set_retention_term(stranger, kind, INSTALLATION, 5, 0, previewed_days=5)
    retention_commands.set_retention_term(actor, kind, INSTALLATION, 200, 0, previewed_days=200)
    with pytest.raises(Conflict):
        retention_commands.set_retention_term(actor, kind, INSTALLATION, 300, 0, previewed_days=300)
    db.session.rollback()
    desk = browser_for(admin)
    asked = desk.submit("/retention/sessions", days="99", version="0", expect=422)
    assert "De 365 jours à 99 jours : rien ne part" in words_of(asked)
    desk.submit("/retention/sessions", days="99", version="0", previewed_days="99")
    least = desk.submit("/retention/programmes", days="1", version="0", previewed_days="1", expect=422)
    assert "prévenue trente puis sept jours avant" in words_of(least)
    assert "99" in words_of(desk.visit("/retention"))
    assert "99 jours" in words_of(desk.visit("/privacy"))
    desk.submit("/retention/sessions", days="0", version="1", expect=422)
    desk.submit("/retention/sessions", days="50", version="0", previewed_days="50", expect=409)


@pytest.mark.parametrize(
    ("idle", "first", "second", "left", "step"),
    [
        (700, None, None, True, UnusedAccountStep.WAIT),
        (707, None, None, True, UnusedAccountStep.TELL_FIRST),
        (729, 22, None, True, UnusedAccountStep.WAIT),
        (730, 23, None, True, UnusedAccountStep.TELL_SECOND),
        (736, 29, 6, True, UnusedAccountStep.WAIT),
        (737, 30, 7, True, UnusedAccountStep.ERASE),
        (737, 30, 7, False, UnusedAccountStep.WAIT),
        (900, 1, None, True, UnusedAccountStep.WAIT),  # a worker that was away shortens nothing
        (900, 40, 1, True, UnusedAccountStep.WAIT),
        (3, 20, None, True, UnusedAccountStep.FORGET),
    ],
)
def test_what_is_due_for_an_unused_account(idle, first, second, left, step):
    notices = (
        UnusedAccountNotices(NOW - first * DAY, NOW - second * DAY if second else None, left)
        if first
        else None
    )
    assert find_due_step(NOW - idle * DAY, notices, 730, NOW) is step


def run_days(begin: datetime, days: range) -> None:
    for day in days:
        with clock.frozen_at(begin + day * DAY):
            retention_jobs.handle_unused_accounts()
            db.session.execute(sa.update(OutboxMessage).values(sent_at=clock.now()))
            db.session.commit()
            erasure_jobs.advance_erasures()


def test_an_unused_account_is_told_twice_then_erased(app):
    with clock.frozen_at(NOW):
        who_id = make.person(name="Quintilien Oubliette").id
    run_days(NOW, range(700, 745))
    assert db.session.get_one(Person, who_id).name == "Ancien membre"
    letters = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert letters == ["erasure-done"]  # the others went with the person
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnusedAccountWarning)) == 0


def test_it_gets_two_letters_and_stays_while_they_have_not_left(app):
    with clock.frozen_at(NOW):
        who_id = make.person(name="Quintilien Oubliette").id
    for day in range(700, 800):
        with clock.frozen_at(NOW + day * DAY):
            retention_jobs.handle_unused_accounts()
            erasure_jobs.advance_erasures()
    assert db.session.get_one(Person, who_id).name == "Quintilien Oubliette"
    assert db.session.scalars(sa.select(OutboxMessage.kind)).all() == ["account-unused"] * 2


def test_it_is_erased_as_well_where_letters_are_kept_for_a_day(app, admin):
    with clock.frozen_at(NOW):
        who_id = make.person(name="Quintilien Oubliette").id
    actor = make.actor(admin)
    retention_commands.set_retention_term(
        actor, queries.get_term_definition(actor, "letters"), INSTALLATION, 1, 0, previewed_days=1
    )
    db.session.commit()
    for day in range(700, 745):
        run_days(NOW, range(day, day + 1))
        with clock.frozen_at(NOW + day * DAY):
            retention_jobs.apply_retention()
    assert db.session.get_one(Person, who_id).name == "Ancien membre"


def test_whoever_signs_in_after_a_letter_stays(app):
    with clock.frozen_at(NOW):
        who = make.person()
        who_id = who.id
    run_days(NOW, range(700, 720))
    with clock.frozen_at(NOW + 720 * DAY):
        make.session(db.session.get_one(Person, who_id))
    run_days(NOW, range(721, 800, 4))
    assert db.session.get_one(Person, who_id).disabled_at is None
    assert len(ids_of(OutboxMessage)) == 1


def test_the_shortest_term_of_unused_accounts_mails_nobody_who_comes_every_month(project, admin):
    """Nor twice whoever does not come, while their erasure waits for a decision."""
    with clock.frozen_at(NOW):
        kind = queries.get_term_definition(make.actor(admin), UNUSED_ACCOUNTS)
        actor, least = make.actor(admin), kind.least
        with pytest.raises(RuleBroken, match="60 jours"):
            retention_commands.set_retention_term(
                actor, kind, INSTALLATION, least - 1, 0, previewed_days=least - 1
            )
        retention_commands.set_retention_term(actor, kind, INSTALLATION, least, 0, previewed_days=least)
        active_id, idle_id = make.person().id, make.person(name="Quintilien Oubliette").id
        db.session.commit()
    kinds = {active_id: 0, idle_id: 0}
    for day in range(125):
        with clock.frozen_at(NOW + day * DAY):
            if day % 31 == 0:
                make.session(db.session.get_one(Person, active_id))
                db.session.commit()
            retention_jobs.handle_unused_accounts()
            for letter in db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))):
                kinds[letter.person_id] = kinds.get(letter.person_id, 0) + 1
                letter.sent_at = clock.now()
            db.session.commit()
    assert (kinds[active_id], kinds[idle_id]) == (0, 2)


def test_a_term_of_unused_accounts_of_an_earlier_release_counts_as_the_shortest(project, admin, browser_for):
    admin_id = admin.id
    write(RetentionTerm(scope_id=INSTALLATION, key=UNUSED_ACCOUNTS, days=1))
    assert queries.read_term_days() == {(INSTALLATION, UNUSED_ACCOUNTS): 60}
    make.person(created_at=clock.now())
    db.session.commit()
    retention_jobs.handle_unused_accounts()
    assert ids_of(OutboxMessage) == set()
    desk = browser_for(db.session.get_one(Person, admin_id))
    page = desk.visit("/retention/unused_accounts")
    assert "Au moins 60 jours" in words_of(page.select_one(".fr-hint-text"))
    page = desk.submit("/retention/unused_accounts", days="59", version="1", expect=422)
    assert "qui vient chaque mois n’en reçoit aucun" in words_of(page.select_one(".fr-message--error"))


def test_a_shorter_term_first_says_what_it_erases_and_whom_it_tells(project, admin, browser_for):
    ended = clock.now() - timedelta(days=100)
    make.session(make.person(), ended_at=ended, expires_at=ended)
    make.person(created_at=clock.now() - timedelta(days=400))
    db.session.commit()
    desk = browser_for(admin)
    page = desk.submit("/retention/sessions", days="90", version="0", expect=422)
    assert "1 ligne effacée" in words_of(page)
    assert queries.read_term_days() == {}
    desk.submit("/retention/sessions", days="50", previewed_days="90", version="0", expect=422)
    desk.submit(
        "/retention/sessions",
        days="90",
        previewed_days=page.select_one("[name=previewed_days]")["value"],
        version="0",
    )
    assert queries.read_term_days() == {(INSTALLATION, "sessions"): 90}
    page = desk.submit("/retention/unused_accounts", days="365", version="0", expect=422)
    assert "1 personne prévenue par courriel" in words_of(page)
    desk.submit("/retention/unused_accounts", days="365", previewed_days="365", version="0")
    longer = "100"  # nothing to ask
    desk.submit("/retention/letters", days=longer, version="0")
    assert len(queries.read_term_days()) == 3
