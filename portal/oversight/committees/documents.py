"""The record of decisions of a committee as plain data: the source of its page and its PDF."""

from collections.abc import Sequence
from typing import Any

from portal.collaboration.search.markdown_rules import strip_markdown
from portal.oversight.committees.labels import (
    describe_answer,
    describe_no_decision,
    gate_decisions_in_brief,
    meeting_time,
)
from portal.oversight.committees.models import Committee
from portal.oversight.committees.queries import AgendaGroup
from portal.oversight.committees.record_queries import CommitteeRecord, RecordedDecision
from portal.oversight.decisions.labels import OUTCOMES, outcome_label
from portal.oversight.decisions.models import DecisionOutcome
from portal.oversight.decisions.rules import first_line
from portal.people.programmes.models import Programme
from portal.platform.kernel.clock import day_of
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, ngettext, using_language
from portal.platform.web.template_filters import day
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part

NO_BREAK_SPACE = "\u00a0"


def build_record(
    programme: Programme,
    committee: Committee,
    record: CommitteeRecord,
    agenda: Sequence[AgendaGroup],
    language: str,
) -> dict[str, Any]:
    """Return the record in one language; questions and answers are not translated."""
    with using_language(language):
        name = in_reader_language(programme.name_fr, programme.name_en)
        held_on = day(committee.held_on)
        return {
            "title": _("Relevé de décisions du comité du %(day)s", day=held_on.replace(" ", NO_BREAK_SPACE)),
            "language": language,
            "lead": name,
            "foot": _build_footer(programme, name, committee, record),
            "parts": [
                _build_place_part(committee),
                _build_members_part(committee),
                _build_agenda_part(committee, record, agenda),
                *_build_answered_decisions_part(record),
                *_build_changes_part(record),
                *_build_gates_part(record),
                _build_awaited_decisions_part(record),
            ],
        }


def _build_footer(programme: Programme, name: str, committee: Committee, record: CommitteeRecord) -> str:
    at = day(day_of(record.moment))
    foot = (
        _("%(name)s, relevé arrêté le %(day)s", name=name, day=at)
        if committee.closed_at
        else _("%(name)s, relevé provisoire au %(day)s", name=name, day=at)
    )
    if not programme.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : tout est inventé, sauf les organismes.", foot=foot)


def _build_place_part(committee: Committee) -> ReportPart:
    return make_report_part(
        _("Date et lieu"), [text for text in (meeting_time(committee), committee.place) if text]
    )


def _build_members_part(committee: Committee) -> ReportPart:
    members = [text for line in committee.members.splitlines() if (text := strip_markdown(line).strip())]
    return make_report_part(_("Membres"), [] if members else [_("Pas encore notés.")], members)


def _build_agenda_part(
    committee: Committee, record: CommitteeRecord, agenda: Sequence[AgendaGroup]
) -> ReportPart:
    discussed = [
        _describe_discussed_decision(each) for each in record.list_discussed_decisions(committee.held_on)
    ]
    groups = [
        _(
            "%(who)s : %(what)s",
            who=group.title,
            what=", ".join(dict.fromkeys(line.team for line in group.lines)),
        )
        for group in agenda
    ]
    text = [strip_markdown(committee.agenda)] if committee.agenda else []
    points = [*discussed, *groups]
    return make_report_part(
        _("Ordre du jour"), text if text or points else [_("Rien n’était à décider.")], points
    )


def _describe_discussed_decision(decision: RecordedDecision) -> str:
    """What a team asked, with its answer where it has one."""
    question = first_line(decision.question)
    subject = f"{question} ({answer})" if (answer := describe_answer(decision)) else question
    return _("%(who)s : %(what)s", who=decision.project.short_name, what=subject)


def _build_answered_decisions_part(record: CommitteeRecord) -> Sequence[ReportPart]:
    """Questions that were answered; without any, that nothing was decided, unless requests were."""
    title = _("Décisions prises")
    if not record.answered:
        none = [describe_no_decision(record) or _("Aucune.")]
        return () if record.changes else [make_report_part(title, none)]
    columns = [_("Équipe"), _("Ce qui était demandé"), _("Décision"), _("Réponse"), _("Le")]
    rows = [_build_decision_row(decision) for decision in record.answered]
    table = (_("Décisions prises, dans leur ordre"), columns, rows)
    return [make_report_part(title, table=table, wide=(1, 3))]


def _build_decision_row(decision: RecordedDecision) -> list[str]:
    answered_on = day(day_of(decision.answered_at)) if decision.answered_at else "—"
    outcome = str(outcome_label(decision.outcome, is_help=decision.is_help)) if decision.outcome else "—"
    answer = strip_markdown(decision.answer)
    return [decision.project.short_name, first_line(decision.question), outcome, answer, answered_on]


def _build_changes_part(record: CommitteeRecord) -> Sequence[ReportPart]:
    """What was decided and when; never the reasons, which may name amounts: observers read records."""
    if not record.changes:
        return ()
    title = _("Demandes de modification décidées")
    columns = [_("Équipe"), _("Ce qui était demandé"), _("Décision"), _("Le")]
    rows = [
        [
            each.project.short_name,
            each.title,
            str(OUTCOMES[DecisionOutcome(each.outcome)]),
            day(day_of(each.decision.created_at)),
        ]
        for each in record.changes
    ]
    table = (_("Décisions sur les demandes de modification, dans leur ordre"), columns, rows)
    return [make_report_part(title, table=table, wide=1)]


def _build_gates_part(record: CommitteeRecord) -> Sequence[ReportPart]:
    if not record.gates:
        return ()
    rows = [[team.project.short_name, gate_decisions_in_brief(team.verbs)] for team in record.gates]
    table = (_("Dernière décision sur chaque jalon"), [_("Équipe"), _("Jalons")], rows)
    return [make_report_part(_("Jalons décidés"), table=table, wide=1)]


def _build_awaited_decisions_part(record: CommitteeRecord) -> ReportPart:
    title = _("Ce qui reste attendu")
    points = [
        _(
            "%(who)s : %(what)s (demandé le %(day)s)",
            who=decision.project.short_name,
            what=first_line(decision.question),
            day=day(day_of(decision.asked_at)),
        )
        for decision in record.awaited
    ]
    if not points:
        return make_report_part(title, [_("Rien.")])
    count = ngettext("%(num)s décision.", "%(num)s décisions.", len(points))
    return make_report_part(title, [count], points)
