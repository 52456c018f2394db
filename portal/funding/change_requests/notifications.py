"""Notifications of change requests, and reminders of agreements that end and of requests that wait."""

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
from portal.funding.agreements import policy
from portal.funding.change_requests import commands, decision_commands, reminder_commands
from portal.funding.change_requests.labels import kind_detail
from portal.funding.instalments.notifications import select_operators
from portal.platform.kernel.text import lazy_gettext as _l

FILED = NotificationKind(
    code="change_filed",
    label=_l("Une équipe demande une modification, ou sa demande avance"),
    sentence={commands.WROTE.code: _l("a écrit sur la demande de modification %(number)s")},
    detail=kind_detail,
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.DAILY),
)
DECIDED = NotificationKind(
    code="change_decided",
    label=_l("La demande de modification de mon projet avance"),
    detail=kind_detail,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.INBOX, Channel.INBOX, Channel.DAILY),
)
TO_CONFIRM = NotificationKind(
    code="abandonment_to_confirm",
    label=_l("Un abandon attend ma confirmation de sponsor"),
    sentence=_l("demande l’abandon du projet : à vous, sponsor, de le confirmer"),
    is_personal=True,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)
ENDING = NotificationKind(
    code="agreement_ending",
    label=_l("Une convention finit bientôt"),
    impersonal={
        reminder_commands.ENDS_IN[3].code: _l("La convention finit dans trois mois."),
        reminder_commands.ENDS_IN[2].code: _l("La convention finit dans deux mois."),
        reminder_commands.ENDS_IN[1].code: _l("La convention finit dans un mois."),
    },
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.DAILY),
)
WAITING = NotificationKind(
    code="change_waiting",
    label=_l("Une demande de modification attend depuis deux mois"),
    impersonal={
        reminder_commands.RECALLED.code: _l(
            "Une demande de modification attend depuis deux mois : le silence ne décide rien."
        )
    },
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.DAILY),
)
KINDS = (FILED, DECIDED, TO_CONFIRM, ENDING, WAITING)
_FILED = (commands.FILED, commands.CONFIRMED, commands.WITHDRAWN, commands.WROTE)
_DECIDED = (
    decision_commands.GRANTED,
    decision_commands.REFUSED,
    decision_commands.APPLIED,
    decision_commands.CORRECTED,
)
RULES = (
    NotificationRule(
        TO_CONFIRM, (commands.FILED,), select_named_person(), when=lambda line: "person_id" in line.facts
    ),
    NotificationRule(FILED, _DECIDED, select_operators()),
    NotificationRule(FILED, _FILED, select_operators()),
    NotificationRule(FILED, _FILED, select_programme_leaders()),
    NotificationRule(
        DECIDED,
        (commands.FILED, commands.EXAMINED, *_DECIDED),
        select_role_holders(*policy.TEAM),
    ),
    *(
        NotificationRule(kind, actions, people)
        for kind, actions in (
            (ENDING, tuple(reminder_commands.ENDS_IN.values())),
            (WAITING, (reminder_commands.RECALLED,)),
        )
        for people in (select_operators(), select_programme_leaders(), select_role_holders(*policy.TEAM))
    ),
)
ENDS = (
    NotificationEnd(FILED, (commands.WITHDRAWN,), undone=(commands.FILED,)),
    NotificationEnd(TO_CONFIRM, (commands.CONFIRMED, commands.WITHDRAWN, decision_commands.REFUSED)),
)
