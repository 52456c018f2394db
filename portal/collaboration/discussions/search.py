"""Comments in search: found by whoever reads the discussion, gone with their text; by the names of the
people whom they mention, as the page shows them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from portal.collaboration.discussions import policy
from portal.collaboration.discussions.mention_queries import MENTIONED_PEOPLE, replace_handles_of_comment
from portal.collaboration.discussions.models import Comment, Discussion, Mention
from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchHit, SearchReindexRule, SearchSource, SearchText
from portal.people.accounts.commands import CHANGED_PROFILE
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import replace_handles_with_names


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    return [
        SearchText(
            subject_id=comment_id,
            scope_id=scope_id,
            title="",
            body=replace_handles_of_comment(comment_id, body) if "@" in body else body,
            author_id=author_id,
            changed_at=created_at,
        )
        for comment_id in ids
        for scope_id, body, author_id, created_at in fetch_rows(_TEXT, {"id": comment_id})
    ]


# Prepared, one row at a time: half of what the index adds to a comment was to compile the list of ids.
_TEXT = PreparedStatement(
    select(Discussion.scope_id, Comment.body, Comment.author_id, Comment.created_at)
    .join(Discussion, Discussion.id == Comment.discussion_id)
    .where(Comment.id == bindparam("id", type_=Comment.id.type), Comment.deleted_at.is_(None))
)


def _list_comment_ids_mentioning_renamed(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """Comments that mention people who are called otherwise now."""
    renamed = [line.subject_id for line in lines if "name" in line.after]
    mentions = select(Mention.comment_id).where(Mention.person_id.in_(renamed))
    return db.session.scalars(mentions).all() if renamed else ()


def reindex_comments_naming_person(identity: IdentityToErase, _row_ids: Sequence[UUID]) -> None:
    """Index anew the comments that name a person who was erased by their handle: it stays as it was typed
    where an administrator decided so, and is no name any more."""
    is_naming = or_(*(Comment.body.icontains(f"@{handle}", autoescape=True) for handle in identity.handles))
    index_rows(COMMENTS, db.session.scalars(select(Comment.id).where(is_naming)).all())


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = fetch_rows(_HITS, {"ids": ids, **policy.reach_of(actor)})
    return {
        comment_id: SearchHit(
            title=_("Message de %(name)s", name=name),
            address=f"/comments/{comment_id}",
            text=replace_handles_with_names(body, mentions),  # as its page shows it
            scope_id=scope_id,
            day=created_at,
        )
        for comment_id, body, created_at, name, scope_id, mentions in rows
    }


_HITS = (
    select(
        *(Comment.id, Comment.body, Comment.created_at, Person.name, Discussion.scope_id),
        MENTIONED_PEOPLE,
    )
    .join(Discussion, Discussion.id == Comment.discussion_id)
    .join(Person, Person.id == Comment.author_id)
    .where(Comment.id.in_(bindparam("ids", expanding=True)), Comment.deleted_at.is_(None), policy.VISIBLE)
)


COMMENTS = SearchSource(
    model=Comment,
    label=_l("Messages"),
    read=_read_search_texts,
    find=_find_search_hits,
    singular=_l("Message"),
)
SEARCH = (
    COMMENTS,
    SearchReindexRule(
        source=COMMENTS, actions=(CHANGED_PROFILE,), list_ids=_list_comment_ids_mentioning_renamed
    ),
)
