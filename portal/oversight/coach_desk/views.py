"""What a coach owes their teams, the load of each coach for leads; and handing a team over."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.coaching.clinics import labels as clinic_labels
from portal.coaching.clinics.queries import list_open_requests
from portal.coaching.coach_notes import commands as note_commands
from portal.coaching.coach_notes import policy as note_policy
from portal.coaching.coach_notes import queries as note_queries
from portal.coaching.recommendations import labels as recommendation_labels
from portal.coaching.recommendations.queries import list_recommendations_needing_coach
from portal.coaching.sessions.queries import can_log_session_today
from portal.oversight.coach_desk import commands, labels, policy, queries
from portal.oversight.coach_desk.coach_date_queries import list_accompanied_teams
from portal.oversight.coach_desk.forms import HandOverForm, HandOverRequestForm, shorten_note
from portal.oversight.decisions.to_decide_labels import list_help_lines, list_taken_help_lines
from portal.people.programmes.queries import get_holder_name
from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.form_page import EntryAboveForm, FormPage, make_form
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write_page
from portal.project.projects import policy as projects
from portal.project.projects.labels import name_with_team_count
from portal.project.projects.queries import count_teams_by_person, get_programme_role_holder, get_project
from portal.sprints.sprints.labels import BLOCKERS

bp = Blueprint("desk", __name__)


@bp.get("/desk")
def redirect_former_desk() -> Response:
    """The address of the desk that was: leads are led to the coaches, coaches to their sessions."""
    if policy.sees_loads(actor):
        return redirect_to(".coaches")
    if policy.is_coach(actor):
        return redirect_to(".coaching")
    raise NotFound


@bp.get("/coaching")
def coaching() -> Response:
    """Help requests, recommendations and sessions of a coach, in all their teams."""
    if not policy.is_coach(actor):
        raise NotFound
    return render(
        "oversight/coach_desk/coaching.html",
        requests=list_open_requests(actor),
        questions=[*list_help_lines(actor), *list_taken_help_lines(actor)],
        basket=list_recommendations_needing_coach(actor),
        teams=list_accompanied_teams(actor),
        leads=queries.list_lead_names_for_coach(actor),
        hand_overs=note_queries.map_own_requests_by_project(actor),
        today=clock.today(reader_time_zone()),
        can_log=partial(can_log_session_today, actor),
        blockers=BLOCKERS,
        labels=labels,
        clinic_labels=clinic_labels,
        recommendation_labels=recommendation_labels,
    )


@bp.get("/coaches")
def coaches() -> Response:
    """What each coach carries, in the programmes that the reader leads."""
    if not policy.sees_loads(actor):
        raise NotFound
    key = "coaches", actor.person_id
    facts = cache_page_facts(actor, key, lambda: {"loads": queries.list_coach_loads(actor), "labels": labels})
    return render("oversight/coach_desk/coaches.html", facts=facts)


@bp.route("/projects/<slug>/hand-over", methods=["GET", "POST"])
def request_hand_over(slug: str) -> Response:
    """The request waits among what the programme's lead is to decide."""
    project = get_project(actor, slug)
    require(note_policy.can_request_hand_over(actor, project), note_commands.coach_only_message())
    people = [(person.id, person.name) for person in note_queries.list_other_coaches(actor, project)]
    form_page = FormPage(
        title=_("Demander à passer la main : %(project)s", project=project.short_name),
        lead=_("La direction du programme y répond."),
        trail=[(_("Accompagnement"), url_for("desk.coaching"))],
        step=_("Passer la main"),
        yes=_("Envoyer"),
        advice=(
            _(
                "Après la passation, vous ne lisez plus le projet : écrivez ici ce que le suivant doit"
                " savoir."
            ),
            _("Vos demandes d’aide en cours passent avec l’équipe."),
        ),
    )

    def send_request(values: dict[str, Any]) -> None:
        to_id = UUID(values["to"]) if values["to"] else None
        successor = get_programme_role_holder(project, policy.COACH, to_id) if to_id else None
        note_commands.request_hand_over(actor, project, successor, values["why"], values["note"])

    return write_page(
        form_page,
        make_form(HandOverRequestForm, people),
        send_request,
        message=_("Votre demande est envoyée à la direction."),
        to=lambda _result: url_for("desk.coaching", _anchor="hand-over"),
    )


@bp.route("/projects/<slug>/hand-over/<uuid:assignment_id>", methods=["GET", "POST"])
def hand_over(slug: str, assignment_id: UUID) -> Response:
    project = get_project(actor, slug)
    require(projects.can_assign_coaches_and_tracks(actor, project), note_commands.direction_only_message())
    coached = queries.get_assignment(project, assignment_id)
    who = get_holder_name(coached.assignment)
    successors = queries.list_possible_successors(project, coached.assignment)
    teams = count_teams_by_person(actor, successors)
    people = [
        (person.id, name_with_team_count(person.name, teams.get(person.id, 0))) for person in successors
    ]
    request_id = request.args.get("request", type=UUID)  # of the note that led here, if any
    waiting = note_queries.find_waiting_request(project, coached.assignment.person_id)
    note = note_queries.find_note_for_successor(project, waiting) if waiting else ""
    form = make_form(HandOverForm, people, to=request.args.get("to"), note=shorten_note(note))
    form_page = FormPage(
        title=_("Confier %(project)s à un autre coach", project=project.short_name),
        lead=_("Aujourd’hui : %(who)s", who=f"{who}, {coached.track.name}" if coached.track else who),
        trail=[(_("Coachs"), url_for(".coaches"))],
        step=_("Passation"),
        yes=_("Confier l’équipe"),
        entries_title=_("Ce que demande %(who)s", who=who) if waiting else "",
        entries=(EntryAboveForm(waiting.why),) if waiting else (),
        advice=(
            _("Le suivant reçoit l’équipe, ses demandes d’aide en cours et cette note, d’un coup."),
            _("Celui qui part ne lit plus le projet : demandez-lui d’abord ce qu’il sait."),
        ),
    )

    def hand_over_team(values: dict[str, Any]) -> None:
        successor = get_programme_role_holder(project, policy.COACH, UUID(values["to"]))
        commands.hand_over_team(actor, project, coached, successor, values["note"], request_id=request_id)

    return write_page(
        form_page, form, hand_over_team, message=_("L’équipe est confiée, et la note est gardée.")
    )
