"""Shared by the views of rounds and sessions: paths, breadcrumb trails, results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPageLink
from portal.project.projects.models import Project
from portal.project.projects.policy import is_project_active
from portal.project.projects.workspace_views import Trail, build_trail
from portal.user_tests.rounds import (
    figure_queries,
    labels,
    policy,
    queries,
    related_views,
    result_charts,
    session_labels,
    session_queries,
)
from portal.user_tests.rounds.consent_queries import read_proposal_state_by_language
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.queries import RoundDetails
from portal.user_tests.rounds.result_charts import TaskPicture
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.session_queries import SessionDetails
from portal.user_tests.statistics import labels as statistics_labels

ROUND_PATH = "/<int(max=9999):number>"
SESSION_PATH = "/sessions/<int(max=9999):number>"


def build_session_url(project: Project, session: TestSession) -> str:
    return url_for("test_sessions.page", slug=project.slug, number=session.number)


def build_round_url(project: Project, round_: TestRound) -> str:
    return url_for("rounds.page", slug=project.slug, number=round_.number)


def trail_to_tests(project: Project) -> Trail:
    return build_trail(project, (_("Tests"), url_for("rounds.index", slug=project.slug)))


def build_end_question(project: Project, round_: TestRound) -> ConfirmationQuestion:
    """What ending a round does, before it is done."""
    return ConfirmationQuestion(
        title=_("Terminer la série %(n)s\u00a0?", n=round_.number),
        means=(
            _("Plus aucune séance n’y commence, et plus personne n’y répond par un lien."),
            _("Elle se rouvre d’un clic, en haut de sa page."),
        ),
        yes=_("Terminer la série"),
        no=_("Ne pas la terminer"),
        step=_("Terminer"),
        place=_("Série %(n)s", n=round_.number),
        back=build_round_url(project, round_),
        sent=(("to", "over"),),
    )


def trail_to_round(project: Project, round_: TestRound) -> Trail:
    step = (_("Série %(n)s", n=round_.number), build_round_url(project, round_))
    return [*trail_to_tests(project), step]


def trail_to_session(project: Project, details: SessionDetails) -> Trail:
    step = (_("Séance %(code)s", code=details.session.code), build_session_url(project, details.session))
    return [*trail_to_round(project, details.round), step]


def list_rounds_to_copy(project: Project) -> Sequence[FormPageLink]:
    """Return the page that copies the project’s last round, with its title; none before it has tasks."""
    last = queries.find_last_round(actor, project)
    if last is None or not queries.list_tasks(last):
        return []
    label = _("Reprendre les tâches de la série %(n)s, son déroulé et son consentement", n=last.number)
    return [FormPageLink(label, url_for("rounds.copy", slug=project.slug, number=last.number), last.title)]


def read_proposed_consents(project: Project, round_: TestRound) -> Sequence[FormPageLink]:
    """Read what `list_proposed_consents` returns."""
    proposals = read_proposal_state_by_language(project, round_)
    return list_proposed_consents(project, round_, proposals, is_frozen=queries.has_counted_sessions(round_))


def list_proposed_consents(
    project: Project, round_: TestRound, proposals: Mapping[str, bool], *, is_frozen: bool
) -> Sequence[FormPageLink]:
    """Return the pages where the texts that the portal proposed are read over, each with why as its note;
    none once they are frozen, as somebody agreed, nor where nobody can agree any more. `proposals`:
    whether each text is such a one, by language."""
    is_over = round_.ended_on is not None or not is_project_active(project)
    if is_frozen or is_over:
        return []
    return [
        FormPageLink(
            _("Relire le consentement en %(language)s", language=labels.LANGUAGES[language]),
            url_for("consent.change", slug=project.slug, number=round_.number, language=language),
            labels.proposed_consent_sentence(language),
        )
        for language in labels.LANGUAGES
        if proposals.get(language)
    ]


def build_results_context(
    project: Project, details: RoundDetails, tasks: Sequence[TestTask]
) -> dict[str, Any]:
    """Return the context of `user_tests/rounds/results.html`: pictures, figures and sessions of a round."""
    round_ = details.round
    listed = session_queries.list_session_lines(round_)
    figures = figure_queries.read_round_figures(round_, tasks)
    task_figures = [(entry.task, entry.figures) for entry in figures.tasks]
    headline = result_charts.describe_main_task(task_figures)
    plain_title = _("Série %(n)s : %(title)s", n=round_.number, title=round_.title)
    return {
        "round": round_,
        "plain_title": plain_title,
        "title": _("Série %(n)s : %(title)s", n=round_.number, title=headline) if headline else plain_title,
        "listed": listed,
        "without_score": [line for line in listed if line.lacks_answers and not line.is_rehearsal],
        "figures": figures,
        "task_picture": _replace_picture_title(result_charts.draw_tasks(task_figures)),
        "scale_picture": result_charts.draw_scale(figures.scale),
        "problems": related_views.read_round_problems(actor, project, round_),
        "session_labels": session_labels,
        "statistics_labels": statistics_labels,
        "reader_language": session_labels.reader_language(),
        "can_run": policy.can_run_sessions(actor, project, round_),
        "can_export": policy.can_export_sessions(actor, project),
    }


def _replace_picture_title(picture: TaskPicture | None) -> TaskPicture | None:
    """The picture under a plain title: the page’s own title gives its message."""
    return picture and replace(picture, title=_("Réussite et temps, tâche par tâche"))
