"""Reminding whoever has a late review, from the list of all teams."""

from typing import Any

from flask import Blueprint, Response

from portal.ethics.reviews.queries import find_last_review
from portal.ethics.reviews.reminder_commands import (
    ALREADY_REMINDED,
    NOBODY_ELSE,
    map_reminder_times,
    remind_of_review,
    require_can_remind,
)
from portal.ethics.reviews.reviewer_queries import list_people_to_remind
from portal.oversight.open_issues.page_views import build_review_turn
from portal.oversight.open_issues.queries import find_expected_review
from portal.oversight.portfolio.filter_labels import REVIEWS
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.urls import path_to
from portal.platform.web.writes import ButtonForm, write_page
from portal.project.projects.queries import get_project

bp = Blueprint("concern_reminders", __name__, url_prefix="/portfolio/concerns")
NOT_LATE = _l("Cette revue n’est pas en retard\u00a0: il n’y a rien à rappeler.")


@bp.route("/<slug>/<any(framing, exposure):kind>/remind", methods=["GET", "POST"])
def remind(slug: str, kind: str) -> Response:
    """Remind whoever has a late review of a team, once one knows whom."""
    actor = get_actor()
    project = get_project(actor, slug)
    require_can_remind(actor, project)
    expected = find_expected_review(actor, project, kind, reader_time_zone())
    is_late = expected is not None and expected.is_late
    people = list_people_to_remind(actor, project, find_last_review(actor, project, kind))
    refusal = NOT_LATE if not is_late else "" if people else NOBODY_ELSE
    if expected is not None and map_reminder_times([build_review_turn(project.id, expected)]):
        refusal = refusal or ALREADY_REMINDED

    def send(_values: dict[str, Any]) -> None:
        if not is_late:
            raise Overtaken(str(NOT_LATE))
        remind_of_review(actor, project, kind)

    return write_page(
        FormPage(
            title=_("Relancer : %(kind)s, %(team)s", kind=REVIEWS[kind], team=project.short_name),
            lead=refusal or _("Le rappel part à %(who)s.", who=", ".join(person.name for person in people)),
            trail=[(_("Tests et éthique"), path_to("concerns.index"))],
            step=_("Relancer"),
            yes=_("Envoyer le rappel"),
            is_closed=bool(refusal),
        ),
        make_form(ButtonForm),
        send,
        message=_("Rappel envoyé."),
    )
