"""Invite many people from a list: a dry run that names what is wrong by line, then one button."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for

from portal.app.administration import invitation_commands as commands
from portal.app.administration import policy
from portal.app.administration.file_forms import CheckedTextForm, TextFileForm
from portal.app.administration.invitation_commands import InvitationLineOutcome, InvitationLineResult
from portal.app.administration.invitation_list import parse_invitation_list
from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("invitation_lists", __name__, url_prefix="/administration/invitations")


@bp.get("")
def index() -> Response:
    policy.require_administrator(actor)
    return _render_invitations_page(TextFileForm(formdata=None))


def _render_invitations_page(
    form: Form, status: int = 200, results: Sequence[InvitationLineResult] = (), checked: Form | None = None
) -> Response:
    return render(
        "app/administration/invitations.html",
        status=status,
        form=form,
        results=results,
        counts={
            outcome: sum(each.outcome is outcome for each in results) for outcome in InvitationLineOutcome
        },
        checked=checked,
        Outcome=InvitationLineOutcome,
        role_labels=ROLE_LABELS,
    )


@bp.post("/check")
def check() -> Response:
    policy.require_administrator(actor)
    form = TextFileForm()

    def preview(_values: object) -> tuple[str, Sequence[InvitationLineResult]]:
        text = form.read_text()
        return text, commands.preview_invitations(actor, parse_invitation_list(text))

    def show(result: tuple[str, Sequence[InvitationLineResult]]) -> Response:
        text, results = result
        checked_form = TextFileForm(formdata=None, data={"text": text})
        return _render_invitations_page(
            checked_form, 200, results, CheckedTextForm(formdata=None, data={"text": text})
        )

    return submit(form, preview, show, lambda status: _render_invitations_page(form, status))


@bp.post("")
def invite() -> Response:
    policy.require_administrator(actor)
    form = CheckedTextForm()

    return write(
        form,
        lambda values: commands.invite_listed_people(actor, parse_invitation_list(values["text"])),
        message=lambda results: ngettext(
            "%(num)s personne est invitée : son courriel part.",
            "%(num)s personnes sont invitées : leurs courriels partent.",
            sum(each.outcome is InvitationLineOutcome.INVITED for each in results),
        ),
        to=url_for("directory.index"),
        page=lambda status: _render_invitations_page(form.as_text_file_form(), status),
    )
