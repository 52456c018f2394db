"""Asks before a round that was planned by mistake goes."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.workplace import open_to_write
from portal.user_tests import queries, removal
from portal.user_tests.session_fields import PlainForm
from portal.user_tests.workplace import ONE_ROUND
from portal.web import confirm
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question
from portal.web.forms import submit
from portal.web.render import see

bp = Blueprint("round_removal", __name__, url_prefix="/projects/<slug>/tests")


@bp.route(f"{ONE_ROUND}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    round_ = queries.get_round(actor, project, number)
    if request.method in SAFE_METHODS:
        removal.require_to_remove(actor, project, round_)
    form = PlainForm()
    question = Question(
        title=_("Effacer la série %(n)s ?", n=number),
        lead=_("Pour une série préparée par erreur, que personne n’a essayée."),
        means=(
            _("Ses tâches et ses textes de consentement sont effacés."),
            _("Le journal garde ce qu’elle était, et qui l’a effacée."),
        ),
        yes=_("Effacer la série"),
        no=_("Garder la série"),
        step=_("Effacer"),
        place=_("Série %(n)s", n=number),
        back=url_for("rounds.page", slug=slug, number=number),
    )

    def again(status: int = 200) -> Response:
        return confirm.ask(question, form, status)

    def act(_values: dict[str, Any]) -> None:
        removal.remove_round(actor, project, round_)

    def done(_made: None) -> Response:
        flash(_("Série %(n)s effacée.", n=number))
        return see("rounds.index", slug=slug)

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, done, again)
