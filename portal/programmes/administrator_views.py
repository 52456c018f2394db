"""Inviting administrators of the installation. Who they are is in the directory."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash

from portal.kernel.text import gettext as _
from portal.programmes import commands, policy, queries
from portal.programmes.commands import Offer
from portal.programmes.forms import ActForm, InviteForm
from portal.programmes.invitation_views import show_once
from portal.programmes.models import Scope
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("administrators", __name__, url_prefix="/administrators")


@bp.get("")
def index() -> Response:
    return _page(queries.get_installation(actor))


def _page(
    scope: Scope,
    status: int = 200,
    form: InviteForm | None = None,
    act_form: ActForm | None = None,
) -> Response:
    roles = policy.roles_to_invite(actor, scope)
    return render(
        "programmes/administrators.html",
        status=status,
        invitations=queries.list_open_invitations(actor, scope),
        labels=policy.LABELS,
        form=form or InviteForm(roles, formdata=None),
        act_form=act_form or ActForm(formdata=None),
    )


@bp.post("/invitations")
def invite() -> Response:
    scope = queries.get_installation(actor)
    form = InviteForm(policy.roles_to_invite(actor, scope))

    def act(given: Mapping[str, Any]) -> str:
        return commands.invite(actor, scope, Offer(**given))

    return submit(form, act, show_once, lambda status: _page(scope, status, form=form))


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
def withdraw(invitation_id: UUID) -> Response:
    scope, form = queries.get_installation(actor), ActForm()

    def act(_given: Mapping[str, Any]) -> None:
        commands.revoke(actor, scope, queries.get_invitation(actor, scope, invitation_id))

    def done(_made: None) -> Response:
        flash(_("Invitation retirée : son lien ne sert plus."))
        return see(".index")

    return submit(form, act, done, lambda status: _page(scope, status, act_form=form))
