"""How the AI does: protocols, one protocol with its runs, and the forms."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.kernel import clock
from portal.kernel.access import require
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import count_files, files_of, open_to_write, show_list, trail
from portal.prototypes import evaluation_commands as commands
from portal.prototypes import policy, queries, words
from portal.prototypes.evaluation import EvaluationProtocol, EvaluationRun, Pivot
from portal.prototypes.forms import (
    NewProtocolForm,
    NewRunForm,
    PivotForm,
    ProtocolForm,
    RunForm,
)
from portal.prototypes.subgroups import Subgroup, write
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.show import as_typed

bp = Blueprint("evaluation", __name__, url_prefix="/projects/<slug>/file/evaluation")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_protocols(actor, project, asked_page())
    return show_list(
        "prototypes/evaluation.html",
        project,
        found=found,
        last=queries.list_last_runs(found.rows),
        replaced=queries.list_replaced(found.rows),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    protocol = queries.get_protocol(actor, project, number)
    found = queries.read_runs(actor, project, protocol, asked_page())
    before, after = queries.find_neighbours(protocol)
    corrections = queries.list_corrections(protocol, found.rows)
    return show_list(
        "prototypes/protocol.html",
        project,
        fragment="runs",
        protocol=protocol,
        before=before,
        after=after,
        found=found,
        subgroups=queries.list_subgroups(found.rows),
        versions=queries.version_numbers(found.rows, corrections),
        corrections=corrections,
        changed=next((one for one in corrections if one.action == commands.CHANGED.code), None),
        pivots=queries.list_pivots(protocol),
        can_write=policy.can_write(actor, project),
        can_change=policy.can_change_protocol(actor, project, has_runs=found.count > 0),
        can_follow=policy.can_follow_protocol(actor, project, is_replaced=after is not None),
        words=words,
        filed=count_files(found.rows),
        **files_of(project, protocol),
    )


@bp.route("/new", methods=["GET", "POST"])
def write_protocol(slug: str) -> Response:
    project = open_to_write(slug)
    form = fresh(NewProtocolForm, dated_on=clock.today_here())
    asked = _about(project, _("Écrire un protocole d’évaluation"), _("Écrire"))

    def act(_values: dict[str, Any]) -> EvaluationProtocol:
        return commands.write_protocol(actor, project, form.plan())

    return ask(asked, form, act, _to_page)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change_protocol(slug: str, number: int) -> Response:
    project, protocol = _to_write(slug, number)
    if request.method in SAFE_METHODS:
        has_runs = queries.count_runs(protocol) > 0
        why = _("Ce protocole a des essais : il ne change plus. Remplacez-le.")
        require(policy.can_change_protocol(actor, project, has_runs=has_runs), why)
    form = fresh(ProtocolForm, obj=protocol)
    title = _("Modifier le protocole %(n)s", n=number)
    asked = _about(project, title, _("Modifier"), protocol)

    def act(values: dict[str, Any]) -> None:
        commands.change_protocol(actor, project, protocol, form.plan(), values["version"])

    return ask(asked, form, act, _("Protocole enregistré."), stored=protocol)


@bp.route(f"{ONE}/replace", methods=["GET", "POST"])
def replace_protocol(slug: str, number: int) -> Response:
    project, protocol = _to_write(slug, number)
    form = fresh(NewProtocolForm, obj=protocol)
    if request.method in SAFE_METHODS:
        form.dated_on.data = clock.today()
    title = _("Remplacer le protocole %(n)s", n=number)
    lead = _("L’ancien reste lisible, avec ses essais.")
    asked = _about(project, title, _("Remplacer"), protocol, lead=lead)

    def act(_values: dict[str, Any]) -> EvaluationProtocol:
        return commands.replace_protocol(actor, project, protocol, form.plan())

    return ask(asked, form, act, _to_page)


def _to_page(protocol: EvaluationProtocol) -> tuple[str, str]:
    said = _("Protocole %(n)s fixé. Les essais viennent après ce jour.", n=protocol.number)
    slug = (request.view_args or {})["slug"]
    return said, url_for("evaluation.page", slug=slug, number=protocol.number)


@bp.route(f"{ONE}/runs/new", methods=["GET", "POST"])
def note_run(slug: str, number: int) -> Response:
    project, protocol = _to_write(slug, number)
    versions = queries.list_version_choices(actor, project)
    form = fresh(NewRunForm, versions, ran_on=clock.today_here())
    title = _("Noter un essai : %(metric)s", metric=protocol.metric)
    asked = _about(project, title, _("Noter un essai"), protocol, lead=words.goal(protocol))

    def act(_values: dict[str, Any]) -> EvaluationRun:
        return commands.note_run(actor, project, protocol, form.facts())

    def done(run: EvaluationRun) -> tuple[str, str]:
        return words.verdict(protocol, run), asked.back

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/runs/<int(max=9999):which>", methods=["GET", "POST"])
def change_run(slug: str, number: int, which: int) -> Response:
    project, protocol = _to_write(slug, number)
    run = queries.get_run(actor, project, protocol, which)
    versions = queries.list_version_choices(actor, project)
    form = fresh(RunForm, versions, obj=run)
    if request.method in SAFE_METHODS:
        kept = queries.list_subgroups([run])[run.id]
        form.subgroups.data = write(
            (Subgroup(row.name, row.result, row.size) for row in kept), as_typed
        )
    title = _("Corriger l’essai %(n)s", n=which)
    asked = _about(project, title, _("Corriger"), protocol, lead=words.goal(protocol))

    def act(values: dict[str, Any]) -> None:
        seen = values["version"]
        commands.change_run(actor, project, protocol, run, form.facts(), seen=seen)

    def done(_made: None) -> tuple[str, str]:
        return words.verdict(protocol, run), asked.back

    return ask(asked, form, act, done, stored=run)


@bp.route(f"{ONE}/pivot", methods=["GET", "POST"])
def pivot(slug: str, number: int) -> Response:
    project, protocol = _to_write(slug, number)
    form = fresh(PivotForm, decided_on=clock.today_here())
    lead = _("Un résultat qui ne vient pas est un résultat : dire où l’on va est honorable.")
    asked = _about(project, _("Changer de voie"), _("Changer de voie"), protocol, lead=lead)

    def act(values: dict[str, Any]) -> Pivot:
        given = {name: values[name] for name in ("decided_on", "reason")}
        return commands.pivot(actor, project, protocol, **given)

    return ask(asked, form, act, _("La décision est notée."))


def _to_write(slug: str, number: int) -> tuple[Project, EvaluationProtocol]:
    project = open_to_write(slug)
    return project, queries.get_protocol(actor, project, number)


def _about(
    project: Project,
    title: str,
    step: str,
    protocol: EvaluationProtocol | None = None,
    *,
    lead: str = "",
) -> FormPage:
    steps = [(_("Évaluation"), url_for(".index", slug=project.slug))]
    if protocol is not None:
        n = protocol.number
        steps.append((_("Protocole %(n)s", n=n), url_for(".page", slug=project.slug, number=n)))
    return FormPage(
        title=title,
        lead=lead,
        trail=trail(project, *steps),
        step=step,
        beside=(("baseline", "threshold"), ("ran_on", "prototype", "result")),
    )
