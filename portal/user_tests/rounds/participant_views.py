"""The participant's page, opened by the token of a link, without an account.

It says nothing of the project, is not indexed, and sends no referrer.
"""

from typing import Any

from flask import Blueprint, Response, request
from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import using_language
from portal.platform.web import rate_limits
from portal.platform.web.base_form import Form, build_choices_from_pairs
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import write
from portal.user_tests.rounds import participant_commands, session_labels
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.participant_commands import LinkWithSession
from portal.user_tests.statistics.scale_labels import ScaleWording

TOKEN_MAX = 200
EXPIRED_STATUS = 410
LANGUAGE_OF = {RoundScale.F_SUS: "fr", RoundScale.SUS: "en"}

bp = Blueprint("participant", __name__)


@bp.get(f"/reply/<string(maxlength={TOKEN_MAX}):token>")
def questions(token: str) -> Response:
    opened = participant_commands.find_link_by_token(token)
    if opened is None:
        return _show_invalid_link(session_labels.reader_language())
    return _show_questions(opened) if not opened.is_used else _show_thanks(opened)


@bp.post(f"/reply/<string(maxlength={TOKEN_MAX}):token>")
def reply(token: str) -> Response:
    opened = participant_commands.find_link_by_token(token)
    if opened is None:
        rate_limits.require_within_limits()  # against guessed tokens
        return _show_invalid_link(session_labels.reader_language())
    if opened.is_used:
        return redirect_to_path(request.path)
    language = _find_scale_language(opened)
    with using_language(language):
        wording = _get_wording(opened)
        form = _make_answers_form_class(wording)()

        try:
            return write(
                form,
                lambda values: participant_commands.save_participant_answers(
                    opened, {n: values[f"i{n}"] for n in _list_item_numbers(wording)}
                ),
                message="",
                to=request.path,
                page=lambda status: _show_questions(opened, form, status),
            )
        except NotFound:  # used or revoked by a concurrent request
            return redirect_to_path(request.path)


def _get_wording(opened: LinkWithSession) -> ScaleWording:
    return require_row(session_labels.scale_wording(opened.round.scale, _find_scale_language(opened)))


def _list_item_numbers(wording: ScaleWording) -> range:
    return range(1, len(wording.items) + 1)


def _make_answers_form_class(wording: ScaleWording) -> type[Form]:
    """Return a form class with a field for each item: `i1`, `i2`…"""
    answers = build_choices_from_pairs([(n, str(n)) for n in range(wording.least, wording.most + 1)])
    fields = {
        f"i{n}": RadioField(
            wording.items[n - 1], [InputRequired(_l("Choisissez une réponse."))], coerce=int, choices=answers
        )
        for n in _list_item_numbers(wording)
    }
    form_class: type[Form] = type("ReplyForm", (Form,), fields)
    return form_class


def _show_questions(opened: LinkWithSession, form: Form | None = None, status: int = 200) -> Response:
    language = _find_scale_language(opened)
    with using_language(language):
        wording = _get_wording(opened)
        page_form = form or _make_answers_form_class(wording)(formdata=None)
        return _render_participant_page(
            language,
            status,
            title=_("Votre avis sur ce que vous venez d’essayer"),
            form=page_form,
            wording=wording,
        )


def _show_thanks(opened: LinkWithSession) -> Response:
    language = _find_scale_language(opened)
    with using_language(language):
        title = _("Merci, vos réponses sont enregistrées")
        text = _("Vous pouvez fermer cette page. Le lien ne sert qu’une fois : il n’enregistre plus rien.")
        return _render_participant_page(language, 200, title=title, text=text)


def _show_invalid_link(language: str) -> Response:
    """Render the same page for an unknown, an expired and a revoked link."""
    with using_language(language):
        text = _("Demandez-en un autre à la personne qui vous accompagne.")
        return _render_participant_page(
            language, EXPIRED_STATUS, title=_("Ce lien n’est plus valable"), text=text
        )


def _render_participant_page(language: str, status: int, **values: Any) -> Response:
    context = {"form": None, "wording": None, "text": ""} | values
    response = render("user_tests/rounds/participant.html", status=status, language=language, **context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _find_scale_language(opened: LinkWithSession) -> str:
    """Return the language of the scale; for UMUX-Lite, that of the participant's browser."""
    return LANGUAGE_OF.get(opened.round.scale) or session_labels.reader_language()
