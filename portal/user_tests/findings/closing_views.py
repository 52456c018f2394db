"""Close a finding (settle, accept, merge), reopen it, undo a merge."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write, write_page
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row, load_project_and_row_to_write
from portal.user_tests.findings import closing_commands, labels, merge_commands, queries
from portal.user_tests.findings.forms import FindingAcceptForm, FindingSettleForm, MergeForm
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.page_views import (
    FINDING_PATH,
    build_finding_path,
    build_finding_trail,
    show_refused_page,
)

bp = Blueprint("finding_ends", __name__, url_prefix="/projects/<slug>/findings")


@bp.route(f"{FINDING_PATH}/settle", methods=["GET", "POST"])
def settle(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    if request.method in SAFE_METHODS:  # do not show a form whose POST would be refused
        closing_commands.require_can_settle(actor, project, details.finding)
    form = make_form(FindingSettleForm, version=details.finding.version)
    return _respond_to_closing_form(
        project,
        details.finding,
        form,
        closing_commands.settle_finding,
        _("Constat réglé."),
        title=_("Régler le constat %(n)s", n=number),
        step=_("Régler"),
        yes=_("Le dire réglé"),
        advice=(_("Seuls les constats mineurs se règlent ainsi, sans nouveau test."),),
    )


@bp.route(f"{FINDING_PATH}/accept", methods=["GET", "POST"])
def accept(slug: str, number: int) -> Response:
    project, details = load_project_and_row(slug, number, queries.read_finding)
    if request.method in SAFE_METHODS:
        closing_commands.require_can_accept(actor, project)
    else:
        closing_commands.require_project_or_programme_lead(actor, project)
    form = make_form(FindingAcceptForm, version=details.finding.version)
    return _respond_to_closing_form(
        project,
        details.finding,
        form,
        closing_commands.accept_finding,
        _("Constat accepté, en votre nom."),
        title=_("Accepter le constat %(n)s tel quel", n=number),
        step=_("Accepter"),
        yes=_("L’accepter en mon nom"),
        advice=(
            _("Votre nom, le jour et cette raison restent sur la page du constat."),
            _("Un constat accepté n’est plus compté parmi les constats graves ouverts."),
        ),
    )


def _respond_to_closing_form(
    project: Project, finding: Finding, form: Form, command: Callable[..., None], message: str, **texts: Any
) -> Response:
    """Answer a form that closes a finding with a reason; `texts` are those of its `FormPage`."""
    trail = build_finding_trail(project, finding.number)
    return write_page(
        FormPage(lead=finding.what, trail=trail, folded=("knowingly",), **texts),
        form,
        lambda values: command(
            actor, project, finding, values["reason"], values["version"], knowingly=values["knowingly"]
        ),
        message=message,
        stored=finding,
    )


@bp.post(f"{FINDING_PATH}/reopen")
def reopen(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    form = Form()

    return write(
        form,
        lambda _values: closing_commands.reopen_finding(actor, project, details.finding),
        message=_("Constat %(n)s rouvert.", n=number),
        to=build_finding_path(project, number),
        page=lambda status: show_refused_page(project, number, form, status),
    )


@bp.route(f"{FINDING_PATH}/merge", methods=["GET", "POST"])
def merge(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    form = make_form(MergeForm, queries.list_merge_candidates(actor, project, details.finding))
    form_page = FormPage(
        title=_("Réunir le constat %(n)s à un autre", n=number),
        lead=details.finding.what,
        trail=build_finding_trail(project, number),
        step=_("Les réunir"),
        yes=_("Les réunir"),
        advice=(
            _("Les deux pages restent : celle-ci mènera à l’autre, qui dira tout ce qui a été vu."),
            _("L’autre prend la plus forte des deux gravités. Cela peut être défait."),
        ),
    )

    return write_page(
        form_page,
        form,
        lambda _values: merge_commands.merge_findings(
            actor, project, details.finding, form.selected_finding()
        ),
        message=lambda into: labels.merged_message(details.finding, into),
        to=lambda into: build_finding_path(project, into.number),
    )


@bp.post(f"{FINDING_PATH}/split")
def split(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    form = Form()

    return write(
        form,
        lambda _values: merge_commands.split_finding(actor, project, details.finding),
        message=lambda into: labels.split_message(details.finding, into),
        to=build_finding_path(project, number),
        page=lambda status: show_refused_page(project, number, form, status),
    )
