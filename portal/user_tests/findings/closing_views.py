"""How a finding ends: settled, accepted by name, merged into another; and each taken back."""

from typing import Any

from flask import Blueprint, Response, flash, request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.project.projects.models import Project
from portal.user_tests.findings import closing_commands, labels, merge_commands, queries
from portal.user_tests.findings.forms import (
    FindingAcceptForm,
    FindingActionForm,
    FindingSettleForm,
    MergeForm,
)
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.page_views import (
    finding_path,
    finding_trail,
    open_finding,
    open_finding_to_write,
    show_finding,
)
from portal.user_tests.findings.queries import FindingDetails

bp = Blueprint("finding_ends", __name__, url_prefix="/projects/<slug>/findings")
FINDING_PATH = "/<int(max=9999):number>"


@bp.route(f"{FINDING_PATH}/settle", methods=["GET", "POST"])
def settle(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    if request.method in SAFE_METHODS:  # nobody is asked for what would be refused
        closing_commands.require_can_settle(actor, project, details.finding)
    form = make_form(FindingSettleForm, version=details.finding.version)
    form_page = FormPage(
        title=_("Régler le constat %(n)s", n=number),
        lead=details.finding.what,
        trail=finding_trail(project, number),
        step=_("Régler"),
        yes=_("Le dire réglé"),
        folded=("knowingly",),
        advice=(_("Seuls les constats mineurs se règlent ainsi, sans nouveau test."),),
    )

    def act(values: dict[str, Any]) -> None:
        reason, expected_version = values["reason"], values["version"]
        knowingly = values["knowingly"]
        closing_commands.settle(
            actor, project, details.finding, reason, expected_version, knowingly=knowingly
        )

    return answer_form(form_page, form, act, _("Constat réglé."), stored=details.finding)


@bp.route(f"{FINDING_PATH}/accept", methods=["GET", "POST"])
def accept(slug: str, number: int) -> Response:
    project, details = open_finding(slug, number)
    if request.method in SAFE_METHODS:
        closing_commands.require_can_accept(actor, project)
    else:
        closing_commands.require_leads(actor, project)
    form = make_form(FindingAcceptForm, version=details.finding.version)
    form_page = FormPage(
        title=_("Accepter le constat %(n)s tel quel", n=number),
        lead=details.finding.what,
        trail=finding_trail(project, number),
        step=_("Accepter"),
        yes=_("L’accepter en mon nom"),
        folded=("knowingly",),
        advice=(
            _("Votre nom, le jour et cette raison restent sur la page du constat."),
            _("Un constat accepté n’est plus compté parmi les constats graves ouverts."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        reason, expected_version = values["reason"], values["version"]
        knowingly = values["knowingly"]
        closing_commands.accept(
            actor, project, details.finding, reason, expected_version, knowingly=knowingly
        )

    return answer_form(
        form_page, form, act, _("Constat accepté, en votre nom."), stored=details.finding
    )


@bp.post(f"{FINDING_PATH}/reopen")
def reopen(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    form = FindingActionForm()

    def on_success(_result: None) -> Response:
        flash(_("Constat %(n)s rouvert.", n=number))
        return redirect_to_path(finding_path(project, number))

    def act(_values: dict[str, Any]) -> None:
        closing_commands.reopen(actor, project, details.finding)

    return submit(form, act, on_success, lambda status: _show_again(project, details, form, status))


def _show_again(
    project: Project, details: FindingDetails, form: FindingActionForm, status: int
) -> Response:
    now = queries.read_finding(actor, project, details.finding.number)
    return show_finding(project, now, status, form)


@bp.route(f"{FINDING_PATH}/merge", methods=["GET", "POST"])
def merge(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    form = make_form(MergeForm, queries.list_merge_candidates(actor, project, details.finding))
    form_page = FormPage(
        title=_("Réunir le constat %(n)s à un autre", n=number),
        lead=details.finding.what,
        trail=finding_trail(project, number),
        step=_("Réunir"),
        yes=_("Les réunir"),
        advice=(
            _("Les deux pages restent : celle-ci mènera à l’autre, qui dira tout ce qui a été vu."),
            _("L’autre prend la plus forte des deux gravités. Cela peut être défait."),
        ),
    )

    def act(_values: dict[str, Any]) -> Finding:
        into = form.selected_finding()
        merge_commands.merge_findings(actor, project, details.finding, into)
        return into

    def on_success(into: Finding) -> tuple[str, str]:
        return labels.merged_message(details.finding, into), finding_path(project, into.number)

    return answer_form(form_page, form, act, on_success)


@bp.post(f"{FINDING_PATH}/split")
def split(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    form = FindingActionForm()

    def act(_values: dict[str, Any]) -> Finding | None:
        return merge_commands.split_finding(actor, project, details.finding)

    def on_success(into: Finding | None) -> Response:
        has_item = details.finding.item_id is not None
        flash(labels.split_message(details.finding, into, has_item=has_item))
        return redirect_to_path(finding_path(project, number))

    return submit(form, act, on_success, lambda status: _show_again(project, details, form, status))
