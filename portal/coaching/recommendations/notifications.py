"""Notifications of recommendations: proposed, answered, confirmed or sent back, and due."""

from sqlalchemy import select

from portal.coaching.recommendations import commands
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.communication.notifications.due_date_queries import (
    PAST,
    SOON,
    make_due_reminder,
    select_still_open,
)
from portal.communication.notifications.kind_queries import (
    SUBJECT,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    path_below,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import TEAM_LEADS
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

_page = path_below("/recommendations/{number}")
ADVISED = NotificationKind(
    code="recommended",
    label=_l("Un coach recommande, ou attend une suite"),
    path_of=_page,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ANSWERED = NotificationKind(
    code="recommendation_answered",
    label=_l("Une équipe répond à une recommandation"),
    path_of=_page,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

_is_accepted = Recommendation.stage == RecommendationStage.ACCEPTED
DUE = NotificationKind(
    code="recommendation_due",
    label=_l("Une recommandation acceptée par mon équipe arrive à sa date"),
    sentence={
        SOON: _l("la recommandation « %(name)s » arrive à sa date"),
        PAST: _l("la recommandation « %(name)s » a passé sa date"),
    },
    is_personal=True,
    path_of=_page,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
    relevant_subjects=select_still_open(
        select(Recommendation.id).where(_is_accepted), Recommendation.id
    ),
)

KINDS = (ADVISED, ANSWERED, DUE)
_author = select(Recommendation.author_id.label("person_id"), SUBJECT.label("group_id")).where(
    Recommendation.id == SUBJECT
)
_answer_actions = (commands.ACCEPTED, commands.DECLINED, commands.COMPLETED)
_advice_actions = (commands.PROPOSED, commands.SENT_BACK, commands.CONFIRMED)
RULES = (
    NotificationRule(ADVISED, _advice_actions, role_holders(*programmes.TEAM)),
    NotificationRule(ANSWERED, _answer_actions, _author),
    NotificationRule(ANSWERED, _answer_actions, role_holders(*programmes.COACHES)),
)
DUES = (
    make_due_reminder(
        DUE, Recommendation, _is_accepted, roles=TEAM_LEADS, name=Recommendation.what
    ),
)
