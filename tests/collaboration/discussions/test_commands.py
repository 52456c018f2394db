"""Posting, editing, deleting comments and resolving threads, on both engines."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from portal.collaboration.discussions import commands, queries
from portal.collaboration.discussions.conversation_queries import read_conversation
from portal.collaboration.discussions.models import COMMENT_MAX, Comment, EarlierText, Mention, ReadMark
from portal.platform.kernel import clock, marks
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.errors import AlreadyDeleted, Conflict, NotFound, RuleBroken
from tests.collaboration.discussions.conftest import Table, thread_of
from tests.support import factories
from tests.support.refusals import forbidden

SECRET = "mot-qui-doit-partir"


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def cited() -> set[object]:
    return set(db.session.scalars(sa.select(Mention.person_id)))


def everything_stored() -> str:
    """Every row of every table, as text."""
    tables = Base.metadata.sorted_tables
    return "\n".join(str(row) for table in tables for row in db.session.execute(sa.select(table)))


def test_a_thread_begins_with_a_comment_and_goes_on_with_replies(table: Table) -> None:
    first = table.start(table.agent, "Avez-vous une minute ?")
    answer = table.reply(table.coach, first, "Oui.")
    assert answer.thread_id == first.thread_id
    assert actions() == ["comment.started", "comment.replied"]
    event = db.session.scalars(sa.select(AuditEvent).limit(1)).one()
    assert (event.scope_id, event.facts) == (table.project.id, {"page": table.path})


def test_the_trail_never_holds_what_was_said(table: Table) -> None:
    comment = table.start(table.agent, SECRET)
    commands.edit_comment(factories.actor(table.agent), comment, f"{SECRET} encore", 1)
    db.session.commit()
    trail = sa.select(AuditEvent.facts, AuditEvent.before, AuditEvent.after)
    assert SECRET not in str(db.session.execute(trail).all())


@pytest.mark.parametrize("body", ["", "  \n ", "x" * (COMMENT_MAX + 1)])
def test_an_empty_or_endless_comment_is_refused_beside_its_field(table: Table, body: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        table.start(table.agent, body)
    assert broken.value.field == "body"


def test_somebody_of_another_team_finds_nothing_to_act_on(table: Table) -> None:
    comment, stranger = table.start(table.agent), factories.actor(table.outsider)
    thread = thread_of(table.agent, comment)
    talk = queries.get_discussion(factories.actor(table.agent), table.id)
    for act in (
        lambda: commands.start_thread(stranger, talk.id, "Moi aussi."),
        lambda: commands.reply_to_thread(stranger, thread, "Moi aussi."),
        lambda: commands.edit_comment(stranger, comment, "Autre chose", 1),
        lambda: commands.delete_comment(stranger, comment),
        lambda: commands.resolve_thread(stranger, thread),
        lambda: commands.reopen_thread(stranger, thread),
    ):
        with pytest.raises(NotFound):
            act()


def test_mentions_are_kept_for_those_who_may_read_and_for_nobody_else(table: Table) -> None:
    reviewer = factories.holder(Role.ETHICS_REVIEWER, table.project)
    observer = factories.holder(Role.OBSERVER, table.project)
    gone = factories.role(table.project.id, Role.TEAM_MEMBER)
    gone.disabled_at = clock.now()
    db.session.commit()
    people = [table.coach, table.director, reviewer, observer, table.outsider, gone]
    table.start(table.agent, " ".join(f"@{who.handle}" for who in people) + " @personne.du.tout")
    assert cited() == {table.coach.id, table.director.id, reviewer.id}


def test_a_name_mentions_its_person_unless_somebody_else_has_it(table: Table) -> None:
    remark = table.start(table.agent, "> @Camille Roux avait dit\nMerci @Camille Roux, et @Awa Diallo.")
    assert remark.body == "> @Camille Roux avait dit\nMerci @camille.roux, et @awa.diallo."
    assert cited() == {table.coach.id, table.agent.id}
    factories.role(
        table.project.id, Role.COACH, factories.person(name="Camille Roux", handle="camille.roux2")
    )
    table.coach.name = "Camille Roux"
    db.session.commit()
    both = table.start(table.agent, "@Camille Roux ou @camille.roux2 ?")
    assert both.body == "@Camille Roux ou @camille.roux2 ?"


def test_a_phone_begins_a_mention_with_a_capital(table: Table) -> None:
    table.start(table.agent, "@Camille.Roux, voici.")
    assert cited() == {table.coach.id}


def test_an_address_is_not_a_mention(table: Table) -> None:
    table.start(table.agent, "Écrivez à contact@camille.roux ou à x.@camille.roux")
    assert cited() == set()


def test_an_edit_keeps_the_text_before_and_brings_mentions_into_step(table: Table) -> None:
    comment = table.start(table.agent, "@camille.roux, voici.")
    said_at, me = comment.created_at, factories.actor(table.agent)
    commands.edit_comment(me, comment, f"@{table.director.handle}, voici.", comment.version)
    db.session.commit()
    assert cited() == {table.director.id}
    earlier = queries.list_earlier_texts(me, comment)
    assert [(text.body, text.written_at) for text in earlier] == [("@camille.roux, voici.", said_at)]
    assert comment.edited_at is not None
    assert actions()[-1] == "comment.edited"


def test_an_edit_sent_twice_is_one(table: Table) -> None:
    comment, me = table.start(table.agent, "Voici."), factories.actor(table.agent)
    version = comment.version
    for _ in range(2):
        commands.edit_comment(me, comment, "Voilà.", version)
        db.session.commit()
    assert [text.body for text in queries.list_earlier_texts(me, comment)] == ["Voici."]
    with pytest.raises(Conflict):
        commands.edit_comment(me, comment, "Autre chose.", version)


def test_an_edit_that_changes_nothing_leaves_no_trace(table: Table) -> None:
    comment = table.start(table.agent, "Voici.")
    commands.edit_comment(factories.actor(table.agent), comment, "Voici.", comment.version)
    db.session.commit()
    assert comment.edited_at is None
    assert actions() == ["comment.started"]


def test_a_stale_edit_is_a_conflict_and_changes_nothing(table: Table) -> None:
    comment = table.start(table.agent, "Un")
    commands.edit_comment(factories.actor(table.agent), comment, "Deux", 1)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.edit_comment(factories.actor(table.agent), comment, "Trois", 1)
    assert comment.body == "Deux"


def test_nobody_edits_the_words_of_another(table: Table) -> None:
    comment = table.start(table.agent)
    for who in (table.coach, table.director):
        with forbidden(match="Seule la personne"):
            commands.edit_comment(factories.actor(who), comment, "Autre chose", 1)


def test_deleted_words_are_gone_from_every_row_and_leave_a_trace(table: Table) -> None:
    comment = table.start(table.agent, f"{SECRET} @camille.roux")
    me = factories.actor(table.agent)
    commands.edit_comment(me, comment, f"{SECRET} autrement @camille.roux", comment.version)
    db.session.commit()
    assert SECRET in everything_stored()
    commands.delete_comment(me, comment)
    db.session.commit()
    assert SECRET not in everything_stored()
    assert cited() == set()
    assert db.session.scalars(sa.select(EarlierText)).all() == []
    kept = db.session.scalars(sa.select(Comment)).one()
    assert (kept.body, kept.deleted_by_id) == ("", table.agent.id)
    assert kept.deleted_at is not None
    assert actions()[-1] == "comment.deleted"


def test_the_programme_lead_may_take_words_away_and_a_coach_may_not(table: Table) -> None:
    comment = table.start(table.agent)
    with forbidden(match="direction du programme"):
        commands.delete_comment(factories.actor(table.coach), comment)
    commands.delete_comment(factories.actor(table.director), comment)
    assert comment.deleted_by_id == table.director.id


def test_a_deleted_comment_is_not_edited(table: Table) -> None:
    comment, me = table.start(table.agent), factories.actor(table.agent)
    commands.delete_comment(me, comment)
    db.session.commit()
    with pytest.raises(AlreadyDeleted, match="supprimé"):
        commands.edit_comment(me, comment, "Si", comment.version)


def test_a_thread_is_settled_once_and_reopened_once(table: Table) -> None:
    comment = table.start(table.agent)
    thread, coach, me = (
        thread_of(table.agent, comment),
        factories.actor(table.coach),
        factories.actor(table.agent),
    )
    commands.resolve_thread(coach, thread)
    commands.resolve_thread(me, thread)
    assert thread.resolved_by_id == table.coach.id
    commands.reopen_thread(me, thread)
    commands.reopen_thread(me, thread)
    db.session.commit()
    assert (thread.resolved_at, thread.resolved_by_id) == (None, None)
    assert actions() == ["comment.started", "thread.resolved", "thread.reopened"]


def test_a_reply_reopens_a_settled_thread(table: Table) -> None:
    comment = table.start(table.agent)
    thread = thread_of(table.agent, comment)
    commands.resolve_thread(factories.actor(table.coach), thread)
    db.session.commit()
    table.reply(table.agent, comment, "Pas tout à fait.")
    assert thread.resolved_at is None
    assert actions()[-2:] == ["thread.reopened", "comment.replied"]


def test_a_mark_goes_forward_and_never_back(table: Table) -> None:
    me, now = factories.actor(table.agent), clock.now()
    db.session.rollback()  # a reader's request has no lock
    for moment in (now, now - timedelta(hours=1), now + timedelta(hours=1), now):
        commands.mark_discussion_read(me, table.id, moment)
    marks = db.session.scalars(sa.select(ReadMark)).all()
    assert [mark.read_at for mark in marks] == [now + timedelta(hours=1)]


def test_a_database_too_busy_for_a_mark_does_not_stop_the_reading(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def locked(**_options: object) -> object:
        raise OperationalError("INSERT", {}, Exception("database is locked"))
        yield

    table.start(table.coach)
    monkeypatch.setattr(marks, "separate_transaction", locked)
    commands.mark_discussion_read(factories.actor(table.agent), table.id)
    assert read_conversation(factories.actor(table.agent), table.id).unread_count == 1
