"""The desk of a coach, with the load of each coach for leads; and handing a team over."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.coaching.clinics import labels as clinic_labels
from portal.coaching.clinics.queries import list_open_requests
from portal.coaching.recommendations import labels as recommendation_labels
from portal.coaching.recommendations.queries import list_basket
from portal.collaboration.discussions.queries import list_mentions
from portal.ethics.rereviews import labels as rereview_labels
from portal.ethics.rereviews.queries import list_waiting as list_rereviews
from portal.ethics.reviews import labels as review_labels
from portal.ethics.reviews.register_queries import list_waiting as list_reviews
from portal.oversight.coach_desk import commands, labels, policy, queries
from portal.oversight.coach_desk.forms import HandOverForm
from portal.oversight.gates import labels as gate_labels
from portal.oversight.gates.request_queries import list_waiting as list_gates
from portal.oversight.health.navigation_views import url_of as signal_url
from portal.oversight.health.stale_gate_queries import list_stale
from portal.people.programmes.queries import name_of_holder
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page
from portal.project.projects import policy as projects
from portal.project.projects.queries import get_from_pool, get_project, short_names_of
from portal.project.projects.visit_commands import count_events, record_visit
from portal.sprints.sprints.labels import BLOCKERS

bp = Blueprint("desk", __name__)

MENTIONS = 10


@bp.get("/desk")
def index() -> Response:
    if not policy.has_desk(actor):
        raise NotFound
    requests = list_open_requests(actor)
    mentions, since = list_mentions(actor, MENTIONS), record_visit(actor)
    requested_gates, stale = list_gates(actor), list_stale(actor)
    coached = queries.read_desk(actor, requests, requested_gates, stale, reader_time_zone())
    project_ids = [coached_team.team.project.id for coached_team in coached]
    return render(
        "oversight/coach_desk/index.html",
        coaches=policy.is_coach(actor),
        leads=bool(policy.list_led_programmes(actor)),
        coached=coached,
        since=since,
        news_counts=count_events(actor, project_ids, since) if since and project_ids else {},
        requests=requests,
        blockers=BLOCKERS,
        basket=list_basket(actor),
        gates=requested_gates,
        stale_gates=stale,
        gate_labels=gate_labels,
        waiting=list_reviews(actor) if policy.is_reviewer(actor) else [],
        review_words=review_labels,
        rereviews=list_rereviews(actor) if policy.is_reviewer(actor) else [],
        rereview_labels=rereview_labels,
        loads=queries.list_loads(actor),
        mentions=mentions,
        places=short_names_of(mention.scope_id for mention in mentions),
        labels=labels,
        signal_url=signal_url,
        clinic_labels=clinic_labels,
        recommendation_labels=recommendation_labels,
    )


@bp.route("/projects/<slug>/hand-over/<uuid:assignment_id>", methods=["GET", "POST"])
def hand_over(slug: str, assignment_id: UUID) -> Response:
    project = get_project(actor, slug)
    require(projects.can_assign(actor, project), commands.direction_only_message())
    coached = queries.get_assignment(project, assignment_id)
    who = name_of_holder(coached.assignment)
    form = make_form(HandOverForm, queries.list_successors(project, coached.assignment))
    form_page = FormPage(
        title=_("Confier %(project)s à un autre coach", project=project.short_name),
        lead=_("Aujourd’hui : %(who)s", who=f"{who}, {coached.track.name}" if coached.track else who),
        trail=[(_("Bureau"), url_for(".index"))],
        step=_("Passage de relais"),
        yes=_("Confier l’équipe"),
        advice=(
            _("Le suivant reçoit l’équipe, ses cliniques en cours et cette note, d’un coup."),
            _("Celui qui part ne lit plus le projet : demandez-lui d’abord ce qu’il sait."),
        ),
    )

    def hand_over_team(values: dict[str, Any]) -> None:
        successor = get_from_pool(project, policy.COACH, UUID(values["to"]))
        commands.hand_over_team(actor, project, coached, successor, values["note"])

    return write_page(
        form_page, form, hand_over_team, message=_("L’équipe est confiée, et la note est gardée.")
    )
