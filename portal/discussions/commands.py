"""What people do in a discussion, and how a thing gets one.

The trail tells that somebody spoke, never what was said: a deleted text must be gone everywhere.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.discussions import figures, policy, queries
from portal.discussions.models import (
    COMMENT_MAX,
    Comment,
    Discussion,
    EarlierText,
    Mention,
    ReadMark,
    Thread,
)
from portal.files.commands import remove_all
from portal.kernel import audit, clock
from portal.kernel.access import Actor, require
from portal.kernel.db import aside, check_version, db, insert, rows, save, write
from portal.kernel.errors import Gone, NotFound, RuleBroken
from portal.kernel.ids import new_id
from portal.kernel.statements import Once
from portal.kernel.text import gettext as _
from portal.kernel.text import handles_in
from portal.kernel.text import lazy_gettext as _l
from portal.programmes.models import Bounds

log = structlog.get_logger("portal")

STARTED = audit.Action("comment.started", _l("a commenté"))
REPLIED = audit.Action("comment.replied", _l("a répondu"))
EDITED = audit.Action("comment.edited", _l("a modifié un commentaire"))
DELETED = audit.Action("comment.deleted", _l("a supprimé un commentaire"), ends=True)
RESOLVED = audit.Action("thread.resolved", _l("a déclaré une discussion réglée"))
REOPENED = audit.Action("thread.reopened", _l("a rouvert une discussion"))


def open_discussion(scope_id: UUID, *, page: str) -> Discussion:
    """A place to talk beside a thing that is being made; `page` is the path that will show it."""
    discussion = Discussion(scope_id=scope_id, page=page)
    db.session.add(discussion)
    db.session.flush()
    return discussion


def open_discussions(scope_id: UUID, pages: Sequence[str]) -> Sequence[UUID]:
    """The same for many things made together, in one statement; their ids, in this order."""
    ids, common = [new_id() for _ in pages], {"created_at": clock.now(), "scope_id": scope_id}
    pairs = zip(ids, pages, strict=True)
    write(_OPENED, [common | {"id": id_, "page": page} for id_, page in pairs])
    return ids


_OPENED = sa.insert(Discussion).values(comment_count=0, last_comment_at=None)


class Said(NamedTuple):
    """A comment just made, and where it is seen."""

    comment: Comment
    stand: figures.Stand


def start_thread(actor: Actor, discussion_id: UUID, body: str) -> Said:
    """The first comment of a new thread. Raises `RuleBroken` on `body`."""
    discussion, scope = queries.get_place(actor, discussion_id)
    require(policy.can_comment(actor, scope))
    _check(body)
    thread_id = new_id()
    rows(_BEGUN, {"id": thread_id, "created_at": clock.now(), "discussion_id": discussion.id})
    return _say(actor, (discussion, scope), thread_id, body, STARTED)


_BEGUN = Once(sa.insert(Thread), columns=("id", "created_at", "discussion_id"))


def reply(actor: Actor, thread: Thread, body: str) -> Said:
    """One more comment in a thread, which opens again if it was resolved.

    Raises `RuleBroken` on `body`.
    """
    discussion, scope = _hold(actor, thread)
    require(policy.can_comment(actor, scope))
    _check(body)
    if thread.resolved_at is not None:
        _reopen(actor, discussion, thread)
    return _say(actor, (discussion, scope), thread.id, body, REPLIED)


def _say(
    actor: Actor,
    place: tuple[queries.Place, Bounds],
    thread_id: UUID,
    body: str,
    action: audit.Action,
) -> Said:
    discussion, scope = place
    comment = Comment(
        id=new_id(),
        created_at=clock.now(),
        version=1,
        thread_id=thread_id,
        discussion_id=discussion.id,
        author_id=actor.person_id,
        body=body,
    )
    insert(comment)
    cited = _find_cited(scope, comment)
    db.session.add_all(Mention(comment_id=comment.id, person_id=id_) for id_ in cited)
    stand = figures.add_comment(comment)
    _record(actor, action, comment, discussion)
    return Said(comment, stand)


def edit_comment(actor: Actor, comment: Comment, body: str, version: int) -> None:
    """Say it better; what it said before stays in its history.

    Raises `RuleBroken` on `body`, `Conflict` when it was saved in between.
    """
    discussion, scope = queries.get_place(actor, comment.discussion_id)
    require_to_edit(actor, scope, comment)
    _check(body)
    if body == comment.body:  # nothing to say, or said a moment ago: a form that was sent twice
        return
    check_version(comment, version)
    written_at = comment.edited_at or comment.created_at
    before = EarlierText(comment_id=comment.id, body=comment.body, written_at=written_at)
    db.session.add(before)
    comment.body = body
    comment.edited_at = clock.now()
    save()
    _cite(scope, comment)
    _record(actor, EDITED, comment, discussion)


def require_to_edit(actor: Actor, scope: Bounds, comment: Comment) -> None:
    """Raise `Gone` for whoever wrote a comment that was deleted, `NotAllowed` for anybody else."""
    if policy.is_own(actor, scope, comment) and comment.deleted_at is not None:
        sentence = _("Ce commentaire a été supprimé ; il ne se modifie plus.")
        raise Gone(sentence, f"/comments/{comment.id}")
    sentence = _("Seule la personne qui a écrit un commentaire peut le modifier.")
    require(policy.can_edit(actor, scope, comment), sentence)


def why_not_delete() -> str:
    return _(
        "Un commentaire est supprimé par la personne qui l’a écrit"
        " ou par la direction du programme."
    )


def delete_comment(actor: Actor, comment: Comment) -> None:
    """Take the words away, all their versions too; a trace keeps the place."""
    discussion, scope = _hold(actor, comment)
    require(policy.can_delete(actor, scope, comment), why_not_delete())
    if comment.deleted_at is not None:
        return
    comment.body = ""
    comment.deleted_at = clock.now()
    comment.deleted_by_id = actor.person_id
    save()
    for belongings in (EarlierText, Mention):
        db.session.execute(sa.delete(belongings).where(belongings.comment_id == comment.id))
    remove_all(actor, Comment.__tablename__, comment.id)
    figures.follow_comments(comment.discussion_id)
    _record(actor, DELETED, comment, discussion)


def resolve(actor: Actor, thread: Thread) -> None:
    """Say that the question is settled. Nothing happens where somebody said so already."""
    discussion, scope = _hold(actor, thread)
    require(policy.can_comment(actor, scope))
    if not policy.can_resolve(actor, scope, thread):
        return
    thread.resolved_at = clock.now()
    thread.resolved_by_id = actor.person_id
    _record(actor, RESOLVED, thread, discussion)


def reopen(actor: Actor, thread: Thread) -> None:
    """Say that it is not settled after all. Nothing happens where it is open already."""
    discussion, scope = _hold(actor, thread)
    require(policy.can_comment(actor, scope))
    if policy.can_reopen(actor, scope, thread):
        _reopen(actor, discussion, thread)


def _reopen(actor: Actor, discussion: queries.Place, thread: Thread) -> None:
    thread.resolved_at = None
    thread.resolved_by_id = None
    _record(actor, REOPENED, thread, discussion)


def mark_read(actor: Actor, discussion_id: UUID, up_to: datetime | None = None) -> None:
    """Note that the actor has read a discussion, up to the last comment shown (or this moment).

    In a transaction of its own, because reading writes nothing else; a mark never goes back. A
    database too busy to take it does not fail the reading: the comments stay new.
    """
    read_at = up_to or clock.now()
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    mark = insert(ReadMark).values(
        id=new_id(),
        created_at=clock.now(),
        person_id=actor.person_id,
        discussion_id=discussion_id,
        read_at=read_at,
        marked_at=clock.now(),
    )
    mark = mark.on_conflict_do_update(
        index_elements=[ReadMark.person_id, ReadMark.discussion_id],
        set_={"read_at": mark.excluded.read_at, "marked_at": mark.excluded.marked_at},
        where=ReadMark.read_at < mark.excluded.read_at,
    )
    try:
        with aside() as session:
            session.execute(mark)
    except (OperationalError, PoolTimeout) as busy:
        log.warning("mark_read", kind=type(busy).__name__)


def _check(body: str) -> None:
    if not body.strip():
        raise RuleBroken("body", _("Écrivez votre commentaire."))
    if len(body) > COMMENT_MAX:
        raise RuleBroken("body", _("Ce commentaire est trop long."))


def _hold(actor: Actor, row: Thread | Comment) -> tuple[queries.Place, Bounds]:
    """Wait for whoever is changing the row, then see what they left, and where it stands."""
    kind = type(row)
    here = queries.PLACES.join(kind, kind.discussion_id == Discussion.id).where(kind.id == row.id)
    held = here.add_columns(kind).with_for_update(of=kind)
    anew = {"populate_existing": True}
    found = db.session.execute(held, execution_options=anew).one_or_none()
    if found is None:  # gone meanwhile, with what it stood beside
        raise NotFound
    *place, _row = found
    return queries.seen(actor, place)


def _cite(scope: Bounds, comment: Comment) -> None:
    """Keep the mentions of a comment in step with its text."""
    wanted = _find_cited(scope, comment)
    held = set(_cited_in(comment))
    gone = sa.delete(Mention).where(Mention.comment_id == comment.id)
    db.session.execute(gone.where(Mention.person_id.in_(held - wanted)))
    db.session.add_all(Mention(comment_id=comment.id, person_id=id_) for id_ in wanted - held)


def _find_cited(scope: Bounds, comment: Comment) -> set[UUID]:
    """Whom a comment's text cites; a stranger's handle is plain text."""
    handles = handles_in(comment.body)
    if not handles:
        return set()
    return {who.person_id for who in queries.list_citable(scope) if who.handle in handles}


def _cited_in(comment: Comment) -> Iterable[UUID]:
    cited = sa.select(Mention.person_id).where(Mention.comment_id == comment.id)
    return db.session.scalars(cited)


def _record(
    actor: Actor, action: audit.Action, subject: Comment | Thread, discussion: queries.Place
) -> None:
    facts = {"page": discussion.page}
    audit.record(actor, action, subject, scope_id=discussion.scope_id, facts=facts)
