"""Invite many people from a list: a dry run that names what is wrong by line, then one button."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for

from portal.app.administration import invitation_commands as commands
from portal.app.administration import policy
from portal.app.administration.file_forms import CheckedTextForm, TextFileForm
from portal.app.administration.invitation_commands import LineOutcome, LineResult
from portal.app.administration.invitation_list import read_list
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
    return _page(TextFileForm(formdata=None))


def _page(
    form: Form, status: int = 200, results: Sequence[LineResult] = (), checked: Form | None = None
) -> Response:
    return render(
        "app/administration/invitations.html",
        status=status,
        form=form,
        results=results,
        counts={outcome: sum(each.outcome is outcome for each in results) for outcome in LineOutcome},
        checked=checked,
        Outcome=LineOutcome,
        role_labels=ROLE_LABELS,
    )


@bp.post("/check")
def check() -> Response:
    policy.require_administrator(actor)
    form = TextFileForm()

    def preview(_values: object) -> tuple[str, Sequence[LineResult]]:
        text = form.read_text()
        return text, commands.preview_list(actor, read_list(text))

    def show(result: tuple[str, Sequence[LineResult]]) -> Response:
        text, results = result
        checked_form = TextFileForm(formdata=None, data={"text": text})
        return _page(checked_form, 200, results, CheckedTextForm(formdata=None, data={"text": text}))

    return submit(form, preview, show, lambda status: _page(form, status))


@bp.post("")
def invite() -> Response:
    policy.require_administrator(actor)
    form = CheckedTextForm()

    return write(
        form,
        lambda values: commands.invite_list(actor, read_list(values["text"])),
        message=lambda results: ngettext(
            "%(num)s personne est invitée : son courriel part.",
            "%(num)s personnes sont invitées : leurs courriels partent.",
            sum(each.outcome is LineOutcome.INVITED for each in results),
        ),
        to=url_for("directory.index"),
        page=lambda status: _page(form.as_typed(), status),
    )
