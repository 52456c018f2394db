"""How long sessions, links and letters are kept."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.people.accounts.models import AddressChange, OpenSession
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.retention import RetentionGroup, RetentionRule, moment_ago_parameter
from portal.platform.kernel.text import lazy_gettext as _l

UNUSED_ACCOUNT = "account-unused"  # the letter on an account that will be erased
NOTICES_KEPT = timedelta(days=90)  # the first of them leaves a month before that


def _build_session_over_condition(before: Any) -> sa.ColumnElement[bool]:
    """Ended or expired, and no change of address that it asked for is left."""
    change_request = sa.exists().where(AddressChange.session_id == OpenSession.id)
    return sa.and_(sa.func.coalesce(OpenSession.ended_at, OpenSession.expires_at) < before, ~change_request)


def _build_letter_over_condition(before: Any) -> sa.ColumnElement[bool]:
    """Sent or given up; those on an unused account stay until it is known that both of them left."""
    is_needed = (OutboxMessage.kind == UNUSED_ACCOUNT) & (
        OutboxMessage.created_at > moment_ago_parameter(NOTICES_KEPT)
    )
    return sa.or_(OutboxMessage.sent_at < before, OutboxMessage.given_up_at < before) & ~is_needed


LETTERS = RetentionRule(
    key="letters",
    group=RetentionGroup.MESSAGES,
    title=_l("Courriels partis ou abandonnés : adresse et de quoi les rédiger"),
    reason=_l("Savoir s’ils sont partis"),
    days=90,
    model=OutboxMessage,
    is_over=_build_letter_over_condition,
)
RULES = (
    RetentionRule(
        key="address_changes",
        group=RetentionGroup.ACCOUNTS,
        title=_l("Demandes de changement d’adresse"),
        reason=_l("Retrouver qui a changé d’adresse, quand un doute naît"),
        days=90,
        model=AddressChange,
        is_over=lambda before: AddressChange.expires_at < before,
    ),
    RetentionRule(
        key="sessions",
        group=RetentionGroup.ACCOUNTS,
        title=_l("Sessions terminées : quand, et le nom du navigateur"),
        reason=_l("Reconnaître une connexion qui n’était pas la vôtre"),
        days=365,
        model=OpenSession,
        is_over=_build_session_over_condition,
    ),
    LETTERS,
)
