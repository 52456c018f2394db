"""Export raw results as CSV, for the team and its coaches.

A POST, because it writes an audit line.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask import Blueprint, Response
from flask_babel import get_timezone

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.tables import Cell, Table, send_table
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row
from portal.user_tests.rounds import queries, session_commands, session_labels
from portal.user_tests.rounds.import_labels import iterate_column_headings
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_queries import list_session_results
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS, compute_scale_score

bp = Blueprint("test_results", __name__, url_prefix="/projects/<slug>/tests")


@bp.post("/<int(max=9999):number>/sessions.csv")
def export(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    if not has_csrf_failure():  # such a request is refused before the commit
        session_commands.record_session_export(actor, project, round_)
    day = clock.today(str(get_timezone())).isoformat()
    file_name_part = _("seances")
    name = f"{project.slug}-{file_name_part}-{number}-{day}"
    return send_table(_build_session_table(project, round_), "csv", name)


def _build_session_table(project: Project, round_: TestRound) -> Table:
    tasks = queries.list_tasks(round_)
    names = [name for _column, name in iterate_column_headings(tasks, ITEM_COUNTS.get(round_.scale, 0))]
    title = _("Séances de la série %(n)s", n=round_.number)
    rows = list(_iterate_session_rows(project, round_, tasks))
    return Table(title=title, sheet=_("séances"), names=names, widths=[20] * len(names), rows=rows)


def _iterate_session_rows(
    project: Project, round_: TestRound, tasks: Sequence[TestTask]
) -> Iterator[Sequence[Cell]]:
    for listed_session, results, answers in list_session_results(actor, project, round_):
        session = listed_session.session
        row: list[Cell] = [
            session.code,
            listed_session.group,
            _("oui") if session.is_rehearsal else _("non"),
            session.consent_on,
        ]
        for task in tasks:
            result = results.get(task.id)
            outcome = result and result.outcome
            row.append(str(session_labels.OUTCOMES[outcome]) if outcome else None)
            row += [getattr(result, name, None) for name in ("seconds", "ease", "errors", "notes")]
        row += [answers.get(item) for item in range(1, ITEM_COUNTS.get(round_.scale, 0) + 1)]
        score = compute_scale_score(round_.scale, answers)
        row += [None if score is None else Decimal(str(round(score, 1))), session.notes]
        yield row
