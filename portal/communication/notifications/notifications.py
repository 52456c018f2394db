"""Notifications of lower wings: comments, roles, the state of projects, exports of one's data."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions import policy as discussion_policy
from portal.collaboration.discussions.mention_queries import MENTIONED_PEOPLE
from portal.collaboration.discussions.models import Comment, Mention, ReadMark
from portal.communication.notifications.kind_queries import (
    NAMED_PERSON,
    SCOPE,
    SUBJECT,
    ExcerptsById,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_named_person,
    select_role_holders,
)
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import NotificationAudience
from portal.people.accounts.models import HANDLE_MAX
from portal.people.privacy import commands as data_exports
from portal.people.programmes import policy as programmes
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import Invitation, RoleAssignment
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.text import LazyString, replace_handles_with_names
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects import commands as projects

EXCERPT = 160  # characters


def _comment_path(row: Notification, _slug: str) -> str:
    return f"/comments/{row.subject_id}"


def _team_path(_row: Notification, slug: str) -> str:
    return f"/projects/{slug}/team" if slug else "/"


def _project_path(_row: Notification, slug: str) -> str:
    return f"/projects/{slug}"


_EXCERPTS = select(Comment.id, func.substr(Comment.body, 1, EXCERPT + HANDLE_MAX), MENTIONED_PEOPLE).where(
    Comment.id.in_(bindparam("ids", expanding=True))
)


def _read_excerpts(ids: Collection[UUID]) -> ExcerptsById:
    """The first words of comments, with the names of the people whom they mention; a handle is read whole
    before the text is cut."""
    rows = fetch_rows(_EXCERPTS, {"ids": list(ids)})
    return {id_: replace_handles_with_names(text, people)[:EXCERPT] for id_, text, people in rows}


# Comments that are neither deleted nor read on the page of their discussion.
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


def _make_comment_kind(
    code: str,
    label: LazyString,
    usual: Mapping[NotificationAudience, Channel],
    *,
    sentence: LazyString | None = None,
    is_personal: bool = False,
) -> NotificationKind:
    return NotificationKind(
        code=code,
        label=label,
        usual=usual,
        sentence=sentence,
        is_personal=is_personal,
        path_of=_comment_path,
        relevant_subjects=_UNREAD,
        excerpts=_read_excerpts,
        receivers=discussion_policy.DISCUSSION_READERS,
    )


_PROMPT_CHANNELS = channels_by_audience(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY)
MENTIONED = _make_comment_kind(
    "mentioned",
    _l("Quelqu’un me mentionne"),
    _PROMPT_CHANNELS,
    sentence=_l("vous mentionne dans un message"),
    is_personal=True,
)
REPLIED = _make_comment_kind(
    "replied",
    _l("Quelqu’un répond dans un échange où j’ai écrit"),
    _PROMPT_CHANNELS,
    sentence=_l("répond dans un échange où vous avez écrit"),
)
COMMENTED = _make_comment_kind(
    "commented",
    _l("Quelqu’un commente dans un projet dont je suis"),
    channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ROLE = NotificationKind(
    code="role",
    label=_l("On me confie un rôle"),
    sentence=_l("vous affecte à ce projet (%(role)s)"),
    is_personal=True,
    path_of=_team_path,
    usual=channels_by_audience(Channel.DAILY, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY),
)
JOINED = NotificationKind(
    code="joined",
    label=_l("Quelqu’un rejoint ou quitte un projet dont je suis, ou accepte mon invitation"),
    sentence={roles.GRANTED.code: _l("a accepté l’invitation (%(role)s)")},
    path_of=_team_path,
    usual=channels_by_audience(Channel.DAILY, Channel.WEEKLY, Channel.INBOX, Channel.WEEKLY),
)
STATE = NotificationKind(
    code="project_state",
    label=_l("Un projet est mis en pause, repris, terminé ou arrêté"),
    path_of=_project_path,
    usual=dict.fromkeys(NotificationAudience, Channel.DAILY),
)
DATA_EXPORT = NotificationKind(
    code="data_export",
    label=_l("L’export de mes données est prêt, n’a pas pu être préparé, ou est retiré"),
    impersonal={
        data_exports.COMPLETED.code: _l("L’export de vos données est prêt"),
        data_exports.FAILED.code: _l("L’export de vos données n’a pas pu être préparé"),
        data_exports.REMOVED.code: _l(
            "L’export de vos données a été retiré : il contenait les données d’une personne dont le"
            " compte est effacé. Demandez-en un autre."
        ),
    },
    is_personal=True,
    usual=dict.fromkeys(NotificationAudience, Channel.INBOX),
)

_thread_id = select(Comment.thread_id).where(Comment.id == SUBJECT).scalar_subquery()
_earlier_comment = aliased(Comment)
_mentioned_people = select(Mention.person_id.label("person_id"), _thread_id.label("group_id")).where(
    Mention.comment_id == SUBJECT
)
_mention_notification = aliased(Notification)
_newly_mentioned_people = _mentioned_people.where(
    ~exists().where(
        _mention_notification.person_id == Mention.person_id,
        _mention_notification.subject_id == SUBJECT,
        _mention_notification.kind == MENTIONED.code,
    )
)
_thread_authors = (
    select(_earlier_comment.author_id.label("person_id"), _thread_id.label("group_id"))
    .where(_earlier_comment.thread_id == _thread_id, _earlier_comment.deleted_at.is_(None))
    .distinct()
)
_team_and_coaches = select_role_holders(*programmes.TEAM, *programmes.COACHES)
_team_and_coaches_by_thread = _team_and_coaches.with_only_columns(
    _team_and_coaches.selected_columns.person_id, _thread_id.label("group_id")
)

# Who invited the person that now has a role; nobody where the role came without an invitation.
_inviter_id = (
    select(Invitation.invited_by_id)
    .join(RoleAssignment, RoleAssignment.role == Invitation.role)
    .where(
        RoleAssignment.id == SUBJECT,
        Invitation.scope_id == SCOPE,
        Invitation.accepted_by_id == NAMED_PERSON,
    )
    .order_by(Invitation.accepted_at.desc())
    .limit(1)
    .scalar_subquery()
)
_inviter = select(_inviter_id.label("person_id"), SUBJECT.label("group_id"))

KINDS = (MENTIONED, REPLIED, COMMENTED, ROLE, JOINED, STATE, DATA_EXPORT)
RULES = (
    NotificationRule(MENTIONED, (discussions.STARTED, discussions.REPLIED), _mentioned_people),
    NotificationRule(MENTIONED, (discussions.EDITED,), _newly_mentioned_people),
    NotificationRule(REPLIED, (discussions.REPLIED,), _thread_authors),
    NotificationRule(COMMENTED, (discussions.STARTED, discussions.REPLIED), _team_and_coaches_by_thread),
    NotificationRule(ROLE, (roles.ASSIGNED,), select_named_person()),
    NotificationRule(
        JOINED,
        (roles.GRANTED, roles.ASSIGNED, roles.ENDED, roles.LEFT),
        select_role_holders(*programmes.TEAM, *programmes.COACHES),
    ),
    NotificationRule(JOINED, (roles.GRANTED,), _inviter),
    NotificationRule(
        STATE,
        (projects.PAUSED, projects.RESUMED, projects.FINISHED, projects.STOPPED),
        select_role_holders(*programmes.PROJECT_READERS),
    ),
    NotificationRule(
        DATA_EXPORT,
        (data_exports.COMPLETED, data_exports.FAILED, data_exports.REMOVED),
        select_named_person(),
    ),
)
