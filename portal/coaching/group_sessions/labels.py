"""Labels of group sessions and of their survey; their line on a project's page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from portal.coaching.group_sessions.models import MARKS, Gathering
from portal.coaching.group_sessions.queries import ANSWERS_MIN, PROJECT_FIGURES, SatisfactionResult
from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine
from portal.sprints.sprints.models import UNDO_TIME

QUESTIONS: dict[int, LazyString] = {
    1: _l("Cette séance m’a été utile pour mon projet"),
    2: _l("Son rythme et sa forme me convenaient"),
    3: _l("Je sais ce que je vais faire ensuite"),
}
ANSWERS: dict[int, LazyString] = {
    1: _l("1, pas du tout d’accord"),
    2: _l("2, plutôt pas"),
    3: _l("3, ni l’un ni l’autre"),
    4: _l("4, plutôt"),
    5: _l("5, tout à fait d’accord"),
}
_AGREES_FROM = 4  # the lowest mark that counts as agreement


def attendance_label(count: int | None) -> str:
    if count is None:
        return _("présence non notée")
    return ngettext("%(num)s personne", "%(num)s personnes", count)


def answer_count_label(satisfaction: SatisfactionResult) -> str:
    """How many people answered and, below the threshold, why figures are not shown yet."""
    if not satisfaction.count:
        return _("Personne n’a encore répondu.")
    count_label = ngettext("%(num)s réponse.", "%(num)s réponses.", satisfaction.count)
    if satisfaction.is_shown:
        return count_label
    return _("%(said)s Les chiffres paraissent à partir de %(n)s.", said=count_label, n=ANSWERS_MIN)


def agreeing_count_label(satisfaction: SatisfactionResult, question: int) -> str:
    """For example "7 sur 9 d’accord": groups are too small for percentages."""
    agreeing_count = sum(satisfaction.tallies[question][mark] for mark in MARKS if mark >= _AGREES_FROM)
    return _("%(agree)s sur %(count)s d’accord", agree=agreeing_count, count=satisfaction.count)


def badge(row: Gathering) -> tuple[str, str | None]:
    """Whether a session is to come or cancelled, and the kind of its badge; "" for one of the past."""
    if row.cancelled_at is not None:
        return _("Annulée"), "warning"
    return (_("À venir"), "info") if row.is_upcoming else ("", None)


def undo_until(row: Gathering) -> datetime:
    """Until when its cancellation can be undone."""
    return (row.cancelled_at or row.created_at) + UNDO_TIME


def meeting_time(row: Gathering) -> str:
    """Day, hour and length."""
    return format_day_and_hour(row.held_on, row.hour, row.duration)


def build_group_session_lines(
    _actor: Actor, _project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """One line, or none before the first session is announced."""
    programme, total, coming = values
    if not total:
        return []
    sentence = ngettext("%(num)s séance", "%(num)s séances", total)
    if coming is not None:
        sentence = _("la prochaine le %(day)s", day=day(coming))
    return [SectionLine(_("Séances collectives"), sentence, url_for("gatherings.index", slug=programme))]


PROJECT_SECTION = ProjectSection(build_group_session_lines, PROJECT_FIGURES, ProjectFoldKind.COACHING)
