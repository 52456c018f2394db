"""Conversations, unread comments, and the number of queries, on both engines."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from portal.collaboration.discussions import (
    commands,
    conversation_queries,
    mention_queries,
    queries,
    thread_queries,
)
from portal.collaboration.discussions.conversation_queries import read_conversation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from tests.collaboration.discussions.conftest import Table, thread_of
from tests.support import factories

BLIND = (Role.JUROR, Role.OPERATOR, Role.OBSERVER, Role.ADMINISTRATOR)


def unread(table: Table, who: object) -> int:
    return queries.count_unread_by_discussion(factories.actor(who), [table.id])[table.id]


def read(table: Table, who: object, page: int = 1) -> conversation_queries.DiscussionPage:
    """Read a conversation and mark it as read, as the page does."""
    me = factories.actor(who)
    seen = read_conversation(me, table.id, page)
    db.session.rollback()
    if seen.read_up_to:
        commands.mark_discussion_read(me, table.id, seen.read_up_to)
    return seen


def bodies(seen: conversation_queries.DiscussionPage) -> list[list[str]]:
    return [[remark.comment.body for remark in each.remarks] for each in seen.exchanges]


@pytest.mark.parametrize("role", BLIND)
def test_roles_that_do_not_read_a_project_find_nothing_of_it(table: Table, role: Role) -> None:
    comment = table.start(table.agent)
    me = factories.actor(factories.holder(role, table.project))
    for look in (
        lambda: queries.get_discussion(me, table.id),
        lambda: queries.get_thread(me, comment.thread_id),
        lambda: queries.get_comment(me, comment.id),
        lambda: read_conversation(me, table.id),
    ):
        with pytest.raises(NotFound):
            look()
    assert queries.list_earlier_texts(me, comment) == []
    assert queries.count_unread_by_discussion(me, [table.id]) == {table.id: 0}
    assert queries.count_unread_by_scope(me, [table.project.id]) == {table.project.id: 0}


def test_what_does_not_exist_is_not_found(table: Table) -> None:
    me = factories.actor(table.agent)
    for look in (queries.get_discussion, queries.get_thread, queries.get_comment):
        with pytest.raises(NotFound):
            look(me, uuid4())


def test_open_threads_come_first_and_each_kind_is_oldest_first(table: Table) -> None:
    one, *_rest = [table.start(table.agent, body) for body in ("un", "deux", "trois")]
    table.reply(table.coach, one, "réponse")
    commands.resolve_thread(factories.actor(table.coach), thread_of(table.agent, one))
    db.session.commit()
    seen = read(table, table.agent)
    assert bodies(seen) == [["deux"], ["trois"], ["un", "réponse"]]
    assert (seen.open_count, seen.resolved_count) == (2, 1)
    assert seen.exchanges[-1].resolved_by == "Camille Roux"
    assert [each.can_resolve for each in seen.exchanges] == [True, True, False]
    assert [each.can_reopen for each in seen.exchanges] == [False, False, True]


def test_a_reader_is_offered_only_what_they_may_do(table: Table) -> None:
    table.start(table.agent)
    flags = {}
    for who in (table.agent, table.coach, table.director):
        remark = read_conversation(factories.actor(who), table.id).exchanges[0].remarks[0]
        flags[who.id] = (remark.can_edit, remark.can_delete)
    assert list(flags.values()) == [(True, True), (False, False), (False, True)]


def test_comments_by_others_are_unread_until_read(table: Table) -> None:
    first = table.start(table.coach)
    table.reply(table.agent, first, read_at=first.created_at)
    assert (unread(table, table.agent), unread(table, table.coach)) == (0, 1)  # who answers has read
    table.reply(table.coach, first, "Merci.", read_at=clock.now())
    seen = read(table, table.agent)
    assert [remark.is_new for remark in seen.exchanges[0].remarks] == [False, False, True]
    assert (unread(table, table.agent), unread(table, table.coach)) == (0, 0)
    assert [remark.is_new for remark in read(table, table.agent).exchanges[0].remarks] == [False] * 3
    table.reply(table.coach, first, "Encore ceci.")
    assert unread(table, table.agent) == 1


def test_an_answer_reads_its_thread_but_not_what_is_older_and_new_in_another(table: Table) -> None:
    older, asked = table.start(table.coach, "Avant"), table.start(table.coach, "Une question")
    table.reply(table.agent, asked, read_at=clock.now())
    assert unread(table, table.agent) == 2  # the mark would skip the older one
    table.reply(table.agent, older, read_at=clock.now())
    assert unread(table, table.agent) == 1
    table.reply(table.agent, asked, read_at=clock.now())
    assert unread(table, table.agent) == 0


def test_an_answer_reads_nothing_that_its_author_was_not_shown(table: Table) -> None:
    asked = table.start(table.coach, "Une question")
    table.reply(table.coach, asked, "Une autre, depuis")
    table.reply(table.agent, asked)  # by the API, which shows no page
    assert unread(table, table.agent) == 2
    table.reply(table.agent, asked, read_at=asked.created_at)  # by mail, to the first one
    assert unread(table, table.agent) == 1


def test_a_deleted_comment_is_not_news(table: Table) -> None:
    comment = table.start(table.coach)
    commands.delete_comment(factories.actor(table.coach), comment)
    db.session.commit()
    assert unread(table, table.agent) == 0


def test_unread_comments_add_up_over_the_discussions_of_a_scope(table: Table) -> None:
    table.start(table.coach)
    factories.comment(table.project.discussion_id, table.coach)
    other = factories.project()
    factories.comment(other.discussion_id, factories.holder(Role.TEAM_MEMBER, other))
    me = factories.actor(table.agent)
    counted = queries.count_unread_by_scope(me, [table.project.id, other.id])
    assert counted == {table.project.id: 2, other.id: 0}


def test_unread_is_counted_in_one_query_however_many_discussions(table: Table, statements: list[str]) -> None:
    talks = [factories.discussion(table.project.id).id for _ in range(30)]
    me, scope_id = factories.actor(table.agent), table.project.id
    statements.clear()
    queries.count_unread_by_discussion(me, talks)
    queries.count_unread_by_scope(me, [scope_id])
    assert len(selects(statements)) == 2


def test_long_discussions_come_by_pages_of_threads(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "THREADS_PER_PAGE", 2)
    comments = [table.start(table.agent, str(n)) for n in range(5)]
    commands.resolve_thread(factories.actor(table.coach), thread_of(table.agent, comments[0]))
    db.session.commit()
    pages = [read_conversation(factories.actor(table.agent), table.id, n) for n in (1, 2, 3)]
    assert [bodies(seen) for seen in pages] == [[["1"], ["2"]], [["3"], ["4"]], [["0"]]]
    assert {seen.pages for seen in pages} == {3}
    places = [
        thread_queries.locate_thread(factories.actor(table.agent), each.thread_id)[1] for each in comments
    ]
    assert places == [3, 1, 1, 2, 2]
    assert read_conversation(factories.actor(table.agent), table.id, 99).page == 3


def test_a_page_marks_nothing_read_that_it_did_not_show(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "THREADS_PER_PAGE", 1)
    first, second = table.start(table.coach, "page 1"), table.start(table.coach, "page 2")
    table.reply(table.coach, first, "page 1, plus tard")
    seen = read(table, table.agent, 1)
    assert (seen.unread_count, seen.unread_elsewhere) == (3, second.id)
    assert unread(table, table.agent) == 2
    assert read(table, table.agent, 2).unread_elsewhere is not None
    assert unread(table, table.agent) == 1
    assert read(table, table.agent, 1).unread_elsewhere is None
    assert unread(table, table.agent) == 0


def test_people_who_may_read_may_be_mentioned(table: Table) -> None:
    for role in BLIND:
        factories.holder(role, table.project)
    scope = queries.get_discussion_and_scope(factories.actor(table.agent), table.id)[1]
    handles = {who.handle for who in mention_queries.list_mentionable_people(scope)}
    assert handles == {"awa.diallo", "camille.roux", table.director.handle}


def test_mentions_tell_who_when_and_where_newest_first(table: Table) -> None:
    table.start(table.coach, "Un mot, @awa.diallo")
    read(table, table.agent)
    latest = table.start(table.coach, "Un autre, @awa.diallo")
    table.start(table.agent, "Une note pour moi, @awa.diallo")
    found = queries.list_mentioning_comments(factories.actor(table.agent), 10)
    assert [(each.author, each.is_new) for each in found] == [("Camille Roux", True), ("Camille Roux", False)]
    assert (found[0].comment_id, found[0].scope_id) == (latest.id, table.project.id)
    assert len(queries.list_mentioning_comments(factories.actor(table.agent), 1)) == 1


def test_mentions_go_with_the_comment_and_with_the_right_to_read(table: Table) -> None:
    comment = table.start(table.coach, "Un mot, @awa.diallo")
    kept = table.start(table.coach, "Deux mots, @awa.diallo")
    commands.delete_comment(factories.actor(table.coach), comment)
    db.session.commit()
    me = factories.actor(table.agent)
    assert [each.comment_id for each in queries.list_mentioning_comments(me, 10)] == [kept.id]
    no_longer_in_the_team = type(me)(me.person_id, {})
    assert queries.list_mentioning_comments(no_longer_in_the_team, 10) == []


def selects(statements: list[str]) -> list[str]:
    return [sent for sent in statements if sent.lstrip().upper().startswith(("SELECT", "WITH"))]


def test_fifty_comments_cost_what_one_costs(table: Table, statements: list[str]) -> None:
    def cost(fill: Callable[[], object]) -> int:
        fill()
        me = factories.actor(table.agent)
        db.session.commit()
        statements.clear()
        read_conversation(me, table.id)
        return len(selects(statements))

    def fifty() -> None:
        for _ in range(10):
            thread = table.start(table.coach, "@awa.diallo")
            for _ in range(4):
                table.reply(table.agent, thread, "@camille.roux")
        commands.resolve_thread(factories.actor(table.coach), thread_of(table.agent, thread))
        commands.delete_comment(factories.actor(table.director), thread)

    one = cost(lambda: table.start(table.coach))
    assert cost(fifty) == one
    assert one <= 10
