"""Reminding whoever has a late review, from the list of all teams."""

from flask import Blueprint, Response

from portal.ethics.reviews.queries import find_last_review
from portal.ethics.reviews.reminder_commands import require_can_remind
from portal.ethics.reviews.reviewer_queries import list_people_to_remind
from portal.oversight.open_issues.reminder_commands import explain_why_not_to_remind, remind_of_late_review
from portal.oversight.portfolio.filter_labels import REVIEWS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.urls import path_to
from portal.platform.web.writes import ButtonForm, write_page
from portal.project.projects.queries import get_project

bp = Blueprint("concern_reminders", __name__, url_prefix="/portfolio/concerns")


@bp.route("/<slug>/<any(framing, exposure):kind>/remind", methods=["GET", "POST"])
def remind(slug: str, kind: str) -> Response:
    """Remind whoever has a late review of a team, once one knows whom."""
    actor = get_actor()
    project = get_project(actor, slug)
    require_can_remind(actor, project)
    people = list_people_to_remind(actor, project, find_last_review(actor, project, kind))
    refusal = explain_why_not_to_remind(actor, project, kind)
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
        lambda _values: remind_of_late_review(actor, project, kind),
        message=_("Rappel envoyé."),
    )
