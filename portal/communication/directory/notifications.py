"""Tell administrators what waits for one of them."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.communication.notifications.due_date_queries import select_still_open
from portal.communication.notifications.kind_queries import (
    SUBJECT,
    NotificationKind,
    NotificationRule,
    RecipientsStatement,
)
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import NotificationAudience
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.people.programmes.policy import ADMINISTRATOR
from portal.people.second_factor import reset_commands as factor_resets
from portal.people.second_factor.models import FactorReset
from portal.platform.kernel.text import lazy_gettext as _l


def _administrators() -> RecipientsStatement:
    return select(RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id")).where(
        RoleAssignment.scope_id == INSTALLATION, RoleAssignment.role == ADMINISTRATOR
    )


_waiting = select(FactorReset.person_id).where(FactorReset.ended_at.is_(None))
FACTOR_RESET = NotificationKind(
    code="factor_reset",
    label=_l("Un administrateur demande le retrait d’un second facteur"),
    sentence=_l("demande le retrait du second facteur de %(person)s : à confirmer dans les deux jours"),
    is_personal=True,
    usual=dict.fromkeys(NotificationAudience, Channel.AT_ONCE),
    relevant_subjects=select_still_open(_waiting, FactorReset.person_id),
)
FACTOR_RESET_REFUSED = NotificationKind(
    code="factor_reset_refused",
    label=_l("Ma demande de retrait d’un second facteur est refusée"),
    sentence=_l("a refusé de retirer le second facteur de %(person)s"),
    is_personal=True,
    usual=dict.fromkeys(NotificationAudience, Channel.INBOX),
)
_later = aliased(FactorReset)
_last_requester = select(FactorReset.requested_by_id.label("person_id"), SUBJECT.label("group_id")).where(
    FactorReset.person_id == SUBJECT,
    ~select(_later.id).where(_later.person_id == SUBJECT, _later.id > FactorReset.id).exists(),
)

KINDS = (FACTOR_RESET, FACTOR_RESET_REFUSED)
RULES = (
    # Not whom it is about: they have a letter, and may not confirm it.
    NotificationRule(
        FACTOR_RESET,
        (factor_resets.REQUESTED,),
        _administrators().where(RoleAssignment.person_id != SUBJECT),
    ),
    NotificationRule(FACTOR_RESET_REFUSED, (factor_resets.REFUSED,), _last_requester),
)
