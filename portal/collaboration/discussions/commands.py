"""Open discussions; post, edit and delete comments; resolve threads; mark as read.

The audit trail records that a comment was written, never its text: a deleted text must be gone
everywhere.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.insertion_commands import CommentPosition, insert_comment
from portal.collaboration.discussions.mention_queries import read_comment_to_edit, resolve_mentions
from portal.collaboration.discussions.models import (
    COMMENT_MAX,
    Comment,
    Discussion,
    EarlierText,
    Mention,
    ReadMark,
    Thread,
)
from portal.collaboration.discussions.thread_queries import find_last_new_comment_time
from portal.collaboration.files.commands import remove_files
from portal.people.programmes.models import PolicyScope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import (
    check_version,
    db,
    execute_write,
    fetch_rows,
    flush_session,
)
from portal.platform.kernel.errors import AlreadyDeleted, NotFound, RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.marks import write_mark_or_skip
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

STARTED = audit.Action("comment.started", _l("a commenté"))
REPLIED = audit.Action("comment.replied", _l("a répondu"))
EDITED = audit.Action("comment.edited", _l("a modifié un message"))
DELETED = audit.Action("comment.deleted", _l("a supprimé un message"), ends=True)
RESOLVED = audit.Action("thread.resolved", _l("a déclaré un échange réglé"))
REOPENED = audit.Action("thread.reopened", _l("a rouvert un échange"))


def create_discussion(scope_id: UUID, *, page: str) -> Discussion:
    """Create the discussion of a new object; `page` is the path of the object's page."""
    discussion = Discussion(scope_id=scope_id, page=page)
    db.session.add(discussion)
    db.session.flush()
    return discussion


def create_discussions(scope_id: UUID, pages: Sequence[str]) -> Sequence[UUID]:
    """Create many discussions in one statement; returns their ids in the order of `pages`."""
    ids, common = [new_id() for _ in pages], {"created_at": clock.now(), "scope_id": scope_id}
    pairs = zip(ids, pages, strict=True)
    execute_write(_INSERT_DISCUSSIONS, [common | {"id": id_, "page": page} for id_, page in pairs])
    return ids


_INSERT_DISCUSSIONS = sa.insert(Discussion)


class PostedComment(NamedTuple):
    """A new comment and its position: the path and page number that show it."""

    comment: Comment
    position: CommentPosition


def start_thread(actor: Actor, discussion_id: UUID, body: str) -> PostedComment:
    """Post the first comment of a new thread. Raises `RuleBroken` on `body`."""
    discussion, scope = queries.get_discussion_and_scope(actor, discussion_id)
    require(policy.can_comment(actor, scope))
    _check_body(body)
    thread_id = new_id()
    fetch_rows(_INSERT_THREAD, {"id": thread_id, "created_at": clock.now(), "discussion_id": discussion.id})
    return _post_comment(actor, (discussion, scope), thread_id, body, STARTED)


_INSERT_THREAD = PreparedStatement(sa.insert(Thread), columns=("id", "created_at", "discussion_id"))


def reply_to_thread(
    actor: Actor, thread: Thread, body: str, *, read_at: datetime | None = None
) -> PostedComment:
    """Post a comment in a thread; reopens a resolved thread. Raises `RuleBroken` on `body`.

    `read_at`: up to when its author has read the thread, where no page that shows it says so.
    """
    discussion, scope = _lock_row_and_read_discussion(actor, thread)
    require(policy.can_comment(actor, scope))
    _check_body(body)
    if thread.resolved_at is not None:
        _mark_thread_open_again(actor, discussion, thread)
    if read_at is not None:
        _mark_answered_thread_read(actor, discussion, thread, read_at)
    return _post_comment(actor, (discussion, scope), thread.id, body, REPLIED)


def _post_comment(
    actor: Actor,
    place: tuple[queries.DiscussionColumns, PolicyScope],
    thread_id: UUID,
    body: str,
    action: audit.Action,
) -> PostedComment:
    discussion, scope = place
    body, person_ids = resolve_mentions(scope, body)
    comment = Comment(
        id=new_id(),
        created_at=clock.now(),
        version=1,
        thread_id=thread_id,
        discussion_id=discussion.id,
        author_id=actor.person_id,
        body=body,
    )
    position = insert_comment(comment, discussion.page)
    db.session.add_all(Mention(comment_id=comment.id, person_id=id_) for id_ in person_ids)
    _record_discussion_action(actor, action, comment, discussion)
    return PostedComment(comment, position)


def edit_comment(actor: Actor, comment: Comment, body: str, version: int) -> None:
    """Replace the text; the earlier text stays in the history.

    Raises `RuleBroken` on `body`, `Conflict` when it was saved in between.
    """
    discussion, scope = queries.get_discussion_and_scope(actor, comment.discussion_id)
    require_to_edit(actor, scope, comment)
    _check_body(body)
    if body == read_comment_to_edit(scope, comment).body:  # unchanged
        return
    body, mentioned_ids = resolve_mentions(scope, body)
    if body == comment.body:  # unchanged, or the same form submitted twice
        return
    check_version(comment, version)
    written_at = comment.edited_at or comment.created_at
    before = EarlierText(comment_id=comment.id, body=comment.body, written_at=written_at)
    db.session.add(before)
    comment.body = body
    comment.edited_at = clock.now()
    flush_session()
    _sync_mentions(comment, mentioned_ids)
    _record_discussion_action(actor, EDITED, comment, discussion)


def require_to_edit(actor: Actor, scope: PolicyScope, comment: Comment) -> None:
    """Raise `AlreadyDeleted` for the author of a deleted comment, `NotAllowed` for others."""
    if policy.is_author_who_may_comment(actor, scope, comment) and comment.deleted_at is not None:
        sentence = _("Ce message a été supprimé ; il ne se modifie plus.")
        raise AlreadyDeleted(sentence, f"/comments/{comment.id}")
    sentence = _("Seule la personne qui a écrit un message peut le modifier.")
    require(policy.can_edit(actor, scope, comment), sentence)


def explain_delete_refusal() -> str:
    return _("Un message est supprimé par la personne qui l’a écrit ou par la direction du programme.")


def delete_comment(actor: Actor, comment: Comment) -> None:
    """Delete the text, its history, mentions and files; the emptied row stays. Idempotent."""
    discussion, scope = _lock_row_and_read_discussion(actor, comment)
    require(policy.can_delete(actor, scope, comment), explain_delete_refusal())
    if comment.deleted_at is not None:
        return
    comment.body = ""
    comment.deleted_at = clock.now()
    comment.deleted_by_id = actor.person_id
    flush_session()
    for model in (EarlierText, Mention):
        db.session.execute(sa.delete(model).where(model.comment_id == comment.id))
    remove_files(actor, Comment.__tablename__, comment.id)
    _record_discussion_action(actor, DELETED, comment, discussion)


def resolve_thread(actor: Actor, thread: Thread) -> None:
    """Mark a thread as resolved; idempotent."""
    discussion, scope = _lock_row_and_read_discussion(actor, thread)
    require(policy.can_comment(actor, scope))
    if not policy.can_resolve(actor, scope, thread):
        return
    thread.resolved_at = clock.now()
    thread.resolved_by_id = actor.person_id
    _record_discussion_action(actor, RESOLVED, thread, discussion)


def reopen_thread(actor: Actor, thread: Thread) -> None:
    """Reopen a resolved thread; idempotent."""
    discussion, scope = _lock_row_and_read_discussion(actor, thread)
    require(policy.can_comment(actor, scope))
    if policy.can_reopen(actor, scope, thread):
        _mark_thread_open_again(actor, discussion, thread)


def _mark_thread_open_again(actor: Actor, discussion: queries.DiscussionColumns, thread: Thread) -> None:
    thread.resolved_at = None
    thread.resolved_by_id = None
    _record_discussion_action(actor, REOPENED, thread, discussion)


def _mark_answered_thread_read(
    actor: Actor, discussion: queries.DiscussionColumns, thread: Thread, read_at: datetime
) -> None:
    """Mark the thread as read up to a moment, but for what is older and new in other threads."""
    last_at = find_last_new_comment_time(actor, discussion.id, thread.id, read_at)
    if last_at is not None:
        mark_discussions_read(actor, {discussion.id: last_at})


def mark_discussion_read(actor: Actor, discussion_id: UUID, up_to: datetime | None = None) -> None:
    """Record that the actor has read a discussion up to a moment (default: now).

    Upserts in a separate transaction, because a GET writes nothing else; a mark never moves back.
    A busy database is logged and ignored: the comments stay unread.
    """
    write_mark_or_skip(_build_read_mark_upsert(actor, discussion_id, up_to or clock.now()))


def _build_read_mark_upsert(actor: Actor, discussion_id: UUID, read_at: datetime) -> Any:
    """The upsert of a mark, which never moves back."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    mark = insert(ReadMark).values(
        id=new_id(),
        created_at=clock.now(),
        person_id=actor.person_id,
        discussion_id=discussion_id,
        read_at=read_at,
        marked_at=clock.now(),
    )
    return mark.on_conflict_do_update(
        index_elements=[ReadMark.person_id, ReadMark.discussion_id],
        set_={"read_at": mark.excluded.read_at, "marked_at": mark.excluded.marked_at},
        where=ReadMark.read_at < mark.excluded.read_at,
    )


def mark_discussions_read(actor: Actor, up_to_by_discussion: Mapping[UUID, datetime]) -> None:
    """The same for several discussions, each up to a moment, within the transaction of the caller."""
    for discussion_id, read_at in sorted(up_to_by_discussion.items()):
        execute_write(_build_read_mark_upsert(actor, discussion_id, read_at), {})


def _check_body(body: str) -> None:
    if not body.strip():
        raise RuleBroken("body", _("Écrivez votre message."))
    if len(body) > COMMENT_MAX:
        raise RuleBroken("body", _("Ce message est trop long."))


def _lock_row_and_read_discussion(
    actor: Actor, row: Thread | Comment
) -> tuple[queries.DiscussionColumns, PolicyScope]:
    """Lock and refresh the row; returns its discussion and scope, read in the same statement."""
    model = type(row)
    place = queries.PLACES.join(model, model.discussion_id == Discussion.id)
    statement = place.where(model.id == row.id).add_columns(model).with_for_update(of=model)
    refresh = {"populate_existing": True}
    result = db.session.execute(statement, execution_options=refresh).one_or_none()
    if result is None:  # deleted meanwhile, with its discussion
        raise NotFound
    *place_row, _row = result
    return queries.convert_row_to_discussion_and_scope(actor, place_row)


def _sync_mentions(comment: Comment, mentioned_ids: Set[UUID]) -> None:
    """Make the stored mentions of a comment those of its text."""
    mentions = sa.select(Mention.person_id).where(Mention.comment_id == comment.id)
    stored_ids = set(db.session.scalars(mentions))
    deletion = sa.delete(Mention).where(Mention.comment_id == comment.id)
    db.session.execute(deletion.where(Mention.person_id.in_(stored_ids - mentioned_ids)))
    db.session.add_all(Mention(comment_id=comment.id, person_id=id_) for id_ in mentioned_ids - stored_ids)


def _record_discussion_action(
    actor: Actor, action: audit.Action, subject: Comment | Thread, discussion: queries.DiscussionColumns
) -> None:
    facts = {"page": discussion.page}
    audit.record(actor, action, subject, scope_id=discussion.scope_id, facts=facts)
