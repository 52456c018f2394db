"""Taking and giving a help request on the page of what is to decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.coaching.clinics import assignment_commands, commands, policy, queries
from portal.coaching.clinics.forms import AssignHelpRequestForm, TakeHelpRequestForm
from portal.coaching.clinics.labels import request_assigned_message
from portal.coaching.clinics.to_decide_labels import CLAIMED, CODE
from portal.people.programmes.policy import COACHES
from portal.people.programmes.queries import RoleHolder, list_holders_by_scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.queries import list_coaches
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

TAKE, ASSIGN = "take", "assign"
Options = Sequence[tuple[UUID, str]]


def offer_acts(actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """For leads, a choice among the project's coaches; then a button to take it oneself."""
    coaches = list_holders_by_scope([line.project.id for line in lines], *COACHES)
    return [
        [
            *_build_assign_acts(actor, line.project.programme_id, coaches.get(line.project.id, ())),
            InPlaceAct(code=TAKE, label=_("M’en charger")),
        ]
        for line in lines
    ]


def _build_assign_acts(
    actor: Actor, programme_id: UUID, coaches: Sequence[RoleHolder]
) -> Sequence[InPlaceAct]:
    options = [(str(id_), name) for id_, name in _list_coach_options(coaches)]
    if not options or not policy.may_assign_in_programme(actor, programme_id):
        return []
    return [
        InPlaceAct(
            code=ASSIGN,
            label=_("Affecter"),
            field="person",
            field_label=_("Qui s’en occupe"),
            options=options,
            is_main=True,
        )
    ]


def _list_coach_options(coaches: Sequence[RoleHolder]) -> Options:
    """Each coach once, with their track."""
    names = {
        holder.person.id: _("%(name)s, %(track)s", name=holder.person.name, track=holder.track.name)
        if holder.track
        else holder.person.name
        for holder in coaches
    }
    return list(names.items())


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to those who may not."""
    request = queries.get_request_of_sprint(actor, id_)
    project, sprint = request.project, request.sprint
    if act == TAKE:
        commands.require_may_run_clinics(actor, project)
        take_form = TakeHelpRequestForm()
        read_version = take_form.version.data or 0
        take_form.refresh_version(request.clinic)

        def take_request(_values: dict[str, Any]) -> None:
            commands.claim_request(actor, project, sprint, read_version)

        message = _("Vous avez pris cette demande d’aide : fixez-en la date.")
        return SubmittedAct(form=take_form, command=take_request, message=message)
    if act == ASSIGN:
        assignment_commands.require_may_assign_requests(actor, project)
        coaches = list_coaches(project)
        form = AssignHelpRequestForm(_list_coach_options(coaches))
        version = form.version.data or 0
        form.refresh_version(request.clinic)

        def assign_request(values: dict[str, Any]) -> None:
            person_id = UUID(values["person"])
            assignment_commands.assign_request(actor, project, sprint, person_id, version)

        people = [(holder.person.id, holder.person.name) for holder in coaches]
        message = request_assigned_message(people, form.person.data, project)
        return SubmittedAct(form=form, command=assign_request, message=message)
    raise NotFound


def offer_claimed_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """For whoever has a request: the page that fixes its date, or says what came of it."""
    return [
        [InPlaceAct(label=line.next_act[0], path=line.next_act[1], is_main=True)]
        if line.next_act and line.is_own and not line.is_in_hand
        else []
        for line in lines
    ]


def _refuse_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """Raises `NotFound`: a claimed request offers links alone."""
    raise NotFound


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)
CLAIMED_ACTS = InPlaceActs(code=CLAIMED, offer=offer_claimed_acts, submit=_refuse_act)
