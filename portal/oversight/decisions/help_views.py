"""Asking for help on any day: a question to the coaches, or to the programme's lead."""

from flask import Blueprint, Response

from portal.oversight.decisions import commands
from portal.oversight.decisions.forms import AskHelpForm
from portal.oversight.decisions.page_views import url_of
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.queries import list_coaches
from portal.project.projects.workspace_views import build_trail, get_writable_project

bp = Blueprint("help", __name__, url_prefix="/projects/<slug>/help")


@bp.route("", methods=["GET", "POST"])
def ask(slug: str) -> Response:
    """The request waits among what is to decide until somebody answers it."""
    project = get_writable_project(slug)
    names = ", ".join(holder.person.name for holder in list_coaches(project))
    form_page = FormPage(
        title=_("Demander de l’aide"),
        lead=_("À vos coachs : %(names)s.", names=names) if names else _("À la direction du programme."),
        trail=build_trail(project),
        step=_("Demander de l’aide"),
        yes=_("Envoyer"),
        advice=(
            _("Ils sont prévenus aussitôt, et votre demande attend parmi ce qu’ils ont à décider."),
            _("Elle y reste jusqu’à leur réponse, que vous verrez ici et dans vos notifications."),
        ),
    )
    form = make_form(AskHelpForm, bool(names))
    return write_page(
        form_page,
        form,
        lambda _values: commands.ask_decision(actor, project, form.facts()),
        message=_("Votre demande est envoyée."),
        to=lambda row: url_of(project, row.number),
    )
