"""Second half of a round's report: its findings, and the next steps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.user_tests.findings.labels import SEVERITY_LABELS, STATES
from portal.user_tests.findings.models import SEVERE
from portal.user_tests.findings.round_labels import round_findings_title
from portal.user_tests.findings.severity_charts import build_severity_bar_parts
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.reports.queries import ReportedFinding, ReportFacts
from portal.user_tests.rounds.labels import period

FINDINGS_MAX = 10  # findings in the table

ReportPart = dict[str, Any]


def make_report_part(
    title: str,
    says: Sequence[str] = (),
    points: Sequence[str] = (),
    table: tuple[str, Sequence[str], Sequence[Sequence[str]]] | None = None,
    after: Sequence[str] = (),
    *,
    wide: int | Sequence[int] = 0,
    pictures: Mapping[str, Any] | None = None,
) -> ReportPart:
    """Return a part: sentences, pictures, a table (name, columns, rows), bullet points, closing sentences. In
    the PDF, the columns with the indexes `wide` have twice the width of the others."""
    part: ReportPart = {"title": title, "says": list(says), "points": list(points), "after": list(after)}
    part["table"], part["pictures"] = None, pictures
    if table and table[2]:
        name, columns, rows = table
        part["table"] = {
            "name": name,
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "wide": wide,
        }
    return part


def describe_severe_findings(facts: ReportFacts) -> str:
    severe_findings = [reported for reported in facts.findings if (reported.finding.severity or 0) >= SEVERE]
    open_ = sum(reported.state.is_open for reported in severe_findings)
    if not facts.findings:
        return _("Aucun constat n’est noté.")
    if not severe_findings:
        unrated = sum(reported.finding.severity is None for reported in facts.findings)
        return f"{round_findings_title(len(facts.findings), 0, unrated)}."
    count = ngettext("%(num)s constat", "%(num)s constats", len(facts.findings))
    return ngettext(
        "%(count)s, dont %(num)s grave (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        "%(count)s, dont %(num)s graves (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        len(severe_findings),
        count=count,
        open=open_,
    )


def build_problems_part(facts: ReportFacts) -> ReportPart:
    if not facts.findings:
        return make_report_part(_("Ce qui a gêné"), says=[_("Aucun constat n’est noté.")])
    columns = [_("Gravité"), _("Constat"), _("Chez combien"), _("Où on en est")]
    rows = [_build_finding_row(facts, reported) for reported in facts.findings[:FINDINGS_MAX]]
    omitted_count = len(facts.findings) - FINDINGS_MAX
    after = []
    if omitted_count > 0:
        after.append(
            ngettext(
                "Et %(num)s autre constat, de moindre gravité.",
                "Et %(num)s autres constats, de gravité égale ou moindre.",
                omitted_count,
            )
        )
    name = _("Les constats, les plus graves d’abord")
    bars = build_severity_bar_parts(Counter(reported.finding.severity for reported in facts.findings))
    picture = {"title": _("Constats par gravité"), "bars": [asdict(bar) for bar in bars]}
    return make_report_part(
        _("Ce qui a gêné"),
        table=(name, columns, rows),
        after=after,
        wide=1,
        pictures={"shares": picture},
    )


def _build_finding_row(facts: ReportFacts, reported: ReportedFinding) -> list[str]:
    summary = reported.finding.what
    if reported.finding.is_harm:
        summary = _("%(what)s (préjudice possible)", what=summary)
    severity = str(SEVERITY_LABELS[reported.finding.severity])
    return [
        severity,
        summary,
        _describe_session_count(facts, reported.session_count),
        str(STATES[reported.state]),
    ]


def _describe_session_count(facts: ReportFacts, session_count: int) -> str:
    """Return the sessions that showed a finding, of the round’s; of all rounds once purged."""
    if not session_count:
        return _("pas dit")
    if facts.results.is_purged:
        return ngettext("%(num)s séance", "%(num)s séances", session_count)
    return _("%(seen)s sur %(n)s", seen=session_count, n=facts.results.sums.sessions)


def build_next_steps_part(facts: ReportFacts) -> ReportPart:
    points = [
        _describe_item(reported)
        for reported in facts.findings
        if reported.item is not None and reported.state.is_open
    ]
    points += [
        _describe_accepted_finding(reported)
        for reported in facts.findings
        if _is_severe_and_accepted(reported)
    ]
    undecided_count = sum(
        reported.state in {FindingState.OPEN, FindingState.STILL_PRESENT, FindingState.DROPPED}
        and (reported.finding.severity or 0) >= SEVERE
        for reported in facts.findings
    )
    if undecided_count:
        points.append(
            ngettext(
                "%(num)s constat grave attend encore une décision.",
                "%(num)s constats graves attendent encore une décision.",
                undecided_count,
            )
        )
    points.append(_describe_next_round(facts))
    return make_report_part(_("Ce qui change ensuite"), points=points)


def _is_severe_and_accepted(reported: ReportedFinding) -> bool:
    return reported.state is FindingState.ACCEPTED and (reported.finding.severity or 0) >= SEVERE


def _describe_accepted_finding(reported: ReportedFinding) -> str:
    """Return a severe finding that was accepted, with the reason, without the name."""
    finding = reported.finding
    return _("%(what)s : gardé tel quel. %(why)s", what=finding.what.rstrip("."), why=finding.closing_reason)


def _describe_item(reported: ReportedFinding) -> str:
    params = {"what": reported.finding.what, "title": reported.item.title if reported.item else ""}
    if reported.state is FindingState.TO_RETEST:
        return _("%(title)s : c’est fait, à vérifier au prochain test.", **params)
    if reported.state is FindingState.STILL_PRESENT:
        return _("%(title)s : c’est fait, mais le constat se voit encore.", **params)
    if reported.state is FindingState.DROPPED:
        return _("%(title)s : abandonné.", **params)
    if reported.sprint is not None:
        return _("%(title)s : au sprint %(n)s.", n=reported.sprint, **params)
    return _("%(title)s : au carnet, sans sprint encore.", **params)


def _describe_next_round(facts: ReportFacts) -> str:
    next_round = facts.next_round
    if next_round is None:
        return _("Aucun autre test n’est encore prévu.")
    round_ = next_round.round
    params = {"n": round_.number, "version": next_round.version, "title": round_.title}
    when = period(round_)
    if when:
        return _(
            "Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s, %(when)s.",
            when=when,
            **params,
        )
    return _("Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s.", **params)
