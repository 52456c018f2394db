"""Tell administrators what waits for one of them, and people what becomes of their account."""

from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import aliased

from portal.communication.notifications.kind_queries import (
    SUBJECT,
    NotificationKind,
    NotificationRule,
    RecipientsStatement,
    select_named_person,
)
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import NotificationAudience
from portal.people.privacy import erasing_commands
from portal.people.privacy import erasure_commands as erasures
from portal.people.privacy.commands import DATA_PATH
from portal.people.privacy.erasure_models import Erasure
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.people.programmes.policy import ADMINISTRATOR
from portal.people.second_factor import reset_commands as factor_resets
from portal.people.second_factor.models import FactorReset
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l


def _select_administrators() -> RecipientsStatement:
    return select(RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id")).where(
        RoleAssignment.scope_id == INSTALLATION, RoleAssignment.role == ADMINISTRATOR
    )


def _is_requested_by_subject(line: PendingAuditEvent) -> bool:
    return line.actor_id is not None and UUID(line.facts["person_id"]) == line.actor_id


_ids: BindParameter[UUID] = bindparam("ids", expanding=True)
# What still waits, by the id of the person or of the erasure.
_waiting = (
    select(FactorReset.person_id.label("id"))
    .where(FactorReset.person_id.in_(_ids), FactorReset.ended_at.is_(None))
    .union_all(select(Erasure.id).where(Erasure.id.in_(_ids), Erasure.ended_at.is_(None)))
    .subquery()
)
ADMINISTRATION = NotificationKind(
    code="administration",
    label=_l("Un second facteur à retirer, un effacement à décider (administrateurs)"),
    sentence={
        factor_resets.REQUESTED.code: _l(
            "demande le retrait du second facteur de %(person)s : à confirmer dans les deux jours"
        ),
        factor_resets.REFUSED.code: _l("a refusé de retirer le second facteur de %(person)s"),
        erasures.REQUESTED.code: _l("demande l’effacement de son compte"),
    },
    impersonal={
        erasing_commands.STOPPED.code: _l("Un effacement approuvé s’est arrêté : il attend une décision"),
    },
    is_personal=True,
    usual=dict.fromkeys(NotificationAudience, Channel.AT_ONCE),
    relevant_subjects=select(_waiting.c.id),
)


def _own_data_path(_row: Notification, _slug: str) -> str:
    return DATA_PATH


ERASURE = NotificationKind(
    code="erasure",
    label=_l("L’effacement de mon compte est demandé ou abandonné"),
    sentence={
        erasures.REQUESTED.code: _l("prépare l’effacement de votre compte : vous pouvez y renoncer"),
        erasures.WITHDRAWN.code: _l("a retiré la demande d’effacement de votre compte"),
    },
    impersonal={erasures.REQUESTED.code: _l("L’effacement de votre compte se prépare")},
    is_personal=True,
    path_of=_own_data_path,
    usual=dict.fromkeys(NotificationAudience, Channel.INBOX),  # beside the letter
)
_later = aliased(FactorReset)
_last_requester = select(FactorReset.requested_by_id.label("person_id"), SUBJECT.label("group_id")).where(
    FactorReset.person_id == SUBJECT,
    ~select(_later.id).where(_later.person_id == SUBJECT, _later.id > FactorReset.id).exists(),
)

KINDS = (ADMINISTRATION, ERASURE)
RULES = (
    # Not whom it is about: they have a letter, and may not confirm it.
    NotificationRule(
        ADMINISTRATION,
        (factor_resets.REQUESTED,),
        _select_administrators().where(RoleAssignment.person_id != SUBJECT),
    ),
    NotificationRule(ADMINISTRATION, (factor_resets.REFUSED,), _last_requester),
    NotificationRule(
        ADMINISTRATION, (erasures.REQUESTED,), _select_administrators(), when=_is_requested_by_subject
    ),
    NotificationRule(ADMINISTRATION, (erasing_commands.STOPPED,), _select_administrators()),
    NotificationRule(ERASURE, (erasures.REQUESTED, erasures.WITHDRAWN), select_named_person()),
)
