"""Where a finding was seen, round by round, and the files of sessions that show it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.user_tests.findings import queries, sighting_commands
from portal.user_tests.findings.forms import EvidenceForm, SightingForm
from portal.user_tests.findings.page_views import finding_path, finding_trail, open_finding_to_write

bp = Blueprint("sightings", __name__, url_prefix="/projects/<slug>/findings")
FINDING_PATH = "/<int(max=9999):number>"


@bp.route(f"{FINDING_PATH}/seen", methods=["GET", "POST"])
def say(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    finding, rounds = details.finding, queries.list_rounds(actor, project)
    round_number = request.args.get("round", details.round.number, type=int)
    where = queries.get_round(actor, project, round_number)
    tasks, sessions = queries.list_tasks(where[0]), queries.list_sessions(where[0])
    own_tasks, own = queries.list_own_tasks(finding), queries.list_own_sightings(actor, finding)
    form = make_form(
        SightingForm,
        tasks=[task.number for task in tasks if task.id in own_tasks],
        sessions=[session.number for session in sessions if session.id in own],
    )
    form.set_choices(tasks, sessions)

    def again(status: int = 200) -> Response:
        return render(
            "user_tests/findings/seen.html",
            fragment="form",
            status=status,
            project=project,
            told=details,
            trail=finding_trail(project, number),
            rounds=rounds,
            chosen=where[0],
            form=form,
        )

    def act(_values: dict[str, Any]) -> None:
        tasks, sessions = form.selected_tasks(), form.selected_sessions()
        sighting_commands.change_sightings(
            actor, project, details, where, tasks=tasks, sessions=sessions
        )

    def on_success(_result: None) -> Response:
        flash(_("C’est noté."))
        return redirect_to_path(f"{finding_path(project, number)}#seen")

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, on_success, again)


@bp.route(f"{FINDING_PATH}/evidence", methods=["GET", "POST"])
def choose(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    files = queries.list_session_files(details.finding)
    form = make_form(
        EvidenceForm, files=[str(file.id) for file, _number, is_evidence in files if is_evidence]
    )
    form.set_choices(files)
    form_page = FormPage(
        title=_("Ce qui montre le constat %(n)s", n=number),
        lead=_(
            "Les fichiers d’une séance restent avec elle : si le participant se retire, ils"
            " disparaissent d’ici aussi."
        ),
        trail=finding_trail(project, number),
        step=_("Preuves"),
    )

    def act(_values: dict[str, Any]) -> None:
        sighting_commands.choose_evidence(actor, project, details.finding, form.selected_files())

    def on_success(_result: None) -> tuple[str, str]:
        return _("C’est noté."), url_for("findings.page", slug=slug, number=number) + "#evidence"

    return answer_form(form_page, form, act, on_success)
