"""A final report as plain data, rendered alike as a page and as a PDF.

Headings are the criteria by which the first teams of the programme were judged: user tests,
maturity of the AI, effects on the work (numerique.gouv.fr, 2018).
"""

from datetime import date
from typing import Any

from portal.oversight.final_reports import part_documents
from portal.oversight.final_reports.queries import FinalReportFacts
from portal.oversight.gates import labels as gates
from portal.oversight.gates.state_rules import sum_progress
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext, using_language
from portal.platform.web.template_filters import day
from portal.project.projects.models import ProjectState
from portal.sprints.prototypes.labels import verdict_sentence
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part
from portal.user_tests.statistics import labels as figures


def build_report(facts: FinalReportFacts, language: str, today: date) -> dict[str, Any]:
    """Return the report in one language; texts by teams and panels are not translated."""
    with using_language(language):
        project = facts.project
        return {
            "title": _("Rapport de fin d’accompagnement : %(title)s", title=project.title),
            "language": language,
            "lead": f"{project.organisation} – {facts.programme.name}",
            "foot": _build_footer(facts, today),
            "parts": [
                _build_summary_part(facts),
                part_documents.build_user_tests_part(facts),
                part_documents.build_maturity_part(facts),
                part_documents.build_impact_part(facts),
                part_documents.build_gates_part(facts),
                part_documents.build_outcome_part(facts),
                part_documents.build_handover_part(facts),
                _build_reading_guide_part(facts, today),
            ],
        }


def _build_footer(facts: FinalReportFacts, today: date) -> str:
    foot = _("%(name)s, état au %(day)s", name=facts.project.short_name, day=day(today))
    if not facts.programme.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : tout est inventé, sauf l’organisme.", foot=foot)


def _build_summary_part(facts: FinalReportFacts) -> ReportPart:
    points = [_describe_state(facts), f"{gates.progress(sum_progress(facts.states))}."]
    if facts.tests:
        participants = sum(reported_round.results.sums.sessions for reported_round in facts.tests)
        points.append(
            ngettext(
                "%(num)s participation aux tests, dont la dernière série sur la version %(n)s.",
                "%(num)s participations aux tests, dont la dernière série sur la version %(n)s.",
                participants,
                n=facts.tests[-1].versioned_round.version,
            )
        )
    else:
        points.append(_("Personne n’a encore essayé le prototype."))
    if facts.latest.run and facts.latest.protocol:
        points.append(verdict_sentence(facts.latest.protocol, facts.latest.run))
    if facts.panel is not None:
        points.append(f"{gates.OUTCOMES[facts.panel.outcome]}.")
    return make_report_part(_("En bref"), points=points)


def _describe_state(facts: FinalReportFacts) -> str:
    project = facts.project
    dates = {"first": day(project.starts_on), "last": day(project.ends_on)}
    if project.state is ProjectState.STOPPED and project.stopped_on:
        return _(
            "Accompagné depuis le %(first)s, arrêté le %(day)s : ce qui a été appris reste.",
            first=dates["first"],
            day=day(project.stopped_on),
        )
    if project.state is ProjectState.FINISHED and project.finished_on:
        return _(
            "Accompagné depuis le %(first)s, allé à son terme le %(day)s.",
            first=dates["first"],
            day=day(project.finished_on),
        )
    return _("Accompagnement en cours, du %(first)s au %(last)s.", **dates)


def _build_reading_guide_part(facts: FinalReportFacts, today: date) -> ReportPart:
    sentences = [figures.intervals_explanation(), _("Ce rapport dit l’état du %(day)s.", day=day(today))]
    if facts.project.state in {ProjectState.ACTIVE, ProjectState.PAUSED}:
        sentences.append(_("L’accompagnement n’est pas terminé : tout ceci peut encore changer."))
    return make_report_part(_("Comment lire ces chiffres"), says=sentences)
