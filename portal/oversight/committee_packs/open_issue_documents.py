"""The severe findings and the high risks on the page of a team in a pack."""

from collections.abc import Sequence

from portal.oversight.committee_packs.open_issue_queries import HighRisk, SevereFinding
from portal.oversight.health.fact_rules import HealthFacts
from portal.oversight.health.signal_computation_rules import is_reviewed, is_tested
from portal.platform.kernel.text import format_day as day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.user_tests.findings.labels import SEVERITY_LABELS
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part

LISTED_MAX = 5  # findings and risks that are listed


def build_open_issues_part(
    severe: Sequence[SevereFinding], high: Sequence[HighRisk], facts: HealthFacts | None
) -> ReportPart:
    """What is open and severe; without any, whether anything was looked at yet."""
    points = [_describe_finding(finding) for finding in severe[:LISTED_MAX]] + [
        _describe_risk(risk) for risk in high[:LISTED_MAX]
    ]
    more = max(0, len(severe) - LISTED_MAX) + max(0, len(high) - LISTED_MAX)
    after = []
    if more:
        after.append(ngettext("Et %(num)s autre.", "Et %(num)s autres.", more))
    sentences = [] if points else _list_quiet_sentences(facts)
    return make_report_part(_("Constats graves et risques élevés ouverts"), sentences, points, after=after)


def _list_quiet_sentences(facts: HealthFacts | None) -> list[str]:
    """Where nothing is open: what was looked at, and what was not; nothing to judge is never good news."""
    return [
        _("Aucun constat grave ouvert.")
        if facts and is_tested(facts)
        else _("Constats : pas encore de test."),
        _("Aucun risque élevé ouvert.")
        if facts and is_reviewed(facts)
        else _("Risques : ni risque ouvert ni revue soumise."),
    ]


def _describe_finding(finding: SevereFinding) -> str:
    return _(
        "Constat %(n)s, %(severity)s, depuis le %(day)s : %(what)s",
        n=finding.number,
        severity=lower_first(SEVERITY_LABELS[finding.severity]),
        day=day(finding.since),
        what=finding.description,
    )


def _describe_risk(risk: HighRisk) -> str:
    return _(
        "Risque R%(n)s, élevé (vraisemblance %(a)s sur 4, gravité %(b)s sur 4), noté le %(day)s",
        n=risk.number,
        a=risk.likelihood,
        b=risk.severity,
        day=day(risk.since),
    )
