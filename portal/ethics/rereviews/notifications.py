"""Notifications of re-reviews; they never quote reasons."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select

from portal.communication.notifications.kind_queries import (
    SUBJECT,
    ExcerptsById,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.ethics.rereviews import commands, labels, queries, trigger_projections
from portal.ethics.rereviews.models import TriggerAnswer, TriggeredReview
from portal.ethics.reviews.models import Review
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.text import lazy_gettext as _l


def _list_trigger_titles(ids: Collection[UUID]) -> ExcerptsById:
    return {trigger.id: labels.title(trigger) for trigger in queries.list_triggers_by_id(ids)}


RAISED = NotificationKind(
    code="rereview_raised",
    label=_l("Un changement est à réexaminer depuis qu’une revue éthique est décidée"),
    sentence={
        trigger_projections.RAISED.code: _l("a changé quelque chose à réexaminer : réexamen %(number)s"),
        commands.RETURNED.code: _l("renvoie le réexamen %(number)s à l’équipe"),
    },
    impersonal={trigger_projections.RAISED.code: _l("Un changement est à réexaminer : réexamen %(number)s")},
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
    excerpts=_list_trigger_titles,
)
TO_CONFIRM = NotificationKind(
    code="rereview_to_confirm",
    label=_l("Une équipe répond qu’un changement est sans effet sur une revue éthique"),
    sentence=_l("attend que vous confirmiez le réexamen %(number)s"),
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.DAILY, Channel.INBOX),
    excerpts=_list_trigger_titles,
)

# Correlated to a holder of the role: somebody else reviews one of the concerned reviews.
_REVIEWED_BY_OTHERS = (
    select(TriggeredReview.id)
    .join(Review, Review.id == TriggeredReview.review_id)
    .where(
        TriggeredReview.trigger_id == SUBJECT,
        or_(Review.reviewer_id.is_(None), Review.reviewer_id != RoleAssignment.person_id),
    )
    .correlate(RoleAssignment)
    .exists()
)

KINDS = (RAISED, TO_CONFIRM)
RULES = (
    NotificationRule(
        RAISED, (trigger_projections.RAISED, commands.RETURNED), select_role_holders(*programmes.TEAM)
    ),
    NotificationRule(
        TO_CONFIRM,
        (commands.ANSWERED,),
        select_role_holders(*programmes.REVIEWERS).where(~_REVIEWED_BY_OTHERS),
        lambda line: line.after.get("answer") == TriggerAnswer.NO_IMPACT,
    ),
)
