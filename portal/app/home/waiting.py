"""What waits in a project beside its work: an abandonment to confirm, the questions after a group session,
and what the reader decides."""

from collections.abc import Iterable, Sequence

from portal.app.home.duty import DutyButton, TeamDuty
from portal.app.home.snapshot import ProjectSnapshot
from portal.coaching.clinics.to_decide_labels import CLAIMED as TAKEN_HELP
from portal.coaching.clinics.to_decide_labels import CODE as HELP
from portal.coaching.group_sessions.queries import list_unanswered_surveys
from portal.coaching.sessions.to_decide_labels import CODE as MINUTES
from portal.funding.agreements.gate_queries import find_sponsor_id
from portal.funding.agreements.policy import reads_amounts
from portal.funding.change_requests.policy import can_confirm_abandonment, can_file_request
from portal.funding.change_requests.queries import find_abandonment_to_confirm
from portal.oversight.decisions.models import DecisionAddressee
from portal.oversight.decisions.rules import first_line
from portal.oversight.decisions.to_decide_labels import HELP as HELP_QUESTIONS
from portal.oversight.decisions.to_decide_labels import HELP_TAKEN as TAKEN_HELP_QUESTIONS
from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.to_decide_labels import CODE as GATES
from portal.oversight.health.to_decide_labels import STALE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.platform.web.urls import path_to
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from portal.project.projects.to_decide_rules import WaitingLine


def list_abandonment_duties(actor: Actor, project: Project) -> Iterable[TeamDuty]:
    """The sponsor's confirmation, or the sponsor to name first, for whoever reads the request."""
    change = find_abandonment_to_confirm(project) if reads_amounts(actor, project) else None
    if change is None:
        return
    sponsor_id, url = (
        find_sponsor_id(project),
        path_to("funding_changes.page", slug=project.slug, number=change.number),
    )
    if sponsor_id in {None, change.filed_by_id}:
        roles = path_to("gate_facts.note_key_roles", slug=project.slug)
        is_own, who, act = (
            can_file_request(actor, project),
            _("Au porteur"),
            DutyButton(_("Nommer un autre sponsor"), roles),
        )
    else:
        is_own, who = can_confirm_abandonment(actor, change, sponsor_id), _("Au sponsor")
        act = DutyButton(_("Lire et confirmer"), url)
    yield TeamDuty(
        text=_("Confirmer l’abandon du projet"),
        url=url,
        note=_("demandé %(when)s, à confirmer par le sponsor", when=ago(change.created_at)),
        is_own=is_own,
        who=who,
        acts=(act,) if is_own else (),
    )


def list_survey_duties(actor: Actor, project: Project) -> Iterable[TeamDuty]:
    """One line a session of the last weeks of which the reader, on the team, has said nothing yet."""
    if not policy.is_on_team(actor, project):
        return
    for row in list_unanswered_surveys(actor, project):
        place = {"slug": get_programme_of(project).slug, "number": row.number}
        yield TeamDuty(
            text=row.title,
            url=path_to("gatherings.page", **place),
            note=_("séance collective du %(day)s, trois questions et une minute", day=day(row.held_on)),
            is_own=True,
            acts=(DutyButton(_("Répondre"), path_to("gatherings.answer", **place)),),
        )


_TO_WHOM = {
    DecisionAddressee.LEAD: _l("À la direction"),
    DecisionAddressee.OPERATOR: _l("À l’opérateur"),
    DecisionAddressee.COACH: _l("Au coach"),
}


def list_help_duties(project: Project, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    """The help that the team awaits: of its sprints, then what it asked by questions."""
    for request in snapshot.awaited_help:
        yield TeamDuty(
            text=_("L’aide demandée, sprint %(n)s", n=request.number),
            url=path_to("clinics.page", slug=project.slug, number=request.number),
            note=request.blocker_text,
            who=_("Au coach"),
        )
    for question in snapshot.help_questions:
        yield TeamDuty(
            text=_("L’aide demandée par une question"),
            url=path_to("decisions.page", slug=project.slug, number=question.number),
            note=first_line(question.question),
            who=question.owner or str(_TO_WHOM[question.addressee]),
        )


def build_waiting_line_duty(code: str, line: WaitingLine) -> TeamDuty:
    """What the reader decides; a request for help is called one, and taken in place."""
    is_own = line.is_own or not (line.owner or line.is_assigned)
    act = DutyButton(*line.next_act or (_("Décider"), line.path))
    note = line.detail
    if code == GATES and line.whom:  # nobody
        note = _("%(what)s, personne ne peut l’accepter", what=line.detail)
    elif code == HELP:
        act = DutyButton(_("M’en charger"), f"{line.path}/take", {"version": 0}, "secondary")
        note = _("aide demandée %(when)s, %(what)s", when=ago(line.since), what=line.detail)
    elif code == HELP_QUESTIONS:
        act = DutyButton(_("Répondre"), line.path)
        note = _("aide demandée %(when)s, par une question", when=ago(line.since))
    elif code == TAKEN_HELP:
        note = _("aide à donner, %(what)s", what=line.detail)
    elif code == TAKEN_HELP_QUESTIONS:
        act, note = DutyButton(_("Répondre"), line.path), _("aide à donner, par une question")
    elif code == MINUTES:
        act = DutyButton(_("Écrire le compte rendu"), f"{line.path}/edit")
    return TeamDuty(
        text=line.title,
        url=line.path,
        note=note,
        due_on=line.due_on,
        is_own=is_own,
        who=line.owner or line.whom or _("À qui l’accepte"),
        acts=(act,) if is_own else (),
    )


def list_gates_of_reviewer(actor: Actor) -> Sequence[WaitingLine]:
    """Gates that wait for the actor's answer as a reviewer: requested ones, then stale ones to look at
    again, whatever else the actor answers in other roles."""
    waiting = map_waiting_lines_by_kind(actor)
    lines = [line for line in waiting[GATES] if line.is_own]
    lines += [line for line in waiting[STALE] if line.is_own and line.is_ready]  # others' turns are over
    definitions = read_definitions_by_programme({line.project.programme_id for line in lines})
    return [
        line
        for line in lines
        if definitions[line.project.programme_id][line.number].terms.acceptor is GateAcceptor.REVIEWER
    ]
