"""What the pages of sessions share: where they are, and the way back."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail
from portal.user_tests.rounds import figure_queries, policy, session_labels, session_queries
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.session_queries import SessionDetails
from portal.user_tests.statistics import labels as usability

ROUND_PATH = "/<int(max=9999):number>"
SESSION_PATH = "/sessions/<int(max=9999):number>"


def session_url(project: Project, session: TestSession) -> str:
    return url_for("test_sessions.page", slug=project.slug, number=session.number)


def trail_to_round(project: Project, row: TestRound) -> Trail:
    here = url_for("rounds.page", slug=project.slug, number=row.number)
    tests = (_("Tests"), url_for("rounds.index", slug=project.slug))
    return build_trail(project, tests, (_("Série %(n)s", n=row.number), here))


def trail_to_session(project: Project, details: SessionDetails) -> Trail:
    step = (_("Séance %(code)s", code=details.session.code), session_url(project, details.session))
    return [*trail_to_round(project, details.round), step]


def round_results_context(
    project: Project, round_: TestRound, tasks: Sequence[TestTask]
) -> dict[str, Any]:
    """What a round's page needs to show its sessions and figures (`user_tests/rounds/results.html`)."""
    return {
        "round": round_,
        "listed": session_queries.list_sessions(actor, project, round_),
        "figures": figure_queries.read_figures(round_, tasks),
        "said_of": session_labels,
        "usability": usability,
        "can_run": policy.can_run_sessions(actor, project, round_),
        "can_export": policy.can_export_sessions(actor, project),
    }
