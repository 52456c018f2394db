"""The first steps of a new programme, until all are done: for whoever leads it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain

from flask import url_for

from portal.people.programmes import policy, queries
from portal.people.programmes.models import Invitation, Programme
from portal.people.programmes.queries import RoleHolder
from portal.people.programmes.start_queries import count_tracks_short_of_coaches
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext


class ProgrammeStartPart(IntEnum):
    """The parts of a start, in their order."""

    CALL = 1
    TEAMS = 2
    COACHES = 3
    OTHERS = 4


@dataclass(frozen=True)
class ProgrammeStartStep:
    """A step: `note` says why and counts, and the button `label` leads to `url`; `other` is another way,
    or ("", ""). `is_waiting`: nothing is left to do but for others to answer, or for an earlier step.
    `is_of_start_only`: left open, it is not shown after the first month."""

    title: str
    note: str
    is_done: bool
    url: str
    label: str
    other: tuple[str, str] = ("", "")  # label, path
    is_waiting: bool = False
    is_of_start_only: bool = False
    part: ProgrammeStartPart = ProgrammeStartPart.TEAMS

    @property
    def is_own(self) -> bool:
        """Whether it is to be done now, by whoever leads the programme."""
        return not (self.is_done or self.is_waiting)


@dataclass(frozen=True)
class ProgrammeRoleCounts:
    """How many people have each role in a programme itself, and how many are invited to it."""

    holders: Counter[Role]
    invitations: Counter[Role]


@dataclass(frozen=True)
class ProgrammeStartStepSource(Contribution):
    """The steps that another feature adds."""

    list_steps: Callable[[Programme, ProgrammeRoleCounts], Sequence[ProgrammeStartStep]]


COACH, REVIEWER = policy.POOL  # who is invited first


def read_first_steps(actor: Actor, programme: Programme) -> Sequence[ProgrammeStartStep]:
    """The same where neither holders nor invitations are known yet."""
    scope = queries.get_scope(programme.id)
    invitations = queries.list_open_invitations(actor, scope)
    return list_first_steps(actor, programme, queries.list_holders(scope.id), invitations)


def list_first_steps(
    actor: Actor, programme: Programme, holders: Sequence[RoleHolder], invitations: Sequence[Invitation]
) -> Sequence[ProgrammeStartStep]:
    """All steps; none once all are done, those of the start alone until the first month ends, and for
    whoever does not lead the programme."""
    if not policy.can_lead(actor, programme):
        return []
    counts = ProgrammeRoleCounts(
        Counter(holder.assignment.role for holder in holders),
        Counter(invitation.role for invitation in invitations),
    )
    own_steps = [
        _build_coach_step(programme, counts),
        build_invitation_step(
            programme,
            REVIEWER,
            _("Inviter un relecteur éthique"),
            _("Ni membre ni coach des équipes dont il relira les revues."),
            counts,
        ),
        build_invitation_step(
            programme,
            policy.OPERATOR,
            _("Inviter l’opérateur"),
            _("Deux personnes : qui contrôle une tranche ne la verse pas. Sans financement, inutile."),
            counts,
            is_of_start_only=True,
        ),
    ]
    others = (each.list_steps(programme, counts) for each in list_contributions(ProgrammeStartStepSource))
    steps = sorted([*own_steps, *chain.from_iterable(others)], key=lambda step: step.part)
    is_start = is_starting(programme)
    open_steps = [step for step in steps if not step.is_done and (is_start or not step.is_of_start_only)]
    return steps if open_steps else []


def _build_coach_step(programme: Programme, counts: ProgrammeRoleCounts) -> ProgrammeStartStep:
    """Done, while the programme starts, when there are coaches for all its tracks."""
    step = build_invitation_step(
        programme,
        COACH,
        _("Inviter les coachs"),
        _("Une adresse suffit. Chacun sera ensuite affecté à une équipe, sur un volet."),
        counts,
        part=ProgrammeStartPart.COACHES,
    )
    lacking = count_tracks_short_of_coaches(programme.id) if step.is_done and is_starting(programme) else 0
    if not lacking:
        return step
    sentence = ngettext(
        "Il manque un coach pour %(num)s volet.", "Il manque un coach pour %(num)s volets.", lacking
    )
    return replace(step, is_done=False, note=f"{step.note} {sentence}")


def is_starting(programme: Programme) -> bool:
    """Whether the first month of a programme has not ended; also where that month is its last."""
    return clock.today() < months_after(programme.starts_on, 1)


def list_own_start_steps(actor: Actor) -> Sequence[tuple[Programme, Sequence[ProgrammeStartStep]]]:
    """The programmes that the actor leads, in their first month or before, each with the first steps that
    they can do now; one without any is left out."""
    starting = [
        programme
        for programme in queries.list_programmes(actor)
        if policy.can_lead(actor, programme) and is_starting(programme)
    ]
    own_steps = (
        (programme, [step for step in read_first_steps(actor, programme) if step.is_own])
        for programme in starting
    )
    return [(programme, steps) for programme, steps in own_steps if steps]


def find_current_step(steps: Sequence[ProgrammeStartStep]) -> ProgrammeStartStep | None:
    """The first step that the reader can do, else the first that waits for others; None without any."""
    open_steps = [step for step in steps if not step.is_done]
    return next((step for step in open_steps if step.is_own), next(iter(open_steps), None))


def describe_open_invitations(count: int) -> str:
    """« 2 invitations attendent une réponse. »."""
    return ngettext(
        "%(num)s invitation attend une réponse.", "%(num)s invitations attendent une réponse.", count
    )


def build_invitation_step(
    programme: Programme,
    role: Role,
    title: str,
    note: str,
    counts: ProgrammeRoleCounts,
    *,
    part: ProgrammeStartPart = ProgrammeStartPart.OTHERS,
    is_of_start_only: bool = False,
) -> ProgrammeStartStep:
    """A step that is done when somebody has the role in the programme."""
    invited = counts.invitations[role]
    return ProgrammeStartStep(
        title,
        f"{note} {describe_open_invitations(invited)}" if invited else note,
        counts.holders[role] > 0,
        url_for("programmes.page", slug=programme.slug, role=role.value, _anchor="invitations"),
        title,
        is_waiting=invited > 0,
        is_of_start_only=is_of_start_only,
        part=part,
    )
