"""Requested gates, on the page of what is to decide."""

from collections.abc import Sequence
from urllib.parse import urlencode

from portal.oversight.gates.acceptor_queries import list_acceptor_names_by_gate
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.labels import title
from portal.oversight.gates.request_queries import OpenGateRequest, list_open_requests
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.queries import list_projects_by_ids
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine

CODE = "gates"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Requests of gates that the actor answers or follows as a lead, the longest requested first; they
    wait for the answer since they were complete."""
    return [
        WaitingLine(
            id=request.id,
            project=request.project,
            path=f"/projects/{request.project.slug}/gates/{request.definition.number}",
            title=title(request.definition),
            detail=_("tout y est prouvé") if request.is_proved else _("il y manque des preuves"),
            since=clock.day_of(request.ready_at or request.requested_at),
            patience=PATIENCE if request.is_proved else None,  # nobody is late for the team's time
            number=request.definition.number,
            is_own=request.is_own,
            is_ready=request.is_proved,
            is_assigned=not request.is_own and request.has_acceptor,
            whom="" if request.has_acceptor else _("Personne ne peut l’accepter"),
            next_act=None if request.has_acceptor else _name_remedy(request),
        )
        for request in list_open_requests(actor)
    ]


def _name_remedy(request: OpenGateRequest) -> tuple[str, str] | None:
    """How a lead gives a gate that nobody can accept its acceptor, and where; None where only another
    lead can be it, whom the programme invites."""
    terms, team = request.definition.terms, f"/projects/{request.project.slug}/team"
    if terms.acceptor is GateAcceptor.DIRECTION:
        return None
    if terms.acceptor is GateAcceptor.REVIEWER:
        return _("Nommer un relecteur…"), f"{team}#reviewer"
    return _("Affecter un coach…"), f"{team}?{urlencode({'track': terms.track})}#coach"


def describe_lines(lines: Sequence[WaitingLine]) -> Sequence[str]:
    """What is proved, and who may accept it now. Four statements."""
    names = list_acceptor_names_by_gate(list_projects_by_ids([line.project.id for line in lines]))
    return [_describe_waiting_gate(line, names[line.project.id].get(line.number, ())) for line in lines]


def _describe_waiting_gate(line: WaitingLine, names: Sequence[str]) -> str:
    if line.whom:  # nobody
        return line.detail
    return _("%(what)s, attend %(who)s", what=line.detail, who=", ".join(names))


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Jalon demandé (%(num)s)", "Jalons demandés (%(num)s)", count),
    short=_l("Jalon"),
    list_lines=list_lines,
    describe=describe_lines,
    rank=1,
)
