"""Lines about rounds on the pages of a project and of a sprint."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine
from portal.sprints.prototypes.trial_queries import VersionTrialReader
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.queries import FIGURES, SPRINT_ROUNDS, has_round_on_version_or_later


def list_project_lines(_actor: Actor, project: Project, figures: Sequence[Any]) -> Sequence[SectionLine]:
    rounds, number, version, counts = figures
    if not rounds:
        url = url_for("rounds.index", slug=project.slug)
        return [SectionLine(_("Tests"), _("Personne n’a encore essayé le prototype."), url, True)]
    url = url_for("rounds.page", slug=project.slug, number=number)
    text = _(
        "série %(n)s, sur la version %(version)s\u00a0: %(sessions)s",
        n=number,
        version=version,
        sessions=labels.session_count_label(counts[0]),
    )
    attended = [count for count in counts if count]
    brief = _(
        "%(sessions)s sur la version %(version)s",
        sessions=labels.session_count_in_rounds_label(sum(attended), len(attended)),
        version=version,
    )
    return [SectionLine(_("Tests"), text, url, not counts[0], brief if attended else "")]


def list_sprint_lines(
    _actor: Actor, project: Project, _sprint: Sprint, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """A line for each round with sessions during the sprint."""
    (rounds,) = values
    return [
        SectionLine(
            _("Série %(n)s", n=number),
            labels.session_count_label(sessions),
            url_for("rounds.page", slug=project.slug, number=number),
        )
        for number, sessions in rounds
    ]


VERSION_TRIALS = VersionTrialReader(has_round_on_version_or_later)
SPRINT_SECTION = SprintPageSection(list_sprint_lines, (SPRINT_ROUNDS,))
PROJECT_SECTION = ProjectSection(list_project_lines, FIGURES, ProjectFoldKind.TESTS)
