"""What is said where a programme has too few operators: to its leads, and before an act that makes it so."""

from collections.abc import Sequence
from uuid import UUID

from flask import url_for

from portal.funding.agreements import policy
from portal.funding.operator_desk import staffing_queries as queries
from portal.funding.operator_desk.staffing_queries import OperatorStaffing
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment, Scope
from portal.people.programmes.notice_labels import ProgrammeNotice, ProgrammeNoticeSource, RoleLossSource
from portal.people.programmes.queries import find_programme_of_scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.personal_data import AccountJoinEffect
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext


def _describe_payments(staffing: OperatorStaffing) -> str:
    """What waits for a second person."""
    if not staffing.awaiting_payment:
        return _("Des tranches sont encore à verser.")
    return ngettext(
        "%(num)s tranche contrôlée attend qu’une autre personne la verse.",
        "%(num)s tranches contrôlées attendent qu’une autre personne les verse.",
        staffing.awaiting_payment,
    )


def _list_notices(actor: Actor, programme: Programme) -> Sequence[ProgrammeNotice]:
    staffing = queries.find_short_staffing(programme) if programmes.can_lead(actor, programme) else None
    if staffing is None:
        return []
    return [
        ProgrammeNotice(
            _describe_lack(staffing),
            _("Qui contrôle une tranche ne la verse pas."),
            [_describe_payments(staffing)],
            _invitation_path(programme),
            _("Inviter un opérateur"),
        )
    ]


def list_short_programmes(actor: Actor) -> Sequence[tuple[str, str]]:
    """What each programme whose funding the actor handles lacks, with the path where they invite, "" for
    whoever does not."""
    staffings = queries.list_short_staffings_in(actor.scopes_with(policy.OPERATOR, policy.LEAD))
    return [
        (
            _(
                "%(programme)s : %(lack)s. %(payments)s",
                programme=staffing.programme.name,
                lack=lower_first(_describe_lack(staffing)),
                payments=_describe_payments(staffing),
            ),
            _invitation_path(staffing.programme) if programmes.can_lead(actor, staffing.programme) else "",
        )
        for staffing in staffings
    ]


def _describe_lack(staffing: OperatorStaffing) -> str:
    """How many operators are missing."""
    return _("Il manque un second opérateur") if staffing.operators else _("Il manque deux opérateurs")


def _invitation_path(programme: Programme) -> str:
    """Where its leads invite an operator."""
    return url_for("programmes.page", slug=programme.slug, role=policy.OPERATOR.value, _anchor="invitations")


def _list_role_losses(scope: Scope, assignment: RoleAssignment) -> Sequence[str]:
    programme = find_programme_of_scope(scope) if assignment.role is policy.OPERATOR else None
    staffing = queries.find_short_staffing(programme, without=assignment.person_id) if programme else None
    return [_describe_short_staffing(staffing)] if staffing else []


def _describe_short_staffing(staffing: OperatorStaffing) -> str:
    """What a programme then lacks."""
    name = staffing.programme.name
    lack = (
        _("%(programme)s n’aura plus qu’un opérateur, et il en faut deux.", programme=name)
        if staffing.operators
        else _("%(programme)s n’aura plus d’opérateur, et il en faut deux.", programme=name)
    )
    return f"{lack} {_describe_payments(staffing)}"


def _list_join_effects(goes_id: UUID, stays_id: UUID) -> Sequence[str]:
    signed = queries.count_checked_and_paid_by(goes_id, stays_id)
    both = ngettext(
        "%(num)s tranche a été contrôlée par l’un des comptes et versée par l’autre : son historique dira"
        " qu’une seule personne a fait les deux.",
        "%(num)s tranches ont été contrôlées par l’un des comptes et versées par l’autre : leur historique"
        " dira qu’une seule personne a fait les deux.",
        signed,
    )
    short = queries.list_programmes_losing_operator(goes_id, stays_id)
    return [*([both] if signed else []), *map(_describe_short_staffing, short)]


SECTIONS = (ProgrammeNoticeSource(_list_notices), RoleLossSource(_list_role_losses))
JOIN_EFFECT = AccountJoinEffect(_list_join_effects)
