"""A round's report as plain data, for the page and the PDF, in French or English.

Its readers may belong to no team: it holds sums only, never a note of a session or the code of a
participant.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext, using_language
from portal.platform.web.template_filters import day
from portal.user_tests.reports.finding_documents import (
    ReportPart,
    build_next_steps_part,
    build_problems_part,
    describe_severe_findings,
    make_report_part,
)
from portal.user_tests.reports.queries import ReportFacts
from portal.user_tests.rounds.labels import METHODS_IN_SHORT
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.result_charts import draw_scale, draw_tasks
from portal.user_tests.statistics import labels as statistics_labels
from portal.user_tests.statistics.scale_rules import SusResult


def build_report(facts: ReportFacts, language: str, today: date) -> dict[str, Any]:
    """Return the report in one language; findings and tasks stay as their team wrote them."""
    with using_language(language):
        subject = facts.subject
        return {
            "title": _("Test utilisateur : %(title)s", title=subject.round.title),
            "language": language,
            "lead": f"{subject.project.organisation} – {subject.project.title}",
            "foot": _build_footer(facts, today),
            "parts": [
                _build_summary_part(facts),
                _build_setup_part(facts),
                _build_results_part(facts),
                build_problems_part(facts),
                build_next_steps_part(facts),
                _build_reading_guide_part(facts, today),
            ],
        }


def _build_footer(facts: ReportFacts, today: date) -> str:
    subject = facts.subject
    foot = _(
        "%(name)s, série %(n)s, version %(version)s, état au %(day)s",
        name=subject.project.short_name,
        n=subject.round.number,
        version=subject.version.number,
        day=day(today),
    )
    if not subject.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : ce test n’a pas eu lieu.", foot=foot)


def _build_summary_part(facts: ReportFacts) -> ReportPart:
    points = [_describe_participation(facts)]
    primary = next((task for task in facts.tasks if task.is_primary), None)
    if primary is not None:
        task_figures = facts.results.of_task(primary.id)
        completion_text = statistics_labels.completion_sentence(
            task_figures.completion, helped=task_figures.helped
        )
        points.append(
            _(
                "Tâche principale, « %(task)s » : %(completion)s",
                task=primary.title,
                completion=lower_first(completion_text),
            )
        )
    if facts.subject.round.scale is not RoundScale.NONE:
        points.append(_describe_scale_score(facts))
    points.append(describe_severe_findings(facts))
    return make_report_part(_("En bref"), points=points)


def _describe_participation(facts: ReportFacts) -> str:
    sums, version = facts.results.sums, facts.subject.version.number
    if not sums.sessions:
        return _("Personne n’a encore essayé la version %(version)s.", version=version)
    when = ""
    if sums.first_on and sums.last_on:
        when = (
            _(" (séances le %(day)s)", day=day(sums.first_on))
            if sums.first_on == sums.last_on
            else _(" (séances du %(first)s au %(last)s)", first=day(sums.first_on), last=day(sums.last_on))
        )
    return ngettext(
        "%(num)s participant a essayé la version %(version)s du prototype%(when)s.",
        "%(num)s participants ont essayé la version %(version)s du prototype%(when)s.",
        sums.sessions,
        version=version,
        when=when,
    )


def _describe_scale_score(facts: ReportFacts) -> str:
    figure = facts.results.of_scale(facts.subject.round.scale)
    if facts.subject.round.scale is RoundScale.UMUX_LITE:
        return statistics_labels.umux_lite_sentence(None if isinstance(figure, SusResult) else figure)
    return statistics_labels.sus_sentence(figure if isinstance(figure, SusResult) else None)


def _build_setup_part(facts: ReportFacts) -> ReportPart:
    round_, version = facts.subject.round, facts.subject.version
    sentences = [
        _(
            "Version %(n)s du prototype, sortie le %(day)s. Façon de faire : %(method)s.",
            n=version.number,
            day=day(version.released_on),
            method=METHODS_IN_SHORT[round_.method],
        )
    ]
    if version.changes:
        sentences.append(_("Ce que cette version apporte : %(changes)s", changes=version.changes))
    if round_.hypotheses:
        sentences.append(_("Hypothèses de cette série\u00a0: %(text)s", text=round_.hypotheses))
    columns = [_("Public"), _("Participants visés"), _("Participants venus")]
    return make_report_part(
        _("Ce qui a été essayé, et avec qui"),
        says=sentences,
        table=(_("Participants par public"), columns, _build_group_rows(facts)),
        after=[_describe_access_needs(facts)],
    )


def _build_group_rows(facts: ReportFacts) -> list[list[str]]:
    participants = dict(facts.results.sums.groups)
    rows = [
        [
            aim.group.name,
            "—" if aim.participant_goal is None else str(aim.participant_goal),
            str(participants.pop(aim.group.id, 0)),
        ]
        for aim in facts.aims
    ]
    others = sum(participants.values())
    return [*rows, [_("Autres"), "—", str(others)]] if others else rows


def _describe_access_needs(facts: ReportFacts) -> str:
    row = facts.subject.round
    if row.access_needs is None:
        return _("Personne n’a dit si un participant avait un besoin d’accessibilité.")
    if row.access_needs:
        return ngettext(
            "%(num)s participant avait un besoin d’accessibilité.",
            "%(num)s participants avaient un besoin d’accessibilité.",
            row.access_needs,
        )
    return _("Aucun participant n’avait de besoin d’accessibilité : %(why)s", why=row.no_access_needs)


def _build_results_part(facts: ReportFacts) -> ReportPart:
    columns = [
        _("Tâche"),
        _("Réussite sans aide"),
        _("Durée des réussites sans aide"),
        _("Facilité, de 1 à 7"),
    ]
    rows, sentences = [], []
    for task in facts.tasks:
        task_figures = facts.results.of_task(task.id)
        rows.append(
            [
                _("T%(n)s. %(title)s", n=task.number, title=task.title),
                statistics_labels.completion_in_short(task_figures.completion),
                statistics_labels.duration_in_short(task_figures.time),
                statistics_labels.score_in_short(task_figures.ease),
            ]
        )
    if facts.disappeared_count:
        sentences.append(
            ngettext(
                "%(num)s constat d’une version précédente a disparu.",
                "%(num)s constats de versions précédentes ont disparu.",
                facts.disappeared_count,
            )
        )
    return make_report_part(
        _("Ce qui a marché"),
        points=sentences,
        pictures=_build_result_pictures(facts),
        table=(_("Les tâches, chacune avec son intervalle de confiance à 95 %"), columns, rows),
    )


def _build_result_pictures(facts: ReportFacts) -> dict[str, Any]:
    """Return the pictures of the round’s own page as plain data."""
    tasks = draw_tasks([(task, facts.results.of_task(task.id)) for task in facts.tasks])
    scale = draw_scale(facts.results.of_scale(facts.subject.round.scale))
    return {"tasks": tasks and asdict(tasks), "scale": scale and asdict(scale)}


def _build_reading_guide_part(facts: ReportFacts, today: date) -> ReportPart:
    subject, sums = facts.subject, facts.results.sums
    sentences = [
        statistics_labels.intervals_explanation(),
        ngettext(
            "Ce rapport dit l’état du %(day)s : série %(round)s, version %(version)s, n = %(num)s.",
            "Ce rapport dit l’état du %(day)s : série %(round)s, version %(version)s, n = %(num)s.",
            sums.sessions,
            day=day(today),
            round=subject.round.number,
            version=subject.version.number,
        ),
    ]
    if subject.round.ended_on is None:
        sentences.append(_("La série n’est pas terminée : ces chiffres peuvent encore changer."))
    if facts.results.is_purged:
        sentences.append(
            _(
                "Les séances ont été effacées au terme de leur durée de conservation ; leurs chiffres"
                " d’ensemble restent."
            )
        )
    return make_report_part(_("Comment lire ces chiffres"), says=sentences)
