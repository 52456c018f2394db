"""The applications of a juror as plain data for one PDF, in French."""

from collections.abc import Sequence
from typing import Any

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.report_parts import Part, make_part
from portal.selection.applications import labels
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import Call, CallCriterion


def build_booklet_content(
    programme: Programme,
    call: Call,
    criteria: Sequence[CallCriterion],
    applications: Sequence[LoadedApplication],
    juror: str,
) -> dict[str, Any]:
    """Return the booklet of a juror: the criteria, then each application. The foot of each page
    holds the juror's name."""
    with using_language("fr"):
        title = _("Candidatures confiées à %(name)s", name=juror)
        today = format_day(clock.today())
        return {
            "title": title,
            "language": "fr",
            "lead": f"{call.title_fr}, {programme.name_fr}",
            "foot": _("Exemplaire de %(name)s, %(day)s. Ne pas diffuser.", name=juror, day=today),
            "parts": [_criterion_part(each) for each in criteria]
            + [_application_part(loaded) for loaded in applications],
        }


def _criterion_part(criterion: CallCriterion) -> Part:
    points = [f"{n}. {words}" for n, words in enumerate(criterion.levels_fr)]
    says = [_("Critère : %(n)s %% du total.", n=criterion.weight)]
    return make_part(criterion.name_fr, says, points=points)


def _application_part(loaded: LoadedApplication) -> Part:
    application = loaded.application
    says = [application.organisation]
    says += [f"{label}\n{text}" for label, text in labels.list_answers(application)]
    return make_part(f"{application.number}. {application.title}", says)
