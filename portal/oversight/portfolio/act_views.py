"""Acts on a team that is unfolded in the list: answer what waits, take charge of a signal."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.oversight.health import charge_commands
from portal.oversight.health.charge_views import CHARGE_TAKEN, StoredSignalCharge
from portal.oversight.health.forms import TakeChargeForm
from portal.oversight.health.queries import get_definition
from portal.oversight.portfolio.list_views import show_portfolio
from portal.oversight.portfolio.opened_views import CHARGE, RefusedTeamAct
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.writes import write
from portal.project.projects.queries import get_project
from portal.project.projects.to_decide_views import InPlaceActs

bp = Blueprint("portfolio_acts", __name__, url_prefix="/portfolio/teams/<slug>")


@bp.post("/<kind>/<uuid:line_id>/<act>")
def act_on_waiting_line(slug: str, kind: str, line_id: UUID, act: str) -> Response:
    """Do what a line of what waits offers, then show the team again."""
    acts = next((each for each in list_contributions(InPlaceActs) if each.code == kind), None)
    if acts is None:
        raise NotFound
    submitted = acts.submit(actor, line_id, act)
    refused = RefusedTeamAct((kind, str(line_id), act), submitted.form)
    return write(
        submitted.form,
        submitted.command,
        message=submitted.message,
        to=_build_team_url(slug),
        page=lambda status: show_portfolio(actor, slug, status, refused),
        stored=submitted.stored,
    )


@bp.post("/signals/<code>")
def take_charge(slug: str, code: str) -> Response:
    """Take charge of a signal, then show the team again."""
    project = get_project(actor, slug)
    charge_commands.require_can_take_charge(actor, project)
    signal_code = get_definition(project.programme_id, code).code
    form = TakeChargeForm()
    refused = RefusedTeamAct((CHARGE, signal_code.value, CHARGE), form)
    return write(
        form,
        lambda values: charge_commands.take_charge(
            actor, project, signal_code, values["text"], values["until"], read_edition=values["version"]
        ),
        message=str(CHARGE_TAKEN),
        to=_build_team_url(slug),
        page=lambda status: show_portfolio(actor, slug, status, refused),
        stored=StoredSignalCharge(project, signal_code),
    )


def _build_team_url(slug: str) -> str:
    """The list that the reader acted from, with the team unfolded."""
    parameters = {name: value for name, value in request.args.items() if name != "open"}
    return f"{url_for('portfolio.index')}?{urlencode({**parameters, 'open': slug})}#team-{slug}"
