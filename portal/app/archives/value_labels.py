"""Codes, days and marks of rows in the words of the features' pages, for the pages of an archive."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa

from portal.app.archives.table_labels import row_kind_label
from portal.coaching.recommendations import labels as recommendations_labels
from portal.coaching.sessions import labels as sessions_labels
from portal.communication.directory.field_labels import find_column_label
from portal.ethics.rereviews import labels as rereviews_labels
from portal.ethics.reviews import labels as reviews_labels
from portal.ethics.risks import labels as risks_labels
from portal.ethics.transparency import labels as transparency_labels
from portal.funding.agreements import labels as agreements_labels
from portal.funding.change_requests import labels as change_requests_labels
from portal.funding.instalments import labels as instalments_labels
from portal.funding.ledger import labels as ledger_labels
from portal.oversight.decisions import labels as decisions_labels
from portal.oversight.gates import labels as gates_labels
from portal.oversight.health import labels as health_labels
from portal.people.programmes import policy as programmes_policy
from portal.platform.kernel.database import Base
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.project.data_sources import labels as data_sources_labels
from portal.project.framing import labels as framing_labels
from portal.project.projects import labels as projects_labels
from portal.selection.applications import labels as applications_labels
from portal.selection.calls import labels as calls_labels
from portal.selection.deliberation import labels as deliberation_labels
from portal.sprints.backlog import labels as backlog_labels
from portal.sprints.ceremonies import labels as ceremonies_labels
from portal.sprints.prototypes import labels as prototypes_labels
from portal.sprints.sprints import labels as sprints_labels
from portal.user_tests.findings import labels as findings_labels
from portal.user_tests.rounds import labels as rounds_labels
from portal.user_tests.rounds import session_labels as rounds_session_labels

_LABELS: Sequence[Mapping[Any, Any]] = (
    recommendations_labels.STAGES,
    sessions_labels.FORMATS,
    rereviews_labels.ANSWERS,
    reviews_labels.OUTCOMES,
    reviews_labels.WHY,
    risks_labels.PROGRESS,
    transparency_labels.PARTS,
    agreements_labels.STATES,
    agreements_labels.INSTALMENT_STATES,
    change_requests_labels.STATES,
    change_requests_labels.KINDS,
    instalments_labels.VERBS,
    ledger_labels.ACCOUNTS,
    decisions_labels.ADDRESSEES,
    decisions_labels.OUTCOMES,
    decisions_labels.STAGES,
    gates_labels.ACCEPTORS,
    gates_labels.VERBS,
    gates_labels.OUTCOMES,
    health_labels.SIGNALS,
    programmes_policy.ROLE_LABELS,
    data_sources_labels.ACCESS,
    data_sources_labels.FAITHFULNESS,
    data_sources_labels.FITNESS,
    data_sources_labels.PERSONAL,
    data_sources_labels.SCREENINGS,
    framing_labels.VERDICTS,
    framing_labels.DIRECTIONS,
    framing_labels.AUDIENCES,
    projects_labels.STATES,
    applications_labels.ORIGINS,
    applications_labels.STATES,
    calls_labels.STATES,
    calls_labels.TIE_RULES,
    deliberation_labels.APPEAL_STATES,
    deliberation_labels.OUTCOMES,
    backlog_labels.KINDS,
    backlog_labels.STATES,
    backlog_labels.SPILLS,
    backlog_labels.EVENT_LABELS,
    ceremonies_labels.SETTLEMENT_LABELS,
    prototypes_labels.AUTOMATIONS,
    prototypes_labels.EXPOSURES,
    sprints_labels.BLOCKERS,
    sprints_labels.OUTLOOKS,
    sprints_labels.OUTCOMES,
    findings_labels.CLOSINGS,
    findings_labels.RESULTS,
    rounds_labels.METHODS,
    rounds_labels.SCALES,
    rounds_session_labels.OUTCOMES,
)
VALUES: Mapping[Enum, object] = {value: label for labels in _LABELS for value, label in labels.items()}
# Of columns with codes of no enumeration: the table of what a file hangs on; the track of a gate,
# which the list of gates names.
_CODES: Mapping[str, Callable[[Any], str]] = {"subject": row_kind_label, "track": lambda _key: ""}
_UNTITLED = frozenset({"id", "version", "project_id", "scope_id", "programme_id"})


def list_row_headings_and_values(
    table: str, row: Mapping[str, Any], people: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    """Heading and value of each column of a row that has a word and something to read. What has none,
    such as ids of other rows and counts of the portal, is in the archive's data only."""
    columns = Base.metadata.tables[table].columns
    described = []
    for name, cell in row.items():
        heading = None if name in _UNTITLED else find_column_label(name)
        value = _CODES[name](cell) if name in _CODES else cell
        text = _format_cell(columns[name].type, value, people) if heading else ""
        if heading and text:
            described.append((heading, text))
    return described


def _format_cell(kind: Any, cell: Any, people: Mapping[str, str]) -> str:
    """A cell in words; "" for nothing, for an id, and for a code without a label."""
    if cell is None or cell == "":
        return ""
    if isinstance(kind, sa.Uuid):
        return people.get(str(cell), "")
    if isinstance(kind, sa.Enum):
        return _format_code(cast(type[Enum], kind.enum_class), cell)
    if isinstance(cell, list | dict):  # answers and readings, by codes
        return ""
    return _format_plain_cell(kind, cell)


def _format_code(enum: type[Enum], code: str) -> str:
    label = VALUES.get(enum(code), "")
    return str(label[0] if isinstance(label, tuple) else label)


def _format_plain_cell(kind: Any, cell: Any) -> str:
    """Yes or no, a day in words where the column holds one or a moment; else the text."""
    if isinstance(cell, bool):
        return _("oui") if cell else _("non")
    is_date = isinstance(kind, sa.Date) or "DateTime" in type(kind).__name__
    return format_day(date.fromisoformat(str(cell)[:10])) if is_date else str(cell)
