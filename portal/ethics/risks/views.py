"""The register of risks with its matrix; the page of a risk, its history and its forms."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.risks import commands, labels, policy, queries, register_queries
from portal.ethics.risks.forms import CloseRiskForm, EditRiskForm, NewRiskForm, ResidualRiskForm
from portal.ethics.risks.matrix_rules import build_matrix
from portal.ethics.risks.models import Risk
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_page
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    get_writable_project,
    section_trail,
    show_history,
)
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.queries import get_finding

bp = Blueprint("risks", __name__, url_prefix="/projects/<slug>/risks")
RISK_PATH = "/<int(max=9999):number>"
BEFORE = "before"


def open_risk_to_write(slug: str, number: int) -> tuple[Project, Risk]:
    """The project and the risk, for somebody who writes in the project."""
    project = get_writable_project(slug)
    return project, get_by_number(actor, Risk, project, number)


def build_risk_trail(project: Project, risk: Risk | None = None) -> Trail:
    """Breadcrumbs: the project, its risks, one of them."""
    label = _("Risque %(n)s", n=risk.number) if risk else ""
    return section_trail(project, _("Risques"), "risks.index", risk, label)


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    is_initial, number = request.args.get("as") == BEFORE, requested_page_number()
    key = "risks", project.id, is_initial, number, rights_key(actor, project)
    facts = cache_page_facts(
        actor, key, lambda: _read_register_context(project, number, is_initial=is_initial)
    )
    return render("ethics/risks/index.html", fragment="list", facts=facts, **facts.values)


def _read_register_context(project: Project, number: int, *, is_initial: bool) -> Mapping[str, Any]:
    """What a page of the register shows."""

    def page_url(number: int) -> str:
        query: dict[str, Any] = {"as": BEFORE} if is_initial else {}
        return url_for(".index", slug=project.slug, page=number, **query)

    return {
        "project": project,
        "risk_rows": register_queries.read_register_page(actor, project, number),
        "page_url": page_url,
        "matrix": build_matrix(register_queries.list_open_risks(actor, project), is_initial=is_initial),
        "is_initial": is_initial,
        "unmitigated": register_queries.list_risks_without_assigned_mitigation(actor, project),
        "overdue": register_queries.list_overdue_mitigations(actor, project),
        "can_write": policy.can_write(actor, project),
        "labels": labels,
    }


@bp.get(RISK_PATH)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a risk; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    risk_details = queries.get_risk_with_finding(actor, project, number)
    risk, mitigations = risk_details.risk, queries.list_mitigations(risk_details.risk)
    next_step = labels.find_next_step(risk, [details.mitigation for details in mitigations])
    return render(
        "ethics/risks/page.html",
        fragment="discussion",
        status=status,
        project=project,
        risk_details=risk_details,
        risk=risk,
        form=form,
        mitigations=mitigations,
        step=next_step,
        can_change=policy.can_change(actor, project, risk),
        can_close=policy.can_close(actor, project, risk),
        can_reopen=policy.can_reopen(actor, project, risk),
        labels=labels,
        **attachments_context(project, risk),
        **discussion_context(risk.discussion_id),
    )


@bp.get(f"{RISK_PATH}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    risk = get_by_number(actor, Risk, project, number)
    revisions = list_revisions(queries.list_history_subject_ids(risk), labels.ACTION_LABELS)
    return show_history(
        _("Historique du risque %(n)s", n=number),
        build_risk_trail(project, risk),
        revisions,
        actions=labels.ACTION_LABELS,
        labels=labels.LABELS,
        format_value=labels.make_value_formatter(_get_owner_names(revisions)),
        lead=_(
            "Qui a fait quoi, du risque et de ses mesures, du plus récent au plus ancien. Les"
            " textes du risque n’y sont pas répétés : ils peuvent ainsi être corrigés pour de bon."
        ),
    )


def _get_owner_names(revisions: Sequence[AuditRevision]) -> dict[str, str]:
    """Names of present and former owners of mitigations, by id as text."""
    ids = {
        UUID(owner_id)
        for revision in revisions
        for owner_id in revision.changes.get("owner_id", ())
        if owner_id is not None
    }
    return {str(id_): name for id_, name in read_person_names(ids).items()}


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    """The form is filled from the finding of the query string, if any."""
    project = get_writable_project(slug)
    finding = _find_requested_finding(project)
    initial_values: dict[str, Any] = {} if finding is None else {"what": finding.what}
    form = make_form(NewRiskForm, **initial_values)
    return write_page(
        FormPage(
            title=_("Inscrire un risque"),
            lead=""
            if finding is None
            else _("D’après le constat %(n)s : « %(what)s »", n=finding.number, what=finding.what),
            trail=build_risk_trail(project),
            step=_("Inscrire"),
            yes=_("Inscrire le risque"),
            folded=("knowingly",),
            advice=_list_writing_advice(),
        ),
        form,
        lambda values: commands.note_risk(
            actor, project, form.facts(), finding=finding, knowingly=values["knowingly"]
        ),
        message=lambda risk: _("Risque %(n)s inscrit. Décidez maintenant ce qui le réduira.", n=risk.number),
        to=lambda risk: row_path(project, risk),
    )


def _find_requested_finding(project: Project) -> Finding | None:
    """The finding of the query string, None without one. Raises `NotFound`."""
    number = request.args.get("finding", type=int)
    if number is None:
        return None
    return get_finding(actor, project, max(0, min(number, NUMBER_MAX)))


def _list_writing_advice() -> tuple[str, ...]:
    return (
        _("Un risque dit ce qui pourrait arriver à des personnes, pas au calendrier du projet."),
        _("Notez vraisemblance et gravité d’avant toute mesure : ce qui reste se note après."),
        _("De 1 à 3, le produit des deux est faible ; de 4 à 6, modéré ; à partir de 8, élevé."),
    )


@bp.route(f"{RISK_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    form = make_form(EditRiskForm, obj=risk)
    return write_page(
        FormPage(
            title=_("Modifier le risque %(n)s", n=number),
            trail=build_risk_trail(project, risk),
            step=_("Modifier"),
            folded=("knowingly",),
            advice=_list_writing_advice(),
        ),
        form,
        lambda values: commands.change_risk(
            actor, project, risk, form.facts(), values["version"], knowingly=values["knowingly"]
        ),
        message=_("Risque enregistré."),
        stored=risk,
    )


@bp.route(f"{RISK_PATH}/residual", methods=["GET", "POST"])
def reassess(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    form = make_form(ResidualRiskForm, obj=risk)
    return write_page(
        FormPage(
            title=_("Noter ce qui reste du risque %(n)s", n=number),
            lead=risk.what,
            trail=build_risk_trail(project, risk),
            step=_("Ce qui reste"),
            advice=(
                labels.describe_level(risk.likelihood, risk.severity),
                _("Seules comptent les mesures en place, pas celles qui sont prévues."),
            ),
        ),
        form,
        lambda values: commands.reassess_risk(actor, project, risk, form.residual(), values["version"]),
        message=_("Ce qui reste du risque est noté."),
        stored=risk,
    )


@bp.route(f"{RISK_PATH}/close", methods=["GET", "POST"])
def close(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    if request.method in SAFE_METHODS:
        require(policy.may_close(actor, project, risk), commands.WHO_CLOSES)
    form = make_form(CloseRiskForm, obj=risk)
    return write_page(
        FormPage(
            title=_("Clore le risque %(n)s", n=number),
            lead=risk.what,
            trail=build_risk_trail(project, risk),
            step=_("Clore"),
            yes=_("Clore en mon nom"),
            advice=(
                _("Votre nom, le jour et cette raison restent sur la page du risque."),
                _("Ses mesures ouvertes ne seront plus rappelées. Il peut être rouvert."),
            ),
        ),
        form,
        lambda values: commands.close_risk(actor, project, risk, values["closing_reason"], values["version"]),
        message=_("Risque clos, en votre nom."),
        stored=risk,
    )


@bp.post(f"{RISK_PATH}/reopen")
def reopen(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    return write_button(
        lambda: commands.reopen_risk(actor, project, risk),
        message=_("Risque %(n)s rouvert.", n=number),
        to=row_path(project, risk),
        page=partial(page, slug, number),
    )
