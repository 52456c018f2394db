"""Labels and sentences of the list of open issues."""

from collections.abc import Sequence
from datetime import date

from portal.oversight.health.duration_labels import format_days_in_brief
from portal.oversight.health.fact_rules import UserTestFacts
from portal.oversight.open_issues.filter_rules import (
    EthicsFilter,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    TransparencySheetFilter,
)
from portal.oversight.open_issues.overview_rules import TeamIssueLine
from portal.oversight.open_issues.team_issue_rules import (
    ExpectedReview,
    IssueVisibility,
    ReviewStatus,
    TeamIssues,
)
from portal.oversight.portfolio.filter_labels import FILTERS as PORTFOLIO
from portal.oversight.portfolio.filter_labels import REVIEWS
from portal.oversight.portfolio.labels import (
    STATES,
    explain_day_without_figures,
    format_days_ago,
    list_options,
    test_result,
    test_result_sentence,
)
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.user_tests.findings.labels import SEVERITY_LABELS

__all__ = [
    "SEVERITY_LABELS",
    "STATES",
    "explain_day_without_figures",
    "list_options",
    "test_result",
]

SEVERITIES: dict[SeverityFilter, LazyString] = {
    SeverityFilter.SEVERE: _l("Graves (3 ou 4)"),
    SeverityFilter.CATASTROPHIC: _l("Catastrophiques (4)"),
}
ETHICS: dict[EthicsFilter, LazyString] = {
    EthicsFilter.OVERDUE: _l("Revue en retard"),
    EthicsFilter.WAITING: _l("Revue à décider"),
    EthicsFilter.STALE: _l("Décision à réexaminer"),
    EthicsFilter.CONDITIONS: _l("Condition en retard"),
}
RISKS: dict[RisksFilter, LazyString] = {
    RisksFilter.HIGH: _l("Risque élevé ouvert"),
    RisksFilter.OVERDUE: _l("Mesure en retard"),
}
SHEETS: dict[TransparencySheetFilter, LazyString] = {
    TransparencySheetFilter.PUBLISHED: _l("Publiée"),
    TransparencySheetFilter.MISSING: _l("Pas publiée"),
}
SORTS: dict[IssueSort, LazyString] = {
    IssueSort.SEVERITY: _l("Gravité des constats"),
    IssueSort.AGE: _l("Constat grave le plus ancien"),
    IssueSort.ETHICS: _l("Retard des revues"),
    IssueSort.RISKS: _l("Retard des mesures"),
    IssueSort.ORGANISATION: _l("Organisation"),
}
FILTERS: dict[str, LazyString] = {
    "severity": _l("Constats ouverts"),
    "ethics": _l("Revues éthiques"),
    "risks": _l("Risques"),
    "sheet": _l("Fiche de transparence"),
    "overdue": _l("En retard seulement"),
    "coach": PORTFOLIO["coach"],
    "track": PORTFOLIO["track"],
    "organisation": PORTFOLIO["organisation"],
    "sort": PORTFOLIO["sort"],
    "page": PORTFOLIO["page"],
}
COLUMNS: Sequence[LazyString] = (
    _l("Équipe"),
    _l("Constats ouverts"),
    _l("Dernier test"),
    _l("Revues éthiques"),
    _l("Risques"),
    _l("Fiche de transparence"),
)
REVIEW_STATUSES: dict[ReviewStatus, LazyString] = {
    ReviewStatus.WAIVED: _l("dispensée"),
    ReviewStatus.ACCEPTED: _l("acceptée"),
    ReviewStatus.ACCEPTED_WITH_CONDITIONS: _l("acceptée avec conditions"),
    ReviewStatus.REFUSED: _l("refusée"),
    ReviewStatus.SUBMITTED: _l("remise"),
    ReviewStatus.IN_REVIEW: _l("en relecture"),
    ReviewStatus.DRAFT: _l("en cours"),
    ReviewStatus.NONE: _l("pas commencée"),
}
_DECIDED = frozenset({ReviewStatus.ACCEPTED, ReviewStatus.ACCEPTED_WITH_CONDITIONS, ReviewStatus.REFUSED})
_SUBMITTED = frozenset({ReviewStatus.SUBMITTED, ReviewStatus.IN_REVIEW})


def ethics_choices(sees: IssueVisibility) -> Sequence[tuple[EthicsFilter, LazyString]]:
    """The choices of the filter, without those on issues that the reader may not know."""
    hidden = set() if sees.conditions else {EthicsFilter.CONDITIONS}
    return [(choice, name) for choice, name in ETHICS.items() if choice not in hidden]


def risk_choices(sees: IssueVisibility) -> Sequence[tuple[RisksFilter, LazyString]]:
    hidden = set() if sees.all else {RisksFilter.OVERDUE}
    return [(choice, name) for choice, name in RISKS.items() if choice not in hidden]


def join_filter_labels(names: Sequence[str]) -> str:
    return ", ".join(str(FILTERS[name]) for name in names)


def heading(programmes: Sequence[Programme]) -> str:
    """Of one programme, or of all of the reader's."""
    name = programmes[0].name if len(programmes) == 1 else _("Tous mes programmes")
    return _("%(programme)s : tests et éthique", programme=name)


def expected_review_label(expected_review: ExpectedReview, *, sees_drafts: bool) -> str:
    """« Revue de cadrage : remise le 3 mars, attendue le 14 février (G3) ».

    `sees_drafts`: whether the reader may know of drafts, and so that there is none.
    """
    sentence = _(
        "%(kind)s : %(look)s",
        kind=str(REVIEWS[expected_review.kind]),
        look=_describe_review_status(expected_review, sees_drafts=sees_drafts),
    )
    if not expected_review.is_required:
        return sentence
    when = {"said": sentence, "day": day(expected_review.due_on), "gate": expected_review.gate}
    if expected_review.is_late:
        return _("%(said)s, en retard depuis le %(day)s (G%(gate)s)", **when)
    return _("%(said)s, attendue le %(day)s (G%(gate)s)", **when)


def _describe_review_status(expected_review: ExpectedReview, *, sees_drafts: bool) -> str:
    look = str(REVIEW_STATUSES[expected_review.look])
    review = expected_review.review
    if expected_review.look is ReviewStatus.NONE and not sees_drafts:
        return _("pas encore remise")
    on = None
    if review is not None and expected_review.look in _DECIDED:
        on = review.decided_on
    elif review is not None and expected_review.look in _SUBMITTED:
        on = review.submitted_on
    return _("%(look)s le %(day)s", look=look, day=day(on)) if on else look


def count_reviews_no_gate_requires(issues: TeamIssues) -> int:
    """How many reviews to decide are of questionnaires that no gate requires."""
    expected_numbers = {
        expected_review.review.number for expected_review in issues.expected if expected_review.review
    }
    return sum(review.number not in expected_numbers for review in issues.waiting)


def severity_count(severity: int | None, number: int) -> str:
    """« 2 × gravité 3, majeure »."""
    return _("%(n)s × %(severity)s", n=number, severity=lower_first(str(SEVERITY_LABELS[severity])))


def last_test(user_tests: UserTestFacts | None) -> str:
    """« Tâche réussie : 4 sur 5 (36 à 98 %) »."""
    return test_result_sentence(user_tests or UserTestFacts())


def age(on: date) -> str:
    """How long ago a day was: « il y a 20 jours »."""
    return format_days_ago(max(0, (clock.today_for_reader() - on).days))


def transparency_sheet_state_label(line: TeamIssueLine) -> str:
    """The state of the sheet; for readers who may not open the team, only whether it is public."""
    issues = line.issues
    if issues.sheet == "published" and issues.sheet_on:
        return _("Publiée le %(day)s", day=day(issues.sheet_on))
    if issues.sheet == "withdrawn" and issues.sheet_on:
        return _("Retirée le %(day)s", day=day(issues.sheet_on))
    if issues.sheet == "begun":
        return _("En cours d’écriture")
    return _("Pas commencée") if line.sees.all else _("Pas publiée")


def teams_out_of_total(number: int, total: int) -> str:
    return ngettext("dans %(num)s équipe sur %(of)s", "dans %(num)s équipes sur %(of)s", number, of=total)


def matching_team_count_label(number: int, total: int) -> str:
    """How many teams the filters let through."""
    if not number:
        return _("Aucune équipe sur %(all)s", all=total)
    return ngettext("%(num)s équipe sur %(all)s", "%(num)s équipes sur %(all)s", number, all=total)


def findings_in_brief(issues: TeamIssues) -> str:
    """« 3 graves, depuis 20 j »; "" without a severe one."""
    if not issues.severe:
        return ""
    count = ngettext("%(num)s grave", "%(num)s graves", issues.severe)
    if not issues.severe_since:
        return count
    days = max(0, (clock.today_for_reader() - issues.severe_since).days)
    return _("%(what)s, %(time)s", what=count, time=format_days_in_brief(days))


def test_in_brief(line: TeamIssueLine) -> str:
    """The result of the last test; without any, since when one is expected; "" where none can be."""
    if line.last_test is not None and line.last_test.round is not None:
        return test_result(line.last_test)
    if not line.issues.goes_on:
        return ""
    began = line.prototype.first_passed_on if line.prototype else None
    days = max(0, (clock.today_for_reader() - began).days) if began else 0
    if line.prototype is None or not days:
        return _("aucun test")
    return _(
        "aucun test, %(time)s après G%(gate)s",
        gate=line.prototype.number,
        time=format_days_in_brief(days),
    )


def last_or_next_review_label(issues: TeamIssues) -> str:
    """Of a team whose reviews leave nothing open: the last that was decided, else the next expected."""
    decided = [expected_review for expected_review in issues.expected if expected_review.look in _DECIDED]
    if decided:
        look = str(REVIEW_STATUSES[decided[-1].look])
        return _("G%(gate)s %(look)s", gate=decided[-1].gate, look=look)
    required = [expected_review for expected_review in issues.expected if expected_review.is_required]
    if required:
        return _("G%(gate)s attendue le %(day)s", gate=required[0].gate, day=day(required[0].due_on))
    return ""


def reviews_in_brief_and_is_late(issues: TeamIssues) -> tuple[str, bool]:
    """What is open about reviews, the late first, and whether something is late."""
    late, conditions, waiting = issues.reviews_late, issues.conditions_late or 0, len(issues.waiting)
    parts = [
        ngettext("%(num)s revue en retard", "%(num)s revues en retard", late) if late else "",
        ngettext("%(num)s condition en retard", "%(num)s conditions en retard", conditions)
        if conditions
        else "",
        ngettext("%(num)s revue à décider", "%(num)s revues à décider", waiting) if waiting else "",
        ngettext("%(num)s réexamen", "%(num)s réexamens", issues.triggers) if issues.triggers else "",
    ]
    return ", ".join(part for part in parts if part), late + conditions > 0


def risks_in_brief_and_is_late(issues: TeamIssues) -> tuple[str, bool]:
    """High risks and late measures, and whether a measure is late."""
    parts = [
        ngettext("%(num)s risque élevé", "%(num)s risques élevés", issues.high) if issues.high else "",
        ngettext("%(num)s mesure en retard", "%(num)s mesures en retard", issues.measures_late)
        if issues.measures_late
        else "",
    ]
    return ", ".join(part for part in parts if part), bool(issues.measures_late)


def explain_past_day(day_asked: date) -> str:
    """Why a past day is not shown."""
    return _(
        "Cette liste ne dit que ce qui est ouvert aujourd’hui, pas ce qui l’était le %(day)s.",
        day=day(day_asked),
    )
