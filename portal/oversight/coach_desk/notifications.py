"""Notifications of requests to hand a team over, and of their refusal; never the reason."""

from portal.coaching.coach_notes.commands import HAND_OVER_REFUSED, HAND_OVER_REQUESTED
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_named_person,
    select_programme_leaders,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l

REQUEST = NotificationKind(
    code="hand_over_requested",
    label=_l("Un coach demande à passer la main, ou la direction lui répond"),
    sentence={
        HAND_OVER_REQUESTED.code: _l("demande à passer la main"),
        HAND_OVER_REFUSED.code: _l("n’accorde pas la passation que vous avez demandée"),
    },
    usual=channels_by_audience(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.DAILY),
)
KINDS = (REQUEST,)
RULES = (
    NotificationRule(REQUEST, (HAND_OVER_REQUESTED,), select_programme_leaders()),
    NotificationRule(REQUEST, (HAND_OVER_REFUSED,), select_named_person()),
)
