"""Where a finding was seen, round by round, and the files of sessions that show it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.findings import queries, sightings
from portal.findings.forms import EvidenceForm, SeenForm
from portal.findings.workplace import open_finding_to_write, path_of, trail_of
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("sightings", __name__, url_prefix="/projects/<slug>/findings")
ONE = "/<int(max=9999):number>"


@bp.route(f"{ONE}/seen", methods=["GET", "POST"])
def say(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    finding, rounds = told.finding, queries.list_rounds(actor, project)
    asked = request.args.get("round", told.round.number, type=int)
    where = queries.get_round(actor, project, asked)
    tasks, sessions = queries.list_tasks(where[0]), queries.list_sessions(where[0])
    own_tasks, own = queries.list_own_tasks(finding), queries.list_own_sightings(actor, finding)
    form = fresh(
        SeenForm,
        tasks=[task.number for task in tasks if task.id in own_tasks],
        sessions=[one.number for one in sessions if one.id in own],
    )
    form.offer(tasks, sessions)

    def again(status: int = 200) -> Response:
        return render(
            "findings/seen.html",
            fragment="form",
            status=status,
            project=project,
            told=told,
            trail=trail_of(project, number),
            rounds=rounds,
            chosen=where[0],
            form=form,
        )

    def act(_values: dict[str, Any]) -> None:
        tasks, sessions = form.chosen_tasks(), form.chosen_sessions()
        sightings.say_where_seen(actor, project, told, where, tasks=tasks, sessions=sessions)

    def done(_made: None) -> Response:
        flash(_("C’est noté."))
        return see_path(f"{path_of(project, number)}#seen")

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, done, again)


@bp.route(f"{ONE}/evidence", methods=["GET", "POST"])
def choose(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    files = queries.list_session_files(told.finding)
    form = fresh(EvidenceForm, files=[str(file.id) for file, _number, mine in files if mine])
    form.offer(files)
    asked = FormPage(
        title=_("Ce qui montre le constat %(n)s", n=number),
        lead=_(
            "Les fichiers d’une séance restent avec elle : si le participant se retire, ils"
            " disparaissent d’ici aussi."
        ),
        trail=trail_of(project, number),
        step=_("Preuves"),
    )

    def act(_values: dict[str, Any]) -> None:
        sightings.choose_evidence(actor, project, told.finding, form.chosen())

    def done(_made: None) -> tuple[str, str]:
        return _("C’est noté."), url_for("findings.page", slug=slug, number=number) + "#evidence"

    return ask(asked, form, act, done)
