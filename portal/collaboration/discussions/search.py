"""Comments in search: found by whoever reads the discussion, gone with their text."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.collaboration.discussions import policy
from portal.collaboration.discussions.mention_queries import MENTIONED_PEOPLE
from portal.collaboration.discussions.models import Comment, Discussion
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import name_mentions


def _read(ids: Sequence[UUID]) -> Sequence[SearchText]:
    return [
        SearchText(
            subject_id=comment_id,
            scope_id=scope_id,
            title="",
            body=body,
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


def _find(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = fetch_rows(_HITS, {"ids": ids, **policy.reach_of(actor)})
    return {
        comment_id: SearchHit(
            title=_("Message de %(name)s", name=name),
            address=f"/comments/{comment_id}",
            text=name_mentions(body, mentions),  # as its page shows it
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


SEARCH = (
    SearchSource(
        model=Comment,
        label=_l("Messages"),
        read=_read,
        find=_find,
        singular=_l("Message"),
    ),
)
