"""Instalments to check and to pay, and recoveries to note, on the page of what is to decide."""

from collections.abc import Sequence

from portal.funding.agreements.models import InstalmentState
from portal.funding.instalments.labels import hold_label
from portal.funding.instalments.waiting_queries import list_recoveries_to_book, list_waiting_instalments
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine

CODE = "instalments"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Those that the actor checks or pays as an operator, the longest waiting first."""
    lines = []
    for waiting in list_waiting_instalments(actor):
        is_to_check = waiting.state is InstalmentState.REQUESTED
        is_blocked = actor.person_id in waiting.blocked_ids
        title = (
            _("Tranche %(n)s à contrôler", n=waiting.number)
            if is_to_check
            else _("Tranche %(n)s à verser", n=waiting.number)
        )
        lines.append(
            WaitingLine(
                id=waiting.id,
                project=waiting.project,
                path=f"/projects/{waiting.project.slug}/funding/instalments/{waiting.number}",
                title=title,
                detail=_("par une autre personne que vous") if is_blocked else "",
                since=clock.day_of(waiting.since),
                patience=None if waiting.held_gates else PATIENCE,
                number=waiting.number,
                is_own=not (is_blocked or waiting.held_gates),
                is_assigned=is_blocked or bool(waiting.held_gates),
                whom=hold_label(waiting.held_gates) if waiting.held_gates else "",
            )
        )
    return [*lines, *_list_recovery_lines(actor)]


def _list_recovery_lines(actor: Actor) -> Sequence[WaitingLine]:
    lines = []
    for waiting in list_recoveries_to_book(actor):
        announced_by_actor = actor.person_id == waiting.announced_by_id
        lines.append(
            WaitingLine(
                id=waiting.id,
                project=waiting.project,
                path=f"/projects/{waiting.project.slug}/funding/instalments/{waiting.number}",
                title=_("Tranche %(n)s, reversement à noter", n=waiting.number),
                detail=_("par une autre personne que vous") if announced_by_actor else "",
                since=waiting.since,
                patience=PATIENCE,
                number=waiting.number,
                is_own=not announced_by_actor,
                is_assigned=announced_by_actor,
            )
        )
    return lines


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Tranche à instruire (%(num)s)", "Tranches à instruire (%(num)s)", count),
    short=_l("Tranche"),
    list_lines=list_lines,
    rank=5,
)
