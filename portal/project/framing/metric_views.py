"""Pages of impact metrics: the list, a metric with its chart and measurements, and the forms."""

from flask import Blueprint, Response

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.writes import write_page
from portal.project.framing import labels, metric_charts, metric_commands, policy, queries
from portal.project.framing.forms import (
    CorrectMeasurementForm,
    NewMeasurementForm,
    NewMetricForm,
    RedefineMetricForm,
)
from portal.project.framing.metric_models import ImpactMetric
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.row_page_views import read_requested_page
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    get_writable_project,
    load_project_and_row,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)

bp = Blueprint("impact", __name__, url_prefix="/projects/<slug>/file/impact")
METRIC_PATH = "/<int(max=9999):number>"
CHART_POINTS_MAX = 60  # measurements
CHART_WIDTHS = {"wide": 720, "narrow": 288}  # px


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    metrics = queries.read_metrics_page(actor, project, requested_page_number())
    return render_row_list(
        "project/framing/impact.html",
        project,
        metrics=metrics,
        latest=queries.map_latest_measurement_by_metric(metrics.rows),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(METRIC_PATH)
def page(slug: str, number: int) -> Response:
    project, metric = load_project_and_row(slug, number, queries.get_metric)
    charted = queries.list_charted_measurements(metric, CHART_POINTS_MAX)
    values = [(measurement.measured_on, measurement.value) for measurement in charted]
    baseline = None
    if metric.baseline is not None and metric.baseline_on is not None:
        baseline = (metric.baseline_on, metric.baseline)
    return render_row_list(
        "project/framing/metric.html",
        project,
        fragment="measurements",
        metric=metric,
        charts={
            name: metric_charts.draw_metric_chart(
                values, baseline=baseline, target=metric.target, width=width
            )
            for name, width in CHART_WIDTHS.items()
        },
        last=charted[-1] if charted else None,
        measurements=queries.read_measurements_page(actor, project, metric, read_requested_page()),
        definitions=queries.list_definitions_of_metric(metric),
        can_write=policy.can_write(actor, project),
        labels=labels,
        **attachments_context(project, metric),
    )


@bp.route("/new", methods=["GET", "POST"])
def define(slug: str) -> Response:
    project = get_writable_project(slug)
    form = make_form(NewMetricForm)
    title = _("Définir un indicateur d’impact")
    return write_page(
        _build_form_page(project, title, _("Définir"), _("Définir l’indicateur")),
        form,
        lambda _values: metric_commands.define_metric(actor, project, form.plan()),
        message=_("Indicateur défini. Notez une mesure dès que vous en avez une."),
        to=lambda metric: row_path(project, metric),
    )


@bp.route(f"{METRIC_PATH}/edit", methods=["GET", "POST"])
def redefine(slug: str, number: int) -> Response:
    project, metric = load_project_and_row_to_write(slug, number, queries.get_metric)
    form = make_form(RedefineMetricForm, obj=metric)
    title = _("Redéfinir l’indicateur « %(name)s »", name=metric.name)
    return write_page(
        _build_form_page(project, title, _("Redéfinir"), metric=metric),
        form,
        lambda values: metric_commands.redefine_metric(
            actor, project, metric, form.plan(), reason=values["reason"], version=values["version"]
        ),
        message=_("Indicateur enregistré. L’ancienne définition reste lisible."),
        stored=metric,
    )


@bp.route(f"{METRIC_PATH}/measurements/new", methods=["GET", "POST"])
def add_measurement(slug: str, number: int) -> Response:
    project, metric = load_project_and_row_to_write(slug, number, queries.get_metric)
    form = make_form(NewMeasurementForm, measured_on=clock.today_for_reader())
    title = _("Noter une mesure de « %(name)s »", name=metric.name)
    return write_page(
        _build_measurement_form_page(project, metric, title, _("Noter")),
        form,
        lambda _values: metric_commands.add_measurement(actor, project, metric, form.measurement_facts()),
        message=_("Mesure notée."),
    )


@bp.route(f"{METRIC_PATH}/measurements/<int(max=9999):which>", methods=["GET", "POST"])
def correct_measurement(slug: str, number: int, which: int) -> Response:
    project, metric = load_project_and_row_to_write(slug, number, queries.get_metric)
    measurement = queries.get_measurement(actor, project, metric, which)
    form = make_form(CorrectMeasurementForm, obj=measurement)
    title = _("Corriger une mesure de « %(name)s »", name=metric.name)
    return write_page(
        _build_measurement_form_page(project, metric, title, _("Corriger")),
        form,
        lambda values: metric_commands.correct_measurement(
            actor,
            project,
            metric,
            measurement,
            form.measurement_facts(),
            set_aside=values["set_aside"],
            version=values["version"],
        ),
        message=_("Mesure enregistrée."),
        stored=measurement,
    )


def _build_metric_trail(project: Project, metric: ImpactMetric | None) -> Trail:
    return section_trail(project, _("Impact"), ".index", metric, metric.name if metric else "")


def _build_form_page(
    project: Project, title: str, step: str, yes: str = "", *, metric: ImpactMetric | None = None
) -> FormPage:
    return FormPage(
        title=title,
        trail=_build_metric_trail(project, metric),
        step=step,
        yes=yes,
        beside=(("baseline", "baseline_on"),),
        advice=(
            _("Un indicateur dit ce qui change pour les gens, pas ce que fait le modèle."),
            _("Sans point de départ, on ne saura pas si le prototype a changé quelque chose."),
        ),
    )


def _build_measurement_form_page(project: Project, metric: ImpactMetric, title: str, step: str) -> FormPage:
    return FormPage(
        title=title,
        lead=_("En %(unit)s.", unit=metric.unit),
        trail=_build_metric_trail(project, metric),
        step=step,
        yes=_("Enregistrer la mesure"),
        beside=(("measured_on", "value", "sample_size"),),
    )
