"""A copy of the day before does not bring the second account back unseen; an erasure covers both."""

import shutil

import pytest
import sqlalchemy as sa
from flask import current_app

from portal.collaboration.search.commands import rebuild_search_index
from portal.communication.account_joins import jobs
from portal.communication.account_joins.jobs import AccountJoinToReplay, JoinReplayOutcome
from portal.people.accounts.join_models import AccountJoin
from portal.people.accounts.models import Person
from portal.people.privacy import erasure_jobs
from portal.people.privacy.erasure_models import Erasure, ErasureStage, MentionDecision
from portal.people.privacy.journal_exports import read_entries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit_verification import AuditTrailVerification
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from tests.people.privacy.test_erasures import make_elsewhere
from tests.support import account_joins, erasures
from tests.support import factories as make
from tests.support.restores import restored_copy

__all__ = ["make_elsewhere"]  # a fixture


@pytest.fixture
def pair(goes, stays) -> tuple[Person, Person]:
    return goes, stays


@pytest.fixture(autouse=True)
def clean_folder(app):
    folder = get_service(Settings).data_dir
    yield
    shutil.rmtree(folder / "mail", ignore_errors=True)
    for name in ("erasures.jsonl", jobs.JOURNAL_FILE):
        (folder / name).unlink(missing_ok=True)


def test_after_a_restore_of_yesterdays_copy_they_are_joined_again(
    project, admin, pair, tmp_path, make_elsewhere
):
    goes, stays = pair
    ids, admin_id = (goes.id, stays.id), admin.id
    make.role(project.id, Role.TEAM_LEAD, goes)
    make.comment(project.discussion_id, goes)
    rebuild_search_index()  # whatever words an earlier test left
    db.session.commit()
    copies, elsewhere = tmp_path / "copies", tmp_path / "elsewhere"
    copies.mkdir()
    runner = current_app.test_cli_runner()
    assert runner.invoke(args=["backup", "create", str(copies)]).exit_code == 0
    account_joins.join_by_ids(admin_id, *ids)
    assert jobs.journal_joins() == 1
    assert jobs.journal_joins() == 0
    journal = get_service(Settings).data_dir / jobs.JOURNAL_FILE
    assert [entry.former_id for entry in jobs.read_journal_entries(journal)] == [str(ids[0])]
    assert "nour" not in journal.read_text().lower()
    with restored_copy(copies, journal, elsewhere, make_elsewhere) as said:
        assert "Joins of accounts: 1 done again, 0 not to be done" in said
        assert account_joins.references_to(ids[0]) == {}
        assert account_joins.references_to(ids[1])["role_assignment.person_id"] == 1
        assert list(AuditTrailVerification().list_faults()) == []


def test_a_replay_does_nothing_twice_and_closes_what_it_cannot_join(pair):
    goes, stays = pair
    goes_id, stays_id = goes.id, stays.id
    entry = AccountJoinToReplay(str(goes.id), str(stays.id), moved_identities=False)
    stays.disabled_at = clock.now()
    db.session.commit()
    unknown = AccountJoinToReplay(str(new_id()), str(stays_id), moved_identities=False)
    assert jobs.replay_join(unknown) is JoinReplayOutcome.NOTHING
    assert jobs.replay_join(entry) is JoinReplayOutcome.CLOSED
    assert db.session.get_one(Person, goes_id).disabled_at is not None
    db.session.get_one(Person, stays_id).disabled_at = None
    db.session.commit()
    assert jobs.replay_join(entry) is JoinReplayOutcome.JOINED
    assert jobs.replay_join(entry) is JoinReplayOutcome.NOTHING


def test_an_erasure_covers_the_account_that_was_joined(project, admin):
    """Its old name and address are found and redacted too, and the journal names both ids."""
    admin_id, zoe_id = admin.id, erasures.everywhere(project).id
    stays = make.person(name="Une Autre", email="autre@demo.example", handle="autre")
    stays_id = stays.id
    db.session.commit()
    account_joins.join_by_ids(admin_id, zoe_id, stays_id)
    assert {"account_join.email", "comment.body"} <= erasures.traces()
    stays, admin = db.session.get_one(Person, stays_id), db.session.get_one(Person, admin_id)
    erasure_id = erasures.prepare(stays, admin)
    erasures.decide_all(erasure_id, admin_id, MentionDecision.REDACT)
    erasures.carry_out(erasure_id, admin_id)
    assert db.session.get_one(Erasure, erasure_id).stage is ErasureStage.ERASED
    assert erasures.traces() == set()
    assert all(db.session.get_one(Person, id_).is_erased for id_ in (zoe_id, stays_id))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccountJoin)) == 0
    named = {entry.person_id for entry in read_entries(get_service(Settings).data_dir / "erasures.jsonl")}
    assert named >= {str(zoe_id), str(stays_id)}
    assert erasure_jobs.advance_erasures() == 0


def test_words_of_the_name_are_sought_alone_though_the_joined_account_bears_it_too(project, admin):
    admin_id, zoe_id = admin.id, erasures.everywhere(project).id
    stays_id = make.person(name=erasures.NAME, email="zq@demo.example", handle="zq").id
    db.session.commit()
    account_joins.join_by_ids(admin_id, zoe_id, stays_id)
    stays, admin = db.session.get_one(Person, stays_id), db.session.get_one(Person, admin_id)
    erasure_id = erasures.prepare(stays, admin)
    assert {"quenneville", "zephyrine"} <= set(db.session.get_one(Erasure, erasure_id).words_alone)
    erasures.decide_all(erasure_id, admin_id, MentionDecision.REDACT)
    erasures.carry_out(erasure_id, admin_id)
    assert erasures.traces() == set()


def test_a_word_that_somebody_else_bears_is_not_sought_alone_after_a_join(project, admin, pair):
    goes, stays = pair
    admin_id, ids = admin.id, (goes.id, stays.id)
    make.person(name="Lina Haddad")
    db.session.commit()
    account_joins.join_by_ids(admin_id, *ids)
    stays, admin = db.session.get_one(Person, ids[1]), db.session.get_one(Person, admin_id)
    words = db.session.get_one(Erasure, erasures.prepare(stays, admin)).words_alone
    assert "haddad" not in words
    assert "petit" in words
