"""How a finding ends: settled, accepted by name, merged into another; and each taken back."""

from typing import Any

from flask import Blueprint, Response, flash, request

from portal.findings import closings, queries, twins, words
from portal.findings.forms import AcceptForm, ActForm, MergeForm, SettleForm
from portal.findings.models import Finding
from portal.findings.queries import Told
from portal.findings.workplace import (
    open_finding,
    open_finding_to_write,
    path_of,
    show_finding,
    trail_of,
)
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import see_path

bp = Blueprint("finding_ends", __name__, url_prefix="/projects/<slug>/findings")
ONE = "/<int(max=9999):number>"


@bp.route(f"{ONE}/settle", methods=["GET", "POST"])
def settle(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    if request.method in SAFE_METHODS:  # nobody is asked for what would be refused
        closings.require_to_settle(actor, project, told.finding)
    form = fresh(SettleForm, version=told.finding.version)
    asked = FormPage(
        title=_("Régler le constat %(n)s", n=number),
        lead=told.finding.what,
        trail=trail_of(project, number),
        step=_("Régler"),
        yes=_("Le dire réglé"),
        folded=("knowingly",),
        advice=(_("Seuls les constats mineurs se règlent ainsi, sans nouveau test."),),
    )

    def act(values: dict[str, Any]) -> None:
        reason, seen = values["reason"], values["version"]
        knowingly = values["knowingly"]
        closings.settle(actor, project, told.finding, reason, seen, knowingly=knowingly)

    return ask(asked, form, act, _("Constat réglé."), stored=told.finding)


@bp.route(f"{ONE}/accept", methods=["GET", "POST"])
def accept(slug: str, number: int) -> Response:
    project, told = open_finding(slug, number)
    if request.method in SAFE_METHODS:
        closings.require_to_accept(actor, project)
    else:
        closings.require_to_carry(actor, project)
    form = fresh(AcceptForm, version=told.finding.version)
    asked = FormPage(
        title=_("Accepter le constat %(n)s tel quel", n=number),
        lead=told.finding.what,
        trail=trail_of(project, number),
        step=_("Accepter"),
        yes=_("L’accepter en mon nom"),
        folded=("knowingly",),
        advice=(
            _("Votre nom, le jour et cette raison restent sur la page du constat."),
            _("Un constat accepté n’est plus compté parmi les constats graves ouverts."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        reason, seen = values["reason"], values["version"]
        knowingly = values["knowingly"]
        closings.accept(actor, project, told.finding, reason, seen, knowingly=knowingly)

    return ask(asked, form, act, _("Constat accepté, en votre nom."), stored=told.finding)


@bp.post(f"{ONE}/reopen")
def reopen(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    form = ActForm()

    def done(_made: None) -> Response:
        flash(_("Constat %(n)s rouvert.", n=number))
        return see_path(path_of(project, number))

    def act(_values: dict[str, Any]) -> None:
        closings.reopen(actor, project, told.finding)

    return submit(form, act, done, lambda status: _again(project, told, form, status))


def _again(project: Project, told: Told, form: ActForm, status: int) -> Response:
    now = queries.read_finding(actor, project, told.finding.number)
    return show_finding(project, now, status, form)


@bp.route(f"{ONE}/merge", methods=["GET", "POST"])
def merge(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    form = fresh(MergeForm, queries.list_others(actor, project, told.finding))
    asked = FormPage(
        title=_("Réunir le constat %(n)s à un autre", n=number),
        lead=told.finding.what,
        trail=trail_of(project, number),
        step=_("Réunir"),
        yes=_("Les réunir"),
        advice=(
            _("Les deux pages restent : celle-ci mènera à l’autre, qui dira tout ce qui a été vu."),
            _("L’autre prend la plus forte des deux gravités. Cela peut être défait."),
        ),
    )

    def act(_values: dict[str, Any]) -> Finding:
        into = form.chosen()
        twins.merge(actor, project, told.finding, into)
        return into

    def done(into: Finding) -> tuple[str, str]:
        return words.merged_said(told.finding, into), path_of(project, into.number)

    return ask(asked, form, act, done)


@bp.post(f"{ONE}/split")
def split(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    form = ActForm()

    def act(_values: dict[str, Any]) -> Finding | None:
        return twins.split(actor, project, told.finding)

    def done(into: Finding | None) -> Response:
        has_item = told.finding.item_id is not None
        flash(words.split_said(told.finding, into, has_item=has_item))
        return see_path(path_of(project, number))

    return submit(form, act, done, lambda status: _again(project, told, form, status))
