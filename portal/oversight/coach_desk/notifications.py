"""Notifications of requests to hand a team over, and of their answer; never the reason."""

from sqlalchemy import Uuid, literal, select

from portal.coaching.coach_notes.commands import HAND_OVER_REFUSED, HAND_OVER_REQUESTED
from portal.coaching.coach_notes.queries import HAND_OVER_GRANTED
from portal.communication.notifications.kind_queries import (
    NAMED_PERSON,
    SUBJECT,
    NotificationKind,
    NotificationRule,
    RecipientsStatement,
    channels_by_audience,
    select_named_person,
    select_programme_leaders,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l


def _select_former_coach() -> RecipientsStatement:
    """The person named in the event's facts, without a scope: they do not read the project any more."""
    return select(
        NAMED_PERSON.label("person_id"),
        SUBJECT.label("group_id"),
        literal(None, Uuid()).label("scope_id"),
    )


REQUEST = NotificationKind(
    code="hand_over_requested",
    label=_l("Un coach demande à passer la main, ou la direction lui répond"),
    sentence={
        HAND_OVER_REQUESTED.code: _l("demande à passer la main"),
        HAND_OVER_GRANTED.code: _l("a confié %(project)s à un autre coach, comme vous l’avez demandé"),
        HAND_OVER_REFUSED.code: _l("n’accorde pas la passation que vous avez demandée"),
    },
    usual=channels_by_audience(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.DAILY),
)
KINDS = (REQUEST,)
RULES = (
    NotificationRule(REQUEST, (HAND_OVER_REQUESTED,), select_programme_leaders()),
    NotificationRule(REQUEST, (HAND_OVER_REFUSED,), select_named_person()),
    NotificationRule(REQUEST, (HAND_OVER_GRANTED,), _select_former_coach()),
)
