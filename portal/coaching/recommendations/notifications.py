"""Notifications of recommendations: proposed, answered, confirmed or sent back, and due."""

from sqlalchemy import exists, select

from portal.coaching.recommendations import commands, undo_commands
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.communication.notifications.due_date_queries import (
    make_due_notification_kind,
    make_due_reminder_source,
)
from portal.communication.notifications.kind_queries import (
    NotificationEnd,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    make_path_below_project,
    path_from_facts,
    select_person_of_subject,
    select_role_holders,
)
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import TEAM_LEADS
from portal.people.programmes import policy as programmes
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l

_page_of_recommendation = make_path_below_project("/recommendations/{number}")
_page_of_all = make_path_below_project("/recommendations")


def _page(row: Notification, slug: str) -> str:
    """The page of the recommendation. Once it is withdrawn: of what it was made of, as the withdrawal says,
    or of all recommendations, since another one has its number where that was given again, as it once was."""
    if row.action == commands.WITHDRAWN.code:
        return path_from_facts(row, slug)
    is_same = Recommendation.id == row.subject_id, Recommendation.project_id == row.scope_id
    is_there = db.session.scalar(select(exists().where(*is_same)))
    return (_page_of_recommendation if is_there else _page_of_all)(row, slug)


ADVISED = NotificationKind(
    code="recommended",
    label=_l("Un coach recommande, ou attend une suite"),
    path_of=_page,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ANSWERED = NotificationKind(
    code="recommendation_answered",
    label=_l("Une équipe répond à une recommandation"),
    path_of=_page_of_recommendation,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

_is_accepted = Recommendation.stage == RecommendationStage.ACCEPTED
DUE = make_due_notification_kind(
    "recommendation_due",
    _l("Une recommandation acceptée par mon équipe arrive à sa date"),
    Recommendation,
    _is_accepted,
    soon=_l("la recommandation « %(name)s » arrive à sa date"),
    past=_l("la recommandation « %(name)s » a passé sa date"),
    pattern=Recommendation.page_path,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ADVISED, ANSWERED, DUE)
_author = select_person_of_subject(Recommendation, Recommendation.author_id)
_answer_actions = (
    commands.ACCEPTED,
    commands.DECLINED,
    commands.COMPLETED,
    undo_commands.ACCEPTANCE_UNDONE,
)
_advice_actions = (
    commands.PROPOSED,
    commands.SENT_BACK,
    commands.CONFIRMED,
    undo_commands.CONFIRMATION_UNDONE,
    commands.WITHDRAWN,
)
RULES = (
    NotificationRule(ADVISED, _advice_actions, select_role_holders(*programmes.TEAM)),
    NotificationRule(ANSWERED, _answer_actions, _author),
    NotificationRule(ANSWERED, _answer_actions, select_role_holders(*programmes.COACHES)),
)
ENDS = (
    NotificationEnd(ANSWERED, (undo_commands.ACCEPTANCE_UNDONE,), undone=(commands.ACCEPTED,)),
    NotificationEnd(ADVISED, (undo_commands.CONFIRMATION_UNDONE,), undone=(commands.CONFIRMED,)),
    NotificationEnd(ADVISED, (commands.WITHDRAWN,), undone=(commands.PROPOSED,)),
)
DUES = (
    make_due_reminder_source(DUE, Recommendation, _is_accepted, roles=TEAM_LEADS, name=Recommendation.what),
)
