"""The list of open issues as rows of an export, with no more than the page shows its reader.

Columns have stable keys, and labels in the reader's language.
"""

from collections.abc import Iterator, Mapping, Sequence

from portal.oversight.open_issues import labels
from portal.oversight.open_issues.filter_rules import PER_PAGE
from portal.oversight.open_issues.overview_rules import TeamIssueLine
from portal.oversight.open_issues.queries import with_last_tests
from portal.oversight.open_issues.team_issue_rules import EXPECTED_KINDS
from portal.oversight.portfolio.filter_labels import REVIEWS
from portal.oversight.portfolio.labels import test_result
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.tables import Cell

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
    "programme": _l("Programme"),
}


def iterate_export_rows(lines: Sequence[TeamIssueLine]) -> Iterator[Row]:
    """The rows in the order of the lines, read in batches."""
    for first in range(0, len(lines), PER_PAGE):
        for line in with_last_tests(lines[first : first + PER_PAGE]):
            yield _build_export_row(line)


def _build_export_row(line: TeamIssueLine) -> Row:
    issues, test = line.issues, line.last_test
    # Only readers of the project know the counts of findings that are not severe.
    major = issues.severe - issues.catastrophic
    rated = issues.rated or (None, None, None, major, issues.catastrophic)
    return {
        "project": line.slug,
        "name": line.name,
        "organisation": line.organisation,
        "state": str(labels.STATES[line.state]),
        **{f"severity_{n}": number for n, number in enumerate(rated)},
        "unrated": issues.unrated,
        "severe_since": issues.severe_since,
        "tested_on": test.last_on if test else None,
        "tested": test_result(test) if test else "",
        **{
            review.kind: labels.expected_review_label(review, sees_drafts=line.sees.all)
            for review in issues.expected
        },
        "reviews_late": issues.reviews_late,
        "waiting": len(issues.waiting),
        "triggers": issues.triggers,
        "conditions": issues.conditions,
        "conditions_late": issues.conditions_late,
        "high": issues.high,
        "measures": issues.measures,
        "measures_late": issues.measures_late,
        "sheet": labels.transparency_sheet_state_label(line),
        "programme": line.programme,
    }
