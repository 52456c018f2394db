"""The first steps of a new programme, until all are done: for whoever leads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for

from portal.people.programmes import policy, queries
from portal.people.programmes.models import Invitation, Programme
from portal.people.programmes.queries import RoleHolder
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import gettext as _


@dataclass(frozen=True)
class ProgrammeStep:
    """A step: `note` says why, and the button `label` leads to `url`; `other` is another way, or ("", "")."""

    title: str
    note: str
    is_done: bool
    url: str
    label: str
    other: tuple[str, str] = ("", "")  # label, path


@dataclass(frozen=True)
class ProgrammeSteps(Contribution):
    """The steps that another feature adds."""

    list_steps: Callable[[Programme], Sequence[ProgrammeStep]]


COACH, REVIEWER = policy.POOL  # who is invited first


def read_first_steps(actor: Actor, programme: Programme) -> Sequence[ProgrammeStep]:
    """The same where neither holders nor invitations are known yet."""
    scope = queries.get_scope(programme.id)
    invitations = queries.list_open_invitations(actor, scope)
    return list_first_steps(actor, programme, queries.list_holders(scope.id), invitations)


def list_first_steps(
    actor: Actor, programme: Programme, holders: Sequence[RoleHolder], invitations: Sequence[Invitation]
) -> Sequence[ProgrammeStep]:
    """All steps; none once all are done, and for whoever does not lead the programme."""
    if not policy.can_lead(actor, programme):
        return []
    filled_roles = {holder.assignment.role for holder in holders} | {offer.role for offer in invitations}
    others = [step for each in list_contributions(ProgrammeSteps) for step in each.list_steps(programme)]
    steps = [
        *others,
        _invitation_step(
            programme,
            COACH,
            _("Inviter les coachs"),
            _("Une adresse suffit. Chacun sera ensuite affecté à une équipe, sur un volet."),
            is_done=COACH in filled_roles,
        ),
        _invitation_step(
            programme,
            REVIEWER,
            _("Inviter un relecteur éthique"),
            _("Ni membre ni coach des équipes dont il relira les revues."),
            is_done=REVIEWER in filled_roles,
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _invitation_step(
    programme: Programme, role: Role, title: str, note: str, *, is_done: bool
) -> ProgrammeStep:
    url = url_for("programmes.page", slug=programme.slug, role=role.value, _anchor="invitations")
    return ProgrammeStep(title, note, is_done, url, title)
