"""The page of preferences: channels, mail hours, muted projects; the link to unsubscribe."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.communication.notifications import commands, policy, preference_commands, queries
from portal.communication.notifications.forms import (
    PreferencesForm,
    build_preferences_form,
    preferences_as_row,
)
from portal.communication.notifications.kind_queries import kinds_by_code, list_offered_kinds
from portal.communication.notifications.mail_queries import DIGEST
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write, write_button
from portal.project.projects.queries import list_projects

bp = Blueprint("preferences", __name__, url_prefix="/inbox/preferences")

PROJECTS_MAX = 200  # projects listed; others can be muted from the inbox


def _make_preferences_form(
    stored: preference_commands.NotificationPreferenceValues, *, is_sent: bool = False
) -> PreferencesForm:
    default_most = policy.default_immediate_mail_limit(actor)
    audience = policy.audience_over_all_scopes(actor)
    return build_preferences_form(list_offered_kinds(actor), audience, default_most, stored, is_sent=is_sent)


StoredChoices = tuple[policy.NotificationAudience, int, tuple[str, ...], tuple[Any, ...]]


def _read_stored_choices() -> StoredChoices:
    """What the form shows before anything is changed, as a key: audience, mails a day, kinds, choices."""
    stored = preference_commands.read_notification_preferences(actor)
    values = asdict(stored) | {"channels": tuple(stored.channels.items()), "days": tuple(stored.days)}
    return (
        policy.audience_over_all_scopes(actor),
        policy.default_immediate_mail_limit(actor),
        tuple(list_offered_kinds(actor)),
        tuple(values.items()),
    )


def _make_stored_form(stored: StoredChoices) -> PreferencesForm:
    audience, default_most, codes, pairs = stored
    values = dict(pairs)
    wishes = preference_commands.NotificationPreferenceValues(
        **values | {"channels": dict(values["channels"])}
    )
    kinds = {code: kind for code, kind in kinds_by_code().items() if code in codes}
    return build_preferences_form(kinds, audience, default_most, wishes)


@bp.get("")
def page(status: int = 200, form: PreferencesForm | None = None, action_form: Form | None = None) -> Response:
    """The page; `form` or `action_form` is the form that was refused."""
    muted = queries.list_muted_ids(actor)
    return render(
        "communication/notifications/preferences.html",
        status=status,
        form=form,
        make_form=_make_stored_form,
        stored=_read_stored_choices(),
        action_form=action_form or ButtonForm(formdata=None),
        projects=tuple(
            (project.id, project.slug, project.short_name, project.id in muted)
            for project in list_projects(actor, limit=PROJECTS_MAX)
        ),
        muted_count=queries.count_muted_groups(actor),
    )


@bp.post("")
def save_preferences() -> Response:
    stored = preference_commands.read_notification_preferences(actor)
    form = _make_preferences_form(stored, is_sent=True)
    return write(
        form,
        lambda values: preference_commands.replace_notification_preferences(
            actor, form.preference_values, values["version"], kinds=list_offered_kinds(actor)
        ),
        message=_("Vos choix sont enregistrés."),
        to=url_for(".page"),
        page=lambda status: page(status, form=form),
        stored=preferences_as_row(stored),
    )


@bp.post("/projects/<uuid:project_id>/<any(mute, unmute):verb>")
def mute_or_unmute_project(project_id: UUID, verb: str) -> Response:
    """Mute or unmute a project that the actor reads. Raises `NotFound`."""
    if project_id not in {project.id for project in list_projects(actor, limit=PROJECTS_MAX)}:
        raise NotFound
    command = commands.mute_scope if verb == "mute" else commands.unmute_scope
    message = {
        "mute": _("Ce projet ne vous préviendra plus, sauf si quelqu’un vous mentionne."),
        "unmute": _("Ce projet vous préviendra de nouveau."),
    }[verb]
    return write_button(
        lambda: command(actor, project_id),
        message=message,
        to=url_for(".page"),
        page=lambda status, form: page(status, action_form=form),
    )


unsubscribe_bp = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")


@unsubscribe_bp.get("/<kind>/<token>")
def show_unsubscribe_page(kind: str, token: str) -> Response:
    """A page with a button, so that link scanners change nothing."""
    _get_person_id_of_token(kind, token)
    return _render_unsubscription(kind, token, is_stopped=False)


@unsubscribe_bp.post("/<kind>/<token>")
def unsubscribe(kind: str, token: str) -> Response:
    """Unsubscribe; idempotent. No redirect: mail programs POST here too (RFC 8058)."""
    person_id = _get_person_id_of_token(kind, token)
    preference_commands.stop_mails(person_id, None if kind == DIGEST else kind)
    return _render_unsubscription(kind, token, is_stopped=True)


def _get_person_id_of_token(kind: str, token: str) -> UUID:
    person_id: UUID | None = get_service(TokenSealer).open(f"unsubscribe {kind}", token)
    if person_id is None or (kind != DIGEST and kind not in kinds_by_code()):
        raise NotFound
    return person_id


def _render_unsubscription(kind: str, token: str, *, is_stopped: bool) -> Response:
    label = None if kind == DIGEST else str(kinds_by_code()[kind].label)
    return render(
        "communication/notifications/unsubscribe.html",
        kind=kind,
        token=token,
        label=label,
        is_stopped=is_stopped,
    )
