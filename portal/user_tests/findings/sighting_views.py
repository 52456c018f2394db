"""Sightings of a finding, round by round, and the files of sessions that show it."""

from flask import Blueprint, Response, request

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.project.projects.workspace_views import load_project_and_row_to_write
from portal.user_tests.findings import queries, sighting_commands, sighting_queries
from portal.user_tests.findings.forms import EvidenceForm, SightingForm
from portal.user_tests.findings.page_views import FINDING_PATH, build_finding_path, build_finding_trail
from portal.user_tests.rounds.queries import list_tasks

bp = Blueprint("sightings", __name__, url_prefix="/projects/<slug>/findings")


@bp.route(f"{FINDING_PATH}/seen", methods=["GET", "POST"])
def set_sightings(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    finding, rounds = details.finding, queries.list_rounds_with_versions(actor, project)
    round_number = request.args.get("round", details.round.number, type=int)
    versioned_round = queries.get_round_with_version(actor, project, round_number)
    tasks, sessions, own_tasks, own_sightings = cache_until_change(
        actor,
        ("sightings to choose", finding.id, round_number, actor.person_id),
        lambda: (
            list_tasks(versioned_round[0]),
            queries.list_counted_sessions(versioned_round[0]),
            sighting_queries.list_finding_task_ids(finding),
            sighting_queries.list_own_sightings_by_session(actor, finding),
        ),
    )
    form = make_form(
        SightingForm,
        tasks=[task.number for task in tasks if task.id in own_tasks],
        sessions=[session.number for session in sessions if session.id in own_sightings],
    )
    form.set_choices(tasks, sessions)

    def show_page(status: int = 200) -> Response:
        return render(
            "user_tests/findings/seen.html",
            fragment="form",
            status=status,
            project=project,
            details=details,
            trail=build_finding_trail(project, number),
            rounds=rounds,
            selected_round=versioned_round[0],
            form=form,
        )

    return write(
        form,
        lambda _values: sighting_commands.change_sightings(
            actor,
            project,
            details,
            versioned_round,
            tasks=form.selected_tasks(),
            sessions=form.selected_sessions(),
        ),
        message=_("C’est noté."),
        to=f"{build_finding_path(project, number)}#seen",
        page=show_page,
    )


@bp.route(f"{FINDING_PATH}/evidence", methods=["GET", "POST"])
def choose_evidence(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    files = sighting_queries.list_session_files(details.finding)
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
        trail=build_finding_trail(project, number),
        step=_("Preuves"),
    )

    return write_page(
        form_page,
        form,
        lambda _values: sighting_commands.choose_evidence(
            actor, project, details.finding, form.selected_files()
        ),
        message=_("C’est noté."),
        to=f"{build_finding_path(project, number)}#evidence",
    )
