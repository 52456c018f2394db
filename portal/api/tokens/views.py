"""The pages of access tokens: one's own, and everybody's for administrators."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.api.tokens import commands, labels, policy, queries
from portal.api.tokens.commands import TokenFacts
from portal.api.tokens.forms import PersonalTokenForm
from portal.api.tokens.machine_queries import list_led_programmes
from portal.api.webhooks.queries import list_led_scope_choices
from portal.people.second_factor.gate_views import lacks_demanded_factor_here
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("api_tokens", __name__)

SHOWN_ONCE = "access token"  # the flash category that the page shows as the token


@bp.get("/profile/tokens")
def index() -> Response:
    return _render_tokens(200, _build_token_form(formdata=None))


def _build_token_form(**options: None) -> PersonalTokenForm:
    form = PersonalTokenForm(**options)
    form.set_programmes(queries.list_programme_choices(actor))
    return form


def _render_tokens(status: int, form: PersonalTokenForm, button: Form | None = None) -> Response:
    return render(
        "api/tokens/index.html",
        status=status,
        lines=queries.list_own_open_tokens(actor),
        form=form,
        lacks_factor=lacks_demanded_factor_here(),
        button=button,
        labels=labels,
        shown_once=SHOWN_ONCE,
        led_places=list_led_scope_choices(actor),
        led_programmes=list_led_programmes(actor),
        can_revoke_all=policy.can_revoke_all(actor),
    )


@bp.post("/profile/tokens")
def create() -> Response:
    form = _build_token_form()

    def create_token(_values: dict[str, object]) -> str:
        programme_id = form.programme_id.data
        scopes = TokenFacts(
            name=form.name.data or "",
            can_write=bool(form.can_write.data),
            areas=form.areas.data or (),
            programme_id=UUID(programme_id) if programme_id else None,
            days=int(form.days.data),
        )
        return commands.create_token(actor, scopes)

    def on_success(token: str) -> Response:
        flash(token, SHOWN_ONCE)
        return redirect_to(".index")

    return submit(form, create_token, on_success, lambda status: _render_tokens(status, form))


@bp.post("/profile/tokens/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> Response:
    token = queries.get_token(actor, token_id)
    is_own = token.person_id == actor.person_id
    return write_button(
        lambda: commands.revoke_token(actor, token),
        message=_("Jeton retiré : il n’ouvre plus rien."),
        to=url_for(".index" if is_own else ".everybody"),
        page=lambda status, button: _render_tokens(status, _build_token_form(formdata=None), button),
    )


@bp.get("/admin/tokens")
def everybody() -> Response:
    """Everybody's open tokens, for administrators."""
    lines = queries.list_all_open_tokens(actor)
    return render("api/tokens/everybody.html", lines=lines, labels=labels, form=ButtonForm(formdata=None))
