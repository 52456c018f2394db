"""One's own links to ProConnect."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.proconnect import commands, queries
from portal.people.proconnect.views import button_label
from portal.people.proconnect.waiting_views import find_pending_identity_id
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write_button, write_confirmed

bp = Blueprint("proconnect_links", __name__, url_prefix="/profile/proconnect")


def render_link_page(status: int = 200, form: Form | None = None) -> Response:
    pending_id = find_pending_identity_id()
    pending = queries.find_own_pending_link(actor, pending_id, commands.PENDING) if pending_id else None
    return render(
        "people/proconnect/page.html",
        status=status,
        form=form or ButtonForm(formdata=None),
        identities=queries.list_own_identities(actor),
        has_pending=pending is not None,
        pending_email=pending.facts.get("email", "") if pending else "",
        label=button_label(),
    )


@bp.get("")
def page() -> Response:
    return render_link_page()


@bp.post("/pending")
def link_pending() -> Response:
    return write_button(
        lambda: commands.link_pending_identity(actor, find_pending_identity_id()),
        message=_("ProConnect ouvre désormais votre compte."),
        to=url_for(".page"),
        page=render_link_page,
    )


@bp.get("/<uuid:identity_id>/unlink", endpoint="unlink_page")
@bp.post("/<uuid:identity_id>/unlink")
def unlink(identity_id: UUID) -> Response:
    identity = queries.get_own_identity(actor, identity_id)
    question = ConfirmationQuestion(
        title=_("Délier ce compte ProConnect ?"),
        lead=identity.email or "",
        means=[
            _("Il n’ouvrira plus votre compte du portail."),
            _("Vos sessions restent ouvertes ; un courriel vous le dit."),
        ],
        yes=_("Délier"),
        no=_("Le garder"),
        step=_("Délier"),
        place=_("ProConnect"),
        back=url_for(".page"),
    )
    return write_confirmed(
        question,
        make_form(CreateForm),
        lambda: commands.unlink_identity(actor, identity),
        message=_("Ce compte ProConnect n’ouvre plus le vôtre."),
    )
