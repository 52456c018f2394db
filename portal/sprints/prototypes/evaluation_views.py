"""Evaluations of the AI: protocols, one protocol with its runs, and the forms."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import redirect_to
from portal.platform.web.template_filters import format_for_input
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.row_page_views import read_requested_page
from portal.project.projects.workspace_views import (
    attachments_context,
    count_files_by_row,
    get_writable_project,
    load_project_and_row,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)
from portal.sprints.prototypes import evaluation_commands as commands
from portal.sprints.prototypes import evaluation_queries as queries
from portal.sprints.prototypes import labels, policy
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.forms import (
    EditProtocolForm,
    EditRunForm,
    NewProtocolForm,
    NewRunForm,
    PivotForm,
)
from portal.sprints.prototypes.queries import list_selectable_versions, map_version_numbers
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure, format_subgroups
from portal.sprints.prototypes.trial_queries import describe_evaluation_lacks

bp = Blueprint("evaluation", __name__, url_prefix="/projects/<slug>/file/evaluation")
PROTOCOL_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    protocols = queries.read_protocols_page(actor, project, requested_page_number())
    return render_row_list(
        "sprints/prototypes/evaluation.html",
        project,
        found=protocols,
        last=queries.list_last_runs_by_protocol(protocols.rows),
        replaced=queries.list_replaced_ids(protocols.rows),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(PROTOCOL_PATH)
def page(slug: str, number: int) -> Response:
    project, protocol = load_project_and_row(slug, number, queries.get_protocol)
    key = "protocol", protocol.id, actor.person_id, read_requested_page()
    facts = cache_until_change(actor, key, lambda: _read_page_facts(project, protocol))
    return render_row_list(
        "sprints/prototypes/protocol.html",
        project,
        fragment="runs",
        protocol=protocol,
        can_write=policy.can_write(actor, project),
        can_change=policy.can_change_protocol(actor, project, has_runs=facts["runs"].count > 0),
        can_follow=policy.can_add_to_protocol(actor, project, is_replaced=facts["after"] is not None),
        labels=labels,
        **facts,
        **attachments_context(project, protocol),
    )


def _read_page_facts(project: Project, protocol: EvaluationProtocol) -> Mapping[str, Any]:
    """A page of the runs under a protocol, and what is said of them."""
    runs = queries.read_runs_page(actor, project, protocol, read_requested_page())
    before, after = queries.find_adjacent_protocols(protocol)
    corrections = queries.list_evaluation_corrections(protocol, runs.rows)
    return {
        "before": before,
        "after": after,
        "runs": runs,
        "subgroups": queries.list_subgroups_by_run(runs.rows),
        "versions": map_version_numbers(runs.rows, corrections),
        "corrections": corrections,
        "last_change": next((c for c in corrections if c.action == commands.CHANGED.code), None),
        "pivots": queries.list_protocol_pivots(protocol),
        "filed": count_files_by_row(runs.rows),
    }


@bp.route("/new", methods=["GET", "POST"])
def write_protocol(slug: str) -> Response:
    """The form of a protocol; with `run` in the address, that of a run where a protocol is in force."""
    project = get_writable_project(slug)
    wants_run = request.method in SAFE_METHODS and "run" in request.args
    if wants_run and (protocol := queries.find_protocol_in_force(project)):
        return redirect_to(".note_run", slug=slug, number=protocol.number)
    form = make_form(NewProtocolForm, dated_on=clock.today_for_reader())
    return write_page(
        _build_protocol_form_page(project, _("Écrire un protocole d’évaluation"), _("Écrire")),
        form,
        lambda _values: commands.write_protocol(actor, project, form.plan()),
        message=_describe_saved_protocol,
        to=lambda protocol: row_path(project, protocol),
    )


@bp.route(f"{PROTOCOL_PATH}/edit", methods=["GET", "POST"])
def change_protocol(slug: str, number: int) -> Response:
    project, protocol = load_project_and_row_to_write(slug, number, queries.get_protocol)
    if request.method in SAFE_METHODS:
        has_runs = queries.count_runs(protocol) > 0
        why = _("Ce protocole a des essais : il ne change plus. Remplacez-le.")
        require(policy.can_change_protocol(actor, project, has_runs=has_runs), why)
    form = make_form(EditProtocolForm, obj=protocol)
    title = _("Modifier le protocole %(n)s", n=number)
    return write_page(
        _build_protocol_form_page(project, title, _("Modifier"), protocol),
        form,
        lambda values: commands.change_protocol(actor, project, protocol, form.plan(), values["version"]),
        message=_("Protocole enregistré."),
        stored=protocol,
    )


@bp.route(f"{PROTOCOL_PATH}/replace", methods=["GET", "POST"])
def replace_protocol(slug: str, number: int) -> Response:
    project, protocol = load_project_and_row_to_write(slug, number, queries.get_protocol)
    form = make_form(NewProtocolForm, obj=protocol)
    if request.method in SAFE_METHODS:
        form.dated_on.data = clock.today()
    title = _("Remplacer le protocole %(n)s", n=number)
    lead = _("L’ancien reste lisible, avec ses essais.")
    return write_page(
        _build_protocol_form_page(project, title, _("Remplacer"), protocol, lead=lead),
        form,
        lambda _values: commands.replace_protocol(actor, project, protocol, form.plan()),
        message=_describe_saved_protocol,
        to=lambda successor: row_path(project, successor),
    )


def _describe_saved_protocol(protocol: EvaluationProtocol) -> str:
    return _("Protocole %(n)s fixé. Les essais viennent après ce jour.", n=protocol.number)


@bp.route(f"{PROTOCOL_PATH}/runs/new", methods=["GET", "POST"])
def note_run(slug: str, number: int) -> Response:
    project, protocol = load_project_and_row_to_write(slug, number, queries.get_protocol)
    versions = list_selectable_versions(actor, project)
    form = make_form(NewRunForm, versions, ran_on=clock.today_for_reader())
    title = _("Noter un essai : %(metric)s", metric=protocol.metric)
    lead = labels.goal_sentence(protocol)
    return write_page(
        _build_protocol_form_page(project, title, _("Noter un essai"), protocol, lead=lead),
        form,
        lambda _values: commands.note_run(actor, project, protocol, form.facts()),
        message=lambda run: _describe_noted_run(project, protocol, run),
    )


@bp.route(f"{PROTOCOL_PATH}/runs/<int(max=9999):which>", methods=["GET", "POST"])
def change_run(slug: str, number: int, which: int) -> Response:
    project, protocol = load_project_and_row_to_write(slug, number, queries.get_protocol)
    run = queries.get_run(actor, project, protocol, which)
    versions = list_selectable_versions(actor, project)
    form = make_form(EditRunForm, versions, obj=run)
    if request.method in SAFE_METHODS:
        stored_subgroups = queries.list_subgroups_by_run([run])[run.id]
        form.subgroups.data = format_subgroups(
            (SubgroupFigure(row.name, row.result, row.size) for row in stored_subgroups), format_for_input
        )
    title = _("Corriger l’essai %(n)s", n=which)
    lead = labels.goal_sentence(protocol)
    return write_page(
        _build_protocol_form_page(project, title, _("Corriger"), protocol, lead=lead),
        form,
        lambda values: commands.change_run(
            actor, project, protocol, run, form.facts(), expected_version=values["version"]
        ),
        message=lambda _result: _describe_noted_run(project, protocol, run),
        stored=run,
    )


def _describe_noted_run(project: Project, protocol: EvaluationProtocol, run: EvaluationRun) -> str:
    """The verdict on a run, then what the gate on the evaluation lacks."""
    return f"{labels.verdict_sentence(protocol, run)} {describe_evaluation_lacks(project)}".strip()


@bp.route(f"{PROTOCOL_PATH}/pivot", methods=["GET", "POST"])
def note_pivot(slug: str, number: int) -> Response:
    project, protocol = load_project_and_row_to_write(slug, number, queries.get_protocol)
    form = make_form(PivotForm, decided_on=clock.today_for_reader())
    lead = _("Un résultat qui ne vient pas est un résultat : dire où l’on va est honorable.")
    title = _("Changer de voie")
    return write_page(
        _build_protocol_form_page(project, title, title, protocol, lead=lead),
        form,
        lambda values: commands.note_pivot(
            actor, project, protocol, decided_on=values["decided_on"], reason=values["reason"]
        ),
        message=_("La décision est notée."),
    )


def _build_protocol_form_page(
    project: Project, title: str, step: str, protocol: EvaluationProtocol | None = None, *, lead: str = ""
) -> FormPage:
    label = _("Protocole %(n)s", n=protocol.number) if protocol else ""
    return FormPage(
        title=title,
        lead=lead,
        trail=section_trail(project, _("Évaluation"), ".index", protocol, label),
        step=step,
        beside=(("baseline", "threshold"), ("ran_on", "prototype", "result")),
    )
