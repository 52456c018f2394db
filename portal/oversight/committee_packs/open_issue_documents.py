"""The severe findings and the high risks on the page of a team in a pack."""

from collections.abc import Collection, Sequence

from portal.oversight.committee_packs.open_issue_queries import HighRisk, SevereFinding
from portal.oversight.health.definition_rules import SignalCode
from portal.platform.kernel.text import format_day as day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.user_tests.findings.labels import SEVERITY_LABELS
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part

LISTED_MAX = 5  # findings and risks that are listed


def build_open_issues_part(
    severe: Sequence[SevereFinding], high: Sequence[HighRisk], judged_codes: Collection[str]
) -> ReportPart:
    """What is open and severe; without any, whether anything was looked at yet."""
    points = [_describe_finding(finding) for finding in severe[:LISTED_MAX]] + [
        _describe_risk(risk) for risk in high[:LISTED_MAX]
    ]
    more = max(0, len(severe) - LISTED_MAX) + max(0, len(high) - LISTED_MAX)
    after = []
    if more:
        after.append(ngettext("Et %(num)s autre.", "Et %(num)s autres.", more))
    sentences = [] if points else _list_quiet_sentences(judged_codes)
    return make_report_part(_("Constats graves et risques élevés ouverts"), sentences, points, after=after)


def _list_quiet_sentences(judged_codes: Collection[str]) -> list[str]:
    """Where nothing is open: what was looked at, and what was not; nothing to judge is never good news."""
    return [
        quiet if code in judged_codes else never
        for code, quiet, never in (
            (SignalCode.FINDINGS, _("Aucun constat grave ouvert."), _("Constats : pas encore de test.")),
            (
                SignalCode.HIGH_RISK,
                _("Aucun risque élevé ouvert."),
                _("Risques : pas encore de risque noté ni de revue soumise."),
            ),
        )
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
