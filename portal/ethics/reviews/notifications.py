"""Notifications of ethics reviews; they never quote answers or reasons."""

from portal.communication.notifications.due_date_queries import (
    make_due_notification_kind,
    make_due_reminder_source,
)
from portal.communication.notifications.kind_queries import (
    NotificationEnd,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_named_person,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import TEAM_LEADS
from portal.ethics.reviews import commands, condition_commands, reminder_commands, reviewer_commands
from portal.ethics.reviews.models import ReviewCondition
from portal.ethics.reviews.register_queries import UNMET_CONDITIONS
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

ENTRUSTED = NotificationKind(
    code="review_entrusted",
    label=_l("On me confie une revue éthique"),
    sentence={
        commands.REVIEWER_ASSIGNED.code: _l("vous confie la revue éthique %(number)s"),
        reminder_commands.REVIEWER_REMINDED.code: _l("vous rappelle la revue éthique %(number)s à relire"),
    },
    is_personal=True,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.DAILY),
)
SUBMITTED = NotificationKind(
    code="review_submitted",
    label=_l("Une équipe soumet une revue éthique, ou répond à une condition"),
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.AT_ONCE, Channel.DAILY),
)
DECIDED = NotificationKind(
    code="review_decided",
    label=_l("Une revue éthique est décidée, ou attend l’équipe"),
    sentence={
        reminder_commands.FRAMING_REMINDED.code: _l("vous rappelle que la revue de cadrage est attendue"),
        reminder_commands.EXPOSURE_REMINDED.code: _l(
            "vous rappelle que la revue avant exposition est attendue"
        ),
    },
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)
CONDITION = make_due_notification_kind(
    "condition_due",
    _l("Une condition d’une revue éthique de mon projet arrive à sa date"),
    ReviewCondition,
    UNMET_CONDITIONS,
    soon=_l("la condition %(number)s d’une revue éthique arrive à sa date"),
    past=_l("la condition %(number)s d’une revue éthique a passé sa date"),
    pattern=ReviewCondition.page_path,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)

KINDS = (ENTRUSTED, SUBMITTED, DECIDED, CONDITION)
DUES = (make_due_reminder_source(CONDITION, ReviewCondition, UNMET_CONDITIONS, roles=TEAM_LEADS),)
_FOR_REVIEWERS = (commands.SUBMITTED, commands.WITHDRAWN, condition_commands.PROVED)
_DECISIONS = tuple(reviewer_commands.DECISIONS.values())
_FOR_TEAMS = (
    commands.REOPENED,
    reviewer_commands.MORE_REQUESTED,
    condition_commands.RETURNED,
    condition_commands.CONFIRMED,
    *_DECISIONS,
)
RULES = (
    NotificationRule(ENTRUSTED, (commands.REVIEWER_ASSIGNED,), select_named_person()),
    NotificationRule(ENTRUSTED, (reminder_commands.REVIEWER_REMINDED,), select_named_person()),
    NotificationRule(
        DECIDED,
        (reminder_commands.FRAMING_REMINDED, reminder_commands.EXPOSURE_REMINDED),
        select_named_person(),
    ),
    NotificationRule(SUBMITTED, _FOR_REVIEWERS, select_role_holders(*programmes.REVIEWERS)),
    NotificationRule(SUBMITTED, (commands.SUBMITTED, commands.WITHDRAWN), select_programme_leaders()),
    NotificationRule(DECIDED, _FOR_TEAMS, select_role_holders(*programmes.TEAM, *programmes.COACHES)),
    NotificationRule(DECIDED, _DECISIONS, select_programme_leaders()),
)
ENDS = (NotificationEnd(SUBMITTED, (commands.WITHDRAWN,), undone=(commands.SUBMITTED,)),)
