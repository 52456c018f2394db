"""The page of one's open sessions, and the buttons that close them."""

from uuid import UUID

from flask import Blueprint, Response, flash, session, url_for
from flask_login import current_user, logout_user

from portal.people.accounts import commands, queries
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("sessions", __name__, url_prefix="/profile/sessions")


@bp.get("")
def index() -> Response:
    return _render_sessions_page(200, ButtonForm(formdata=None))


def _render_sessions_page(status: int, form: Form) -> Response:
    return render(
        "people/accounts/sessions.html",
        status=status,
        sessions=queries.list_own_sessions(actor),
        current=current_user.session_id,
        form=form,
    )


@bp.post("/<uuid:session_id>/close")
def close(session_id: UUID) -> Response:
    form, closed = ButtonForm(), queries.get_own_session(actor, session_id)

    def on_success(_result: None) -> Response:
        if closed.id == current_user.session_id:
            return _sign_out_browser(_("Vous êtes déconnecté."))
        flash(_("Session fermée."))
        return redirect_to(".index")

    return submit(
        form,
        lambda _values: commands.close_session(actor, closed),
        on_success,
        lambda status: _render_sessions_page(status, form),
    )


@bp.post("/close-others")
def close_others() -> Response:
    return write_button(
        lambda: commands.close_other_sessions(
            actor,
            queries.get_own_person(actor),
            keep_session=queries.get_own_session(actor, current_user.session_id),
        ),
        message=_("Vos autres sessions sont fermées."),
        to=url_for(".index"),
        page=_render_sessions_page,
    )


@bp.post("/close-all")
def close_all() -> Response:
    form = ButtonForm()
    return submit(
        form,
        lambda _values: commands.close_other_sessions(actor, queries.get_own_person(actor)),
        lambda _result: _sign_out_browser(_("Vous êtes déconnecté partout.")),
        lambda status: _render_sessions_page(status, form),
    )


def _sign_out_browser(sentence: str) -> Response:
    logout_user()
    session.clear()
    flash(sentence)
    return redirect_to("accounts.sign_in")
