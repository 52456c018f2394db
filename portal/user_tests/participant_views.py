"""The participant's own page, for whoever holds a link and nobody else.

It is for strangers: it says nothing of the project, is found by no search engine, and no other
site is told its address.
"""

from typing import Any

from flask import Blueprint, Response, request
from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.kernel.text import in_language
from portal.kernel.text import lazy_gettext as _l
from portal.usability.wording import Wording
from portal.user_tests import participant_commands as commands
from portal.user_tests import session_words as words
from portal.user_tests.models import Scale
from portal.user_tests.participant_commands import Opened
from portal.web import limits
from portal.web.forms import Form, choices_of, submit
from portal.web.render import render, see_path

TOKEN_MAX = 200
GONE = 410
LANGUAGE_OF = {Scale.F_SUS: "fr", Scale.SUS: "en"}

bp = Blueprint("participant", __name__)


@bp.get(f"/reply/<string(maxlength={TOKEN_MAX}):token>")
def questions(token: str) -> Response:
    opened = commands.find_opened(token)
    if opened is None:
        return _no_link(words.reader_language())
    return _ask(opened) if not opened.has_served else _thanks(opened)


@bp.post(f"/reply/<string(maxlength={TOKEN_MAX}):token>")
def reply(token: str) -> Response:
    opened = commands.find_opened(token)
    if opened is None:
        limits.require_within()  # whoever guesses is stopped
        return _no_link(words.reader_language())
    if opened.has_served:
        return see_path(request.path)
    language = _language_of(opened)
    with in_language(language):
        asked = _asked(opened)
        form = _form_of(asked)()

        def act(values: dict[str, Any]) -> None:
            commands.answer(opened, {n: values[f"i{n}"] for n in _items(asked)})

        try:
            return submit(
                form,
                act,
                lambda _made: see_path(request.path),
                lambda status: _ask(opened, form, status),
            )
        except NotFound:  # sent twice at the same moment, or taken back
            return see_path(request.path)


def _asked(opened: Opened) -> Wording:
    asked = words.scale_words(opened.round.scale, _language_of(opened))
    if asked is None:
        raise NotFound
    return asked


def _items(asked: Wording) -> range:
    return range(1, len(asked.items) + 1)


def _form_of(asked: Wording) -> type[Form]:
    """A form that asks a scale: `i1`, `i2`…"""
    answers = choices_of([(n, str(n)) for n in range(asked.least, asked.most + 1)])
    fields = {
        f"i{n}": RadioField(
            asked.items[n - 1],
            [InputRequired(_l("Choisissez une réponse."))],
            coerce=int,
            choices=answers,
        )
        for n in _items(asked)
    }
    made: type[Form] = type("ReplyForm", (Form,), fields)
    return made


def _ask(opened: Opened, form: Form | None = None, status: int = 200) -> Response:
    language = _language_of(opened)
    with in_language(language):
        asked = _asked(opened)
        shown = form or _form_of(asked)(formdata=None)
        return _alone(
            language,
            status,
            title=_("Votre avis sur ce que vous venez d’essayer"),
            form=shown,
            asked=asked,
        )


def _thanks(opened: Opened) -> Response:
    language = _language_of(opened)
    with in_language(language):
        title = _("Merci, vos réponses sont enregistrées")
        said = _(
            "Vous pouvez fermer cette page. Le lien ne sert qu’une fois : il n’enregistre plus"
            " rien."
        )
        return _alone(language, 200, title=title, said=said)


def _no_link(language: str) -> Response:
    """Never given, too old or taken back: the same for all."""
    with in_language(language):
        said = _("Demandez-en un autre à la personne qui vous accompagne.")
        return _alone(language, GONE, title=_("Ce lien n’est plus valable"), said=said)


def _alone(language: str, status: int, **shown: Any) -> Response:
    nothing = {"form": None, "asked": None, "said": ""}
    given = nothing | shown
    answer = render("user_tests/participant.html", status=status, language=language, **given)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _language_of(opened: Opened) -> str:
    """A scale is asked in its own language; UMUX-Lite in that of the participant's browser."""
    return LANGUAGE_OF.get(opened.round.scale) or words.reader_language()
