"""Coaching sessions: a project's, one with its minutes and decisions, and the forms."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.calendars.invitation import FILE, invite
from portal.coaching import commands, policy, queries, words
from portal.coaching.dates import entries_of
from portal.coaching.forms import (
    ActForm,
    DecisionForm,
    DropForm,
    NewDecisionForm,
    NewSessionForm,
    SessionForm,
    Tracks,
)
from portal.coaching.models import CoachingSession, Decision
from portal.coaching.workplace import path_of, show_session, trail_of
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.projects import policy as projects
from portal.projects import teamwork
from portal.projects.models import Project
from portal.projects.queries import get_project, list_tracks
from portal.projects.revisions import list_revisions
from portal.projects.workplace import open_to_write, show_list
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.forms import Form, submit
from portal.web.render import render, see_path

bp = Blueprint("coaching", __name__, url_prefix="/projects/<slug>/coaching")
ONE = "/<int(max=9999):number>"
DECIDED = "/decisions/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "coaching/index.html",
        project,
        found=queries.list_sessions(actor, project, asked_page()),
        can_log=policy.can_log(actor, project),
        can_advise=projects.can_advise(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return show_session(slug, number)


@bp.get(ONE + FILE)
def invitation(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    return invite(entries_of(project, queries.get_session(actor, project, number).row))


@bp.get(f"{ONE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    held = queries.get_session(actor, project, number)
    tracks = {str(track.id): track.name for track in list_tracks(project)}
    return render(
        "coaching/history.html",
        title=_("Historique de la séance %(n)s", n=number),
        trail=trail_of(project, number),
        revisions=list_revisions([held.row.id], words.DEEDS),
        labels=words.LABELS,
        words={"DEEDS": words.DEEDS, "tell": words.teller(tracks)},
    )


def _open_to_log(slug: str) -> Project:
    project = get_project(actor, slug)
    teamwork.require_advisor(actor, project)
    return project


def _tracks(project: Project) -> Tracks:
    return [(track.id, track.name) for track in list_tracks(project)]


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open_to_log(slug)
    tracks = _tracks(project)
    usual = queries.find_own_track(actor, project)
    form = fresh(
        NewSessionForm,
        tracks,
        held_on=clock.today_here(),
        track=str(usual or ""),
        format="weekly_point",
    )
    asked = FormPage(
        title=_("Noter une séance d’accompagnement"),
        trail=trail_of(project),
        step=_("Noter une séance"),
        yes=_("Enregistrer la séance"),
        beside=(("format", "track"), ("held_on", "next_on")),
        advice=(
            _("Seules la forme et la date sont nécessaires ; le reste peut venir après."),
            _("Tous ceux qui lisent le projet lisent le compte rendu."),
            _("Ce qui ne regarde que les coachs va dans « Notes de coachs »."),
        ),
    )

    def act(_values: dict[str, Any]) -> CoachingSession:
        return commands.log_session(actor, project, form.facts(), form.decided())

    def done(row: CoachingSession) -> tuple[str, str]:
        return _("Séance enregistrée."), path_of(project, row.number)

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    row = queries.get_session(actor, project, number).row
    form = fresh(SessionForm, _tracks(project), obj=row)
    asked = FormPage(
        title=_("Modifier la séance %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Modifier"),
        beside=(("format", "track"), ("held_on", "next_on")),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change_session(actor, project, row, form.facts(), values["version"])

    return ask(asked, form, act, _("Séance enregistrée."), stored=row)


@bp.route(f"{ONE}/decisions/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    row = queries.get_session(actor, project, number).row
    asked = FormPage(
        title=_("Ajouter une décision à la séance %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Ajouter une décision"),
        yes=_("Ajouter"),
    )

    def act(values: dict[str, Any]) -> Decision:
        return commands.decide(actor, project, row, values["what"])

    return ask(
        asked,
        fresh(NewDecisionForm),
        act,
        lambda _made: (_("Décision ajoutée."), path_of(project, number)),
    )


@bp.route(f"{DECIDED}/edit", methods=["GET", "POST"])
def change_decision(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    decision, row = queries.get_decision(actor, project, number)
    asked = FormPage(
        title=_("Reformuler une décision"),
        trail=trail_of(project, row.number),
        step=_("Reformuler"),
    )

    def act(values: dict[str, Any]) -> None:
        of, seen = (decision, row), values["version"]
        commands.change_decision(actor, project, of, values["what"], seen)

    form = fresh(DecisionForm, obj=decision)
    return ask(asked, form, act, _("Décision reformulée."), stored=decision)


@bp.post(f"{DECIDED}/drop")
def drop_decision(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    of = queries.get_decision(actor, project, number)

    def done(_made: object) -> tuple[str, str]:
        return _("Décision retirée."), path_of(project, of[1].number)

    deed = partial(commands.drop_decision, actor, project, of)
    return _act(project, of[1], deed, done, DropForm())


@bp.post(f"{DECIDED}/recommend")
def recommend(slug: str, number: int) -> Response:
    """One click; on to the recommendation, which its author may then say better."""
    project = _open_to_log(slug)
    of = queries.get_decision(actor, project, number)

    def done(made: Any) -> tuple[str, str]:
        place = url_for("recommendations.page", slug=slug, number=made.number)
        return _("Recommandation %(n)s proposée à l’équipe.", n=made.number), place

    return _act(project, of[1], lambda: commands.make_recommendation(actor, project, of), done)


@bp.post(f"{DECIDED}/item")
def make_item(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    of = queries.get_decision(actor, project, number)

    def done(made: Any) -> tuple[str, str]:
        return _("Élément %(n)s ajouté au carnet.", n=made.number), path_of(project, of[1].number)

    return _act(project, of[1], lambda: commands.make_item(actor, project, of), done)


def _act(
    project: Project,
    row: CoachingSession,
    deed: Callable[[], object],
    told: Callable[[object], tuple[str, str]],
    form: Form | None = None,
) -> Response:
    form = form or ActForm()

    def done(made: object) -> Response:
        said, path = told(made)
        flash(said)
        return see_path(path)

    def again(status: int) -> Response:
        return show_session(project.slug, row.number, status, form)

    return submit(form, lambda _values: deed(), done, again)
