"""What got in people's way in a round, and what changes next: the second half of its report."""

from collections.abc import Sequence
from typing import Any

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.user_tests.findings.labels import SEVERITY_LABELS, STATES
from portal.user_tests.findings.models import SEVERE
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.reports.queries import ReportedFinding, ReportFacts
from portal.user_tests.rounds.labels import period

FINDINGS_MAX = 10  # findings that are told one by one

ReportPart = dict[str, Any]


def make_part(
    title: str,
    says: Sequence[str] = (),
    points: Sequence[str] = (),
    table: tuple[str, Sequence[str], Sequence[Sequence[str]]] | None = None,
    after: Sequence[str] = (),
    *,
    wide: int = 0,
) -> ReportPart:
    """A chapter: sentences, a table (its name, its columns, its rows), points, sentences. On paper
    the column `wide` has twice the room of another."""
    chapter: ReportPart = {
        "title": title,
        "says": list(says),
        "points": list(points),
        "after": list(after),
    }
    chapter["table"] = None
    if table and table[2]:
        name, columns, rows = table
        chapter["table"] = {
            "name": name,
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "wide": wide,
        }
    return chapter


def severe_findings_sentence(facts: ReportFacts) -> str:
    graves = [reported for reported in facts.findings if (reported.finding.severity or 0) >= SEVERE]
    open_ = sum(reported.state.is_open for reported in graves)
    if not facts.findings:
        return _("Aucun constat n’est noté.")
    if not graves:
        return ngettext(
            "%(num)s constat, aucun de grave.",
            "%(num)s constats, aucun de grave.",
            len(facts.findings),
        )
    count = ngettext("%(num)s constat", "%(num)s constats", len(facts.findings))
    return ngettext(
        "%(count)s, dont %(num)s grave (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        "%(count)s, dont %(num)s graves (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        len(graves),
        count=count,
        open=open_,
    )


def problems_part(facts: ReportFacts) -> ReportPart:
    if not facts.findings:
        return make_part(_("Ce qui a gêné"), says=[_("Aucun constat n’est noté.")])
    columns = [_("Gravité"), _("Constat"), _("Chez combien"), _("Où on en est")]
    rows = [_finding(facts, reported) for reported in facts.findings[:FINDINGS_MAX]]
    rest = len(facts.findings) - FINDINGS_MAX
    after = []
    if rest > 0:
        after.append(
            ngettext(
                "Et %(num)s autre constat, de moindre gravité.",
                "Et %(num)s autres constats, de gravité égale ou moindre.",
                rest,
            )
        )
    name = _("Les constats, les plus graves d’abord")
    return make_part(_("Ce qui a gêné"), table=(name, columns, rows), after=after, wide=1)


def _finding(facts: ReportFacts, reported: ReportedFinding) -> list[str]:
    summary = reported.finding.what
    if reported.finding.is_harm:
        summary = _("%(what)s (préjudice possible)", what=summary)
    severity = str(SEVERITY_LABELS[reported.finding.severity])
    return [
        severity,
        summary,
        _session_count_label(facts, reported.session_count),
        str(STATES[reported.state]),
    ]


def _session_count_label(facts: ReportFacts, session_count: int) -> str:
    """Of the round's participants, or of sessions once they are purged: then no round is known."""
    if not session_count:
        return _("pas dit")
    if facts.results.is_purged:
        return ngettext("%(num)s séance", "%(num)s séances", session_count)
    return _("%(seen)s sur %(n)s", seen=session_count, n=facts.results.sums.sessions)


def next_steps_part(facts: ReportFacts) -> ReportPart:
    points = [
        _item(reported)
        for reported in facts.findings
        if reported.item is not None and reported.state.is_open
    ]
    points += [_accepted_text(reported) for reported in facts.findings if _is_accepted(reported)]
    decide = sum(
        reported.state in {FindingState.OPEN, FindingState.STILL_PRESENT, FindingState.DROPPED}
        and (reported.finding.severity or 0) >= SEVERE
        for reported in facts.findings
    )
    if decide:
        points.append(
            ngettext(
                "%(num)s constat grave attend encore une décision.",
                "%(num)s constats graves attendent encore une décision.",
                decide,
            )
        )
    points.append(_after(facts))
    return make_part(_("Ce qui change ensuite"), points=points)


def _is_accepted(reported: ReportedFinding) -> bool:
    return reported.state is FindingState.ACCEPTED and (reported.finding.severity or 0) >= SEVERE


def _accepted_text(reported: ReportedFinding) -> str:
    """What is severe and stays, with why; who said so is on the finding's own page."""
    finding = reported.finding
    return _(
        "%(what)s : gardé tel quel. %(why)s",
        what=finding.what.rstrip("."),
        why=finding.closing_reason,
    )


def _item(reported: ReportedFinding) -> str:
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


def _after(facts: ReportFacts) -> str:
    after = facts.next_round
    if after is None:
        return _("Aucun autre test n’est encore prévu.")
    params = {"n": after.round.number, "version": after.version, "title": after.round.title}
    when = period(after.round)
    if when:
        return _(
            "Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s, %(when)s.",
            when=when,
            **params,
        )
    return _("Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s.", **params)
