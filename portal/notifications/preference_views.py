"""How one is told: by kind, when, and what one does not wish to hear of."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash

from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.notifications import commands, policy, preferences, queries
from portal.notifications.forms import PreferencesForm, as_row, form_of
from portal.notifications.views import ActForm, kinds
from portal.projects.queries import list_projects
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("preferences", __name__, url_prefix="/inbox/preferences")

PROJECTS_MAX = 200  # shown: a lead of several programmes silences the others from the inbox


def _form(shown: preferences.Wishes | None = None) -> PreferencesForm:
    audience, most = policy.audience_of(actor), policy.at_once_of(actor)
    return form_of(kinds(), audience, most, shown=shown)


@bp.get("")
def page() -> Response:
    return _page()


def _page(
    status: int = 200, form: PreferencesForm | None = None, act_form: ActForm | None = None
) -> Response:
    return render(
        "notifications/preferences.html",
        status=status,
        form=form or _form(preferences.read_wishes(actor)),
        act_form=act_form or ActForm(formdata=None),
        projects=list_projects(actor, limit=PROJECTS_MAX),
        muted=queries.list_muted(actor),
        things=queries.count_muted_things(actor),
    )


@bp.post("")
def choose() -> Response:
    form, stored = _form(), preferences.read_wishes(actor)

    def act(given: dict[str, Any]) -> None:
        preferences.choose(actor, form.wishes, given["version"])

    def done(_made: None) -> Response:
        flash(_("Vos choix sont enregistrés."))
        return see(".page")

    return submit(form, act, done, lambda status: _page(status, form=form), stored=as_row(stored))


@bp.post("/projects/<uuid:project_id>/<any(mute, unmute):verb>")
def mute_project(project_id: UUID, verb: str) -> Response:
    """A whole project, that the actor reads."""
    if project_id not in {each.id for each in list_projects(actor, limit=PROJECTS_MAX)}:
        raise NotFound
    deed = commands.mute_place if verb == "mute" else commands.unmute
    told = {
        "mute": _("Ce projet ne vous préviendra plus, sauf si quelqu’un vous cite."),
        "unmute": _("Ce projet vous préviendra de nouveau."),
    }[verb]
    form = ActForm()

    def done(_made: None) -> Response:
        flash(told)
        return see(".page")

    return submit(
        form,
        lambda _given: deed(actor, project_id),
        done,
        lambda status: _page(status, act_form=form),
    )
