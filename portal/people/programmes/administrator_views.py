"""The page that invites administrators of the installation. The directory lists them."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.programmes import commands, policy, queries
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.forms import InviteForm, ProgrammeActionForm
from portal.people.programmes.invitation_views import redirect_to_one_time_link_page
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button

bp = Blueprint("administrators", __name__, url_prefix="/administrators")


@bp.get("")
def index(status: int = 200, form: InviteForm | None = None, act_form: Form | None = None) -> Response:
    """The page; the forms are refused ones of its own."""
    scope = queries.get_installation_scope(actor)
    roles = policy.roles_to_invite(actor, scope)
    return render(
        "people/programmes/administrators.html",
        status=status,
        invitations=queries.list_open_invitations(actor, scope),
        labels=policy.ROLE_LABELS,
        form=form or InviteForm(roles, formdata=None),
        act_form=act_form or ProgrammeActionForm(formdata=None),
    )


@bp.post("/invitations")
def invite() -> Response:
    scope = queries.get_installation_scope(actor)
    form = InviteForm(policy.roles_to_invite(actor, scope))
    return submit(
        form,
        lambda values: commands.invite_to_role(actor, scope, RoleOffer(**values)),
        redirect_to_one_time_link_page,
        lambda status: index(status, form=form),
    )


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
def withdraw_invitation(invitation_id: UUID) -> Response:
    scope = queries.get_installation_scope(actor)
    return write_button(
        lambda: commands.revoke_invitation(actor, scope, queries.get_invitation(actor, scope, invitation_id)),
        message=_("Invitation retirée : son lien ne sert plus."),
        to=url_for(".index"),
        page=lambda status, form: index(status, act_form=form),
        form=ProgrammeActionForm(),
    )
