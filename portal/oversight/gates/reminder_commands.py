"""Remind whoever may accept a gate that its team requested it; for leads of the programme."""

from portal.oversight.gates import policy
from portal.oversight.gates.acceptor_queries import list_acceptor_ids
from portal.oversight.gates.models import GateDecision
from portal.oversight.gates.projections import gate_path, lock_project_gates
from portal.oversight.gates.request_queries import is_open_request
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.history import was_recorded_today
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

REMINDED = audit.Action("gate.reminded", _l("rappelle à %(person)s que le jalon G%(number)s est demandé"))


def remind_of_gate(actor: Actor, project: Project, request: GateDecision) -> None:
    """Remind everybody who may accept the requested gate, but oneself; at most once a day.

    Raises `Overtaken` once the request is answered, `RuleBroken` within the day and where nobody else
    may accept the gate.
    """
    require_can_see_all_requests(actor, project)
    lock_project_gates(project)
    path = gate_path(project, request.gate)
    if not is_open_request(request):
        raise Overtaken(_("Cette demande a déjà sa réponse."), path)
    if was_recorded_today(request.id, REMINDED.code):
        raise RuleBroken(None, _("Un rappel est déjà parti aujourd’hui : attendez demain."))
    acceptors = [id_ for id_ in list_acceptor_ids(project, request.gate) if id_ != actor.person_id]
    if not acceptors:
        raise RuleBroken(None, _("Personne d’autre ne peut accepter ce jalon : donnez-en d’abord le rôle."))
    for person_id in acceptors:
        facts = {"number": request.gate, "path": path, "person_id": person_id}
        audit.record(actor, REMINDED, request, scope_id=project.id, facts=facts)


def require_can_see_all_requests(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` to all but the leads of the programme."""
    sentence = _("Seule la direction du programme relance qui accepte un jalon.")
    require(policy.can_see_all_requests(actor, project), sentence)
