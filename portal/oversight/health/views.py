"""Pages: the health of a project on any day, and the forms to declare or override it."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response

from portal.oversight.decisions.awaited_queries import list_open_questions_by_project
from portal.oversight.decisions.rules import first_line
from portal.oversight.gates.navigation_views import read_requested_day_and_if_ignored
from portal.oversight.health import (
    commands,
    labels,
    opinion_queries,
    policy,
    queries,
    remedy_labels,
    threshold_labels,
)
from portal.oversight.health.forms import LeadOpinionForm, WeatherForm
from portal.oversight.health.navigation_views import build_health_trail, signal_remedy_url
from portal.oversight.health.state_rules import acceptance_spread
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("project_health", __name__, url_prefix="/projects/<slug>/health")
OVERRIDE_DAYS = 30  # default duration of an override


@bp.get("")
def index(slug: str) -> Response:
    """Show health now; with `on`, as it was at the end of that day."""
    project = get_project(actor, slug)
    past_day, is_ignored = read_requested_day_and_if_ignored(project)
    facts = cache_page_facts(
        actor, ("health", project.id, past_day), lambda: _read_page_facts(project, past_day)
    )
    return render(
        "oversight/health/index.html",
        facts=facts,
        project=project,
        past_day=past_day,
        ignored=is_ignored,
        can_declare=policy.can_declare_weather(actor, project) and past_day is None,
        can_override=policy.can_note_lead_opinion(actor, project) and past_day is None,
        can_take_charge=policy.can_take_charge(actor, project) and past_day is None,
        today=clock.today(),
    )


def _read_page_facts(project: Project, past_day: date | None) -> Mapping[str, Any]:
    """What the page shows to every reader."""
    moment = clock.end_of_day(past_day) if past_day else None
    return {
        "project": project,
        "past_day": past_day,
        "state": queries.read_state(project, moment),
        "definitions": queries.read_definitions(project.programme_id, moment),
        "weathers": opinion_queries.list_weathers(project, moment),
        "overrides": opinion_queries.list_lead_opinions(project, moment),
        "awaited": [
            question
            for question in list_open_questions_by_project([project.id], moment or clock.now()).get(
                project.id, ()
            )
            if not question.is_help
        ],
        "spread": acceptance_spread(queries.list_accepted_percents(project.programme_id, moment)),
        "url_of": partial(signal_remedy_url, project.slug),
        "remedy": remedy_labels.remedy,
        "charge": remedy_labels.describe_charge,
        "labels": labels,
        "thresholds": threshold_labels,
        "first_line": first_line,
    }


@bp.route("/weather", methods=["GET", "POST"])
def declare_weather(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_can_declare_weather(actor, project)
    form_page = FormPage(
        title=_("Déclarer la météo du projet"),
        lead=_("Votre avis s’affiche à côté de ce que disent les signaux, jamais à sa place."),
        trail=build_health_trail(project),
        step=_("Météo"),
        yes=_("Le dire"),
        advice=(_("Ce que vous avez dit avant reste dans l’historique, avec sa date."),),
    )
    return write_page(
        form_page,
        make_form(WeatherForm),
        lambda values: commands.declare_weather(actor, project, values["outlook"], values["sentence"]),
        message=_("Météo déclarée."),
    )


@bp.route("/override", methods=["GET", "POST"])
def note_lead_opinion(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_can_note_lead_opinion(actor, project)
    form_page = FormPage(
        title=_("Dire comment la direction voit le projet"),
        lead=_("Votre avis s’affiche à côté de ce que disent les signaux, jamais à sa place."),
        trail=build_health_trail(project),
        step=_("Avis de la direction"),
        yes=_("Le dire en mon nom"),
        advice=(_("Il porte votre nom, et disparaît de lui-même à la date que vous donnez."),),
    )
    return write_page(
        form_page,
        make_form(LeadOpinionForm, until=clock.today() + timedelta(days=OVERRIDE_DAYS)),
        lambda values: commands.note_lead_opinion(
            actor, project, values["level"], values["text"], values["until"]
        ),
        message=_("Avis noté, en votre nom."),
    )
