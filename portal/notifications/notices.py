"""News of what lies below: comments, roles, and how a project stands."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.discussions import commands as discussions
from portal.discussions.models import Comment, Mention, ReadMark
from portal.kernel.db import db
from portal.kernel.text import LazyString
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import SUBJECT, Kind, Rule, Texts, each, holders, named
from portal.notifications.models import Channel, Notification
from portal.notifications.policy import Audience
from portal.programmes import policy as programmes
from portal.programmes import role_commands as roles
from portal.projects import commands as projects

EXCERPT = 160  # characters


def _to_comment(news: Notification, _slug: str) -> str:
    return f"/comments/{news.subject_id}"


def _to_team(_news: Notification, slug: str) -> str:
    return f"/projects/{slug}/team" if slug else "/"


def _to_project(_news: Notification, slug: str) -> str:
    return f"/projects/{slug}"


def _excerpts(ids: Collection[UUID]) -> Texts:
    texts = select(Comment.id, func.substr(Comment.body, 1, EXCERPT)).where(Comment.id.in_(ids))
    return {id_: text for id_, text in db.session.execute(texts)}  # noqa: C416


# Neither deleted, nor read beside the thing itself.
_UNREAD = (
    select(Comment.id)
    .where(Comment.id.in_(bindparam("ids", expanding=True)), Comment.deleted_at.is_(None))
    .where(
        ~exists().where(
            ReadMark.person_id == bindparam("reader", type_=Uuid()),
            ReadMark.discussion_id == Comment.discussion_id,
            ReadMark.read_at >= Comment.created_at,
        )
    )
)


def _of_comments(
    code: str,
    label: LazyString,
    usual: Mapping[Audience, Channel],
    *,
    said: LazyString | None = None,
    is_personal: bool = False,
) -> Kind:
    return Kind(
        code=code,
        label=label,
        usual=usual,
        said=said,
        is_personal=is_personal,
        path_of=_to_comment,
        standing=_UNREAD,
        excerpts=_excerpts,
    )


_SOON = each(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY)
MENTIONED = _of_comments(
    "mentioned",
    _l("Quelqu’un me cite"),
    _SOON,
    said=_l("vous cite dans un commentaire"),
    is_personal=True,
)
REPLIED = _of_comments(
    "replied",
    _l("Quelqu’un répond dans un échange où j’ai écrit"),
    _SOON,
    said=_l("répond dans un échange où vous avez écrit"),
)
COMMENTED = _of_comments(
    "commented",
    _l("Quelqu’un commente dans un projet dont je suis"),
    each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ROLE = Kind(
    code="role",
    label=_l("On me confie un rôle"),
    said=_l("vous affecte à ce projet (%(role)s)"),
    is_personal=True,
    path_of=_to_team,
    usual=each(Channel.DAILY, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY),
)
JOINED = Kind(
    code="joined",
    label=_l("Quelqu’un rejoint ou quitte un projet dont je suis"),
    path_of=_to_team,
    usual=each(Channel.DAILY, Channel.WEEKLY, Channel.INBOX, Channel.WEEKLY),
)
STATE = Kind(
    code="project_state",
    label=_l("Un projet est mis en pause, repris, terminé ou arrêté"),
    path_of=_to_project,
    usual=dict.fromkeys(Audience, Channel.DAILY),
)

_thread = select(Comment.thread_id).where(Comment.id == SUBJECT).scalar_subquery()
_earlier = aliased(Comment)
_cited = select(Mention.person_id.label("person_id"), _thread.label("group_id")).where(
    Mention.comment_id == SUBJECT
)
_told = aliased(Notification)
_cited_since = _cited.where(
    ~exists().where(
        _told.person_id == Mention.person_id,
        _told.subject_id == SUBJECT,
        _told.kind == MENTIONED.code,
    )
)
_in_thread = (
    select(_earlier.author_id.label("person_id"), _thread.label("group_id"))
    .where(_earlier.thread_id == _thread, _earlier.deleted_at.is_(None))
    .distinct()
)
_around = holders(*programmes.TEAM, *programmes.COACHES)
_beside = _around.with_only_columns(_around.selected_columns.person_id, _thread.label("group_id"))

KINDS = (MENTIONED, REPLIED, COMMENTED, ROLE, JOINED, STATE)
RULES = (
    Rule(MENTIONED, (discussions.STARTED, discussions.REPLIED), _cited),
    Rule(MENTIONED, (discussions.EDITED,), _cited_since),
    Rule(REPLIED, (discussions.REPLIED,), _in_thread),
    Rule(COMMENTED, (discussions.STARTED, discussions.REPLIED), _beside),
    Rule(ROLE, (roles.ASSIGNED,), named()),
    Rule(
        JOINED,
        (roles.GIVEN, roles.ASSIGNED, roles.ENDED, roles.LEFT),
        holders(*programmes.TEAM, *programmes.COACHES),
    ),
    Rule(
        STATE,
        (projects.PAUSED, projects.RESUMED, projects.FINISHED, projects.STOPPED),
        holders(*programmes.PROJECT_READERS),
    ),
)
