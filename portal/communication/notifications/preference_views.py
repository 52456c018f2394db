"""How one is told: by kind, when, and what one does not wish to hear of."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash

from portal.communication.notifications import commands, policy, preference_commands, queries
from portal.communication.notifications.forms import (
    PreferencesForm,
    build_preferences_form,
    wishes_as_row,
)
from portal.communication.notifications.views import InboxActionForm, kinds
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to, render
from portal.project.projects.queries import list_projects

bp = Blueprint("preferences", __name__, url_prefix="/inbox/preferences")

PROJECTS_MAX = 200  # shown: a lead of several programmes silences the others from the inbox


def _form(wishes: preference_commands.Wishes | None = None) -> PreferencesForm:
    audience, most = policy.audience_of(actor), policy.immediate_mails_per_day(actor)
    return build_preferences_form(kinds(), audience, most, wishes=wishes)


@bp.get("")
def page() -> Response:
    return _page()


def _page(
    status: int = 200, form: PreferencesForm | None = None, act_form: InboxActionForm | None = None
) -> Response:
    return render(
        "communication/notifications/preferences.html",
        status=status,
        form=form or _form(preference_commands.read_wishes(actor)),
        act_form=act_form or InboxActionForm(formdata=None),
        projects=list_projects(actor, limit=PROJECTS_MAX),
        muted=queries.list_muted(actor),
        things=queries.count_muted_objects(actor),
    )


@bp.post("")
def choose() -> Response:
    form, stored = _form(), preference_commands.read_wishes(actor)

    def act(values: dict[str, Any]) -> None:
        preference_commands.save_wishes(actor, form.wishes, values["version"])

    def on_success(_result: None) -> Response:
        flash(_("Vos choix sont enregistrés."))
        return redirect_to(".page")

    return submit(
        form, act, on_success, lambda status: _page(status, form=form), stored=wishes_as_row(stored)
    )


@bp.post("/projects/<uuid:project_id>/<any(mute, unmute):verb>")
def mute_project(project_id: UUID, verb: str) -> Response:
    """A whole project, that the actor reads."""
    if project_id not in {each.id for each in list_projects(actor, limit=PROJECTS_MAX)}:
        raise NotFound
    command = commands.mute_place if verb == "mute" else commands.unmute
    message = {
        "mute": _("Ce projet ne vous préviendra plus, sauf si quelqu’un vous cite."),
        "unmute": _("Ce projet vous préviendra de nouveau."),
    }[verb]
    form = InboxActionForm()

    def on_success(_result: None) -> Response:
        flash(message)
        return redirect_to(".page")

    return submit(
        form,
        lambda _values: command(actor, project_id),
        on_success,
        lambda status: _page(status, act_form=form),
    )
