"""What the page shows, as rows for a spreadsheet or a machine: no more, for the same reader.

Columns have keys that never change, and names in their reader's language.
"""

from collections.abc import Iterator, Mapping, Sequence

from portal.oversight.open_issues import labels
from portal.oversight.open_issues.filter_rules import PER_PAGE
from portal.oversight.open_issues.queries import IssueLine, with_last_tests
from portal.oversight.open_issues.team_issue_rules import EXPECTED_KINDS
from portal.oversight.portfolio.labels import REVIEWS, test_result
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog_import.table_exports import Cell

Row = Mapping[str, Cell]

COLUMNS: Mapping[str, LazyString] = {
    "project": _l("Projet"),
    "name": _l("Nom court"),
    "organisation": _l("Organisme"),
    "state": _l("État du projet"),
    **{
        f"severity_{n}": name
        for n, name in sorted(
            ((n, name) for n, name in labels.SEVERITY_LABELS.items() if n is not None), reverse=True
        )
    },
    "unrated": labels.SEVERITY_LABELS[None],
    "severe_since": _l("Constat grave le plus ancien"),
    "tested_on": _l("Dernière séance"),
    "tested": _l("Tâche principale"),
    **{kind: name for kind, name in REVIEWS.items() if kind in EXPECTED_KINDS},
    "reviews_late": _l("Revues en retard"),
    "waiting": _l("Revues à décider"),
    "triggers": _l("Réexamens attendus"),
    "conditions": _l("Conditions à remplir"),
    "conditions_late": _l("Conditions en retard"),
    "high": _l("Risques élevés ouverts"),
    "measures": _l("Mesures datées"),
    "measures_late": _l("Mesures en retard"),
    "sheet": _l("Fiche de transparence"),
}


def export_rows(lines: Sequence[IssueLine]) -> Iterator[Row]:
    """In their order, some teams at a time."""
    for first in range(0, len(lines), PER_PAGE):
        for line in with_last_tests(lines[first : first + PER_PAGE]):
            yield _export_row(line)


def _export_row(line: IssueLine) -> Row:
    of, test = line.standing, line.last_test
    # What is severe is known to all who read this; the rest to those who read the team.
    rated = of.rated or (None, None, None, of.severe - of.catastrophic, of.catastrophic)
    return {
        "project": line.slug,
        "name": line.name,
        "organisation": line.organisation,
        "state": str(labels.STATES[line.state]),
        **{f"severity_{n}": number for n, number in enumerate(rated)},
        "unrated": of.unrated,
        "severe_since": of.severe_since,
        "tested_on": test.last_on if test else None,
        "tested": test_result(test) if test else "",
        **{
            expected_review.kind: labels.expected(expected_review, sees_drafts=line.sees.all)
            for expected_review in of.expected
        },
        "reviews_late": of.reviews_late,
        "waiting": len(of.waiting),
        "triggers": of.triggers,
        "conditions": of.conditions,
        "conditions_late": of.conditions_late,
        "high": of.high,
        "measures": of.measures,
        "measures_late": of.measures_late,
        "sheet": labels.sheet(line),
    }
