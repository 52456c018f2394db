"""Pages of data sources: the list, a source with its access and readiness, and the forms."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import Message, MessageWithLink, render_form_page, write, write_page
from portal.project.data_sources import commands, labels, policy, queries
from portal.project.data_sources.forms import (
    DataAccessForm,
    EditSourceForm,
    NewSourceForm,
    QualityForm,
    SampleForm,
)
from portal.project.data_sources.models import AccessState, DataSource, DpiaScreening, PersonalDataPresence
from portal.project.projects.gate_queries import (
    list_gate_numbers_asking_purposes,
    list_gate_numbers_stale_by_sources,
)
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.rereview_queries import add_opened_rereviews, describe_rereview_of_source_change
from portal.project.projects.workspace_views import (
    attachments_context,
    get_writable_project,
    load_project_and_row,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)

bp = Blueprint("data_sources", __name__, url_prefix="/projects/<slug>/file/data")
SOURCE_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "project/data_sources/index.html",
        project,
        sources=queries.read_sources_page(actor, project, requested_page_number()),
        readiness_of=queries.compute_source_readiness,
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(SOURCE_PATH)
def page(slug: str, number: int) -> Response:
    project, source = load_project_and_row(slug, number, queries.get_source)
    return render(
        "project/data_sources/page.html",
        fragment="discussion",
        project=project,
        source=source,
        steps=queries.list_access_steps(source),
        access_states=list(AccessState),
        readiness=queries.compute_source_readiness(source),
        can_write=policy.can_write(actor, project),
        labels=labels,
        **attachments_context(project, source),
        **discussion_context(queries.get_discussion_id(source)),
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    defaults = {"personal": PersonalDataPresence.UNKNOWN, "screening": DpiaScreening.NOT_DONE}
    form = make_form(NewSourceForm, identified_on=clock.today_for_reader(), **defaults)
    gates = list_gate_numbers_stale_by_sources(project)
    form.purpose.flags.required = bool(gates)
    form_page = _build_form_page(project, _("Ajouter une source de données"), _("Ajouter"))

    def add_source(values: dict[str, Any]) -> DataSource:
        facts = form.facts()
        if gates and not facts.purpose:
            raise RuleBroken("purpose", _("Dites à quoi elle servira : des jalons acceptés en dépendent."))
        return commands.add_source(actor, project, facts, identified_on=values["identified_on"])

    return write(
        form,
        add_source,
        message=lambda source: _describe_added_source(project, source, gates),
        to=lambda source: row_path(project, source),
        page=lambda status: render_form_page(
            replace(form_page, lead=_describe_addition(project, gates)), form, status
        ),
    )


def _describe_addition(project: Project, stale_gates: Sequence[int]) -> str:
    """What a further source will do, and what gates ask of it."""
    asking = [] if stale_gates else list_gate_numbers_asking_purposes(project)
    rereview = cache_until_change(
        actor,
        ("rereview of a further source", project.id),
        lambda: describe_rereview_of_source_change(project, None, ""),
    )
    sentences = labels.stale_gates_warning(stale_gates), labels.purpose_demand(asking), rereview
    return " ".join(filter(None, sentences))


def _describe_added_source(project: Project, source: DataSource, stale_gates: Sequence[int]) -> Message:
    """What adding a source did; where gates ask for its purpose and it has none, with the way to it."""
    text = labels.source_added_message(source, stale_gates)
    asking = [] if source.purpose else list_gate_numbers_asking_purposes(project)
    if not asking:
        return add_opened_rereviews(text, project, source.number)
    text = add_opened_rereviews(f"{text} {labels.missing_purpose_message(asking)}", project, source.number)
    path = url_for(".change", slug=project.slug, number=source.number, field="purpose")
    return MessageWithLink(text, _("Écrire sa finalité"), path)


@bp.route(f"{SOURCE_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, source = load_project_and_row_to_write(slug, number, queries.get_source)
    form = make_form(EditSourceForm, obj=source)
    title = _("Modifier « %(name)s »", name=source.name)
    form_page = _build_form_page(project, title, _("Modifier"), source)

    def show(status: int) -> Response:
        lead = cache_until_change(
            actor,
            ("rereview of purpose", source.id),
            lambda: describe_rereview_of_source_change(project, source.id, source.purpose),
        )
        return render_form_page(replace(form_page, lead=lead), form, status)

    return write(
        form,
        lambda values: commands.change_source(actor, project, source, form.facts(), values["version"]),
        message=lambda _result: add_opened_rereviews(
            _("« %(name)s » est enregistrée.", name=source.name), project, source.number
        ),
        to=form_page.back,
        page=show,
        stored=source,
    )


@bp.route(f"{SOURCE_PATH}/access", methods=["GET", "POST"])
def move_access(slug: str, number: int) -> Response:
    project, source = load_project_and_row_to_write(slug, number, queries.get_source)
    form = make_form(DataAccessForm, source, version=source.version, reached_on=clock.today_for_reader())
    title = _("Noter où en est l’accès à « %(name)s »", name=source.name)
    lead = _("Aujourd’hui : %(state)s.", state=lower_first(labels.ACCESS[source.access]))
    return write_page(
        _build_form_page(project, title, _("Accès"), source, lead=lead),
        form,
        lambda values: commands.move_access(actor, project, source, **values),
        message=_("Accès noté."),
        stored=source,
    )


@bp.route(f"{SOURCE_PATH}/sample", methods=["GET", "POST"])
def note_sample(slug: str, number: int) -> Response:
    project, source = load_project_and_row_to_write(slug, number, queries.get_source)
    # A new sample: nothing is filled in from the last one.
    form = make_form(SampleForm, version=source.version, has_header=True, sample_on=clock.today_for_reader())
    title = _("Noter un échantillon de « %(name)s »", name=source.name)
    lead = _("Combien de lignes, et l’empreinte qui permettra de reconnaître le fichier.")
    lead = f"{lead} {labels.last_sample_label(source)}".strip()
    return write_page(
        _build_form_page(project, title, _("Échantillon"), source, lead=lead, takes_file=True),
        form,
        lambda values: commands.replace_sample(
            actor, project, source, form.sample_measures(), values["version"]
        ),
        message=_("Échantillon noté."),
        stored=source,
    )


@bp.route(f"{SOURCE_PATH}/quality", methods=["GET", "POST"])
def judge_quality(slug: str, number: int) -> Response:
    project, source = load_project_and_row_to_write(slug, number, queries.get_source)
    form = make_form(QualityForm, obj=source)
    title = _("Noter la qualité de « %(name)s »", name=source.name)
    return write_page(
        _build_form_page(project, title, _("Qualité"), source),
        form,
        lambda values: commands.record_quality(actor, project, source, form.quality(), values["version"]),
        message=_("Qualité notée."),
        stored=source,
    )


def _build_form_page(
    project: Project, title: str, step: str, source: DataSource | None = None, **more: Any
) -> FormPage:
    """Return the form page of a source, or of a new one."""
    return FormPage(
        title=title,
        trail=section_trail(project, _("Données"), ".index", source, source.name if source else ""),
        step=step,
        beside=(("sample_rows", "sha256"),),
        **more,
    )
