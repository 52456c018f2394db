"""An end-of-support report as plain data: the same words on the page and on paper.

Its headings are those by which the programme's first teams were judged: what users' tests said, how
mature the AI is, what it changes for the trade (numerique.gouv.fr, 2018).
"""

from datetime import date
from typing import Any

from portal.gates import words as gates
from portal.gates.standing import numbers
from portal.kernel.text import gettext as _
from portal.kernel.text import in_language, ngettext
from portal.outcomes import chapters
from portal.outcomes.queries import Facts
from portal.projects.models import ProjectState
from portal.prototypes.words import verdict
from portal.test_reports.remedies import Part, part
from portal.usability import words as figures
from portal.web.show import day


def report(facts: Facts, language: str, today: date) -> dict[str, Any]:
    """All of it in one language; what teams and panels wrote stands as they wrote it."""
    with in_language(language):
        project = facts.project
        return {
            "title": _("Rapport de fin d’accompagnement : %(title)s", title=project.title),
            "language": language,
            "lead": f"{project.organisation} – {facts.programme.name}",
            "foot": _foot(facts, today),
            "parts": [
                _in_short(facts),
                chapters.tests(facts),
                chapters.maturity(facts),
                chapters.impact(facts),
                chapters.gates(facts),
                chapters.outcome(facts),
                chapters.handover(facts),
                _how_to_read(facts, today),
            ],
        }


def _foot(facts: Facts, today: date) -> str:
    foot = _("%(name)s, état au %(day)s", name=facts.project.short_name, day=day(today))
    if not facts.programme.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : tout est inventé, sauf l’organisme.", foot=foot)


def _in_short(facts: Facts) -> Part:
    points = [_state(facts), f"{gates.progress(numbers(facts.states))}."]
    if facts.tests:
        came = sum(one.known.sums.sessions for one in facts.tests)
        points.append(
            ngettext(
                "%(num)s participation aux tests, dont la dernière série sur la version %(n)s.",
                "%(num)s participations aux tests, dont la dernière série sur la version %(n)s.",
                came,
                n=facts.tests[-1].tried.version,
            )
        )
    else:
        points.append(_("Personne n’a encore essayé le prototype."))
    if facts.latest.run and facts.latest.protocol:
        points.append(verdict(facts.latest.protocol, facts.latest.run))
    if facts.panel is not None:
        points.append(f"{gates.OUTCOMES[facts.panel.outcome]}.")
    return part(_("En bref"), points=points)


def _state(facts: Facts) -> str:
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


def _how_to_read(facts: Facts, today: date) -> Part:
    says = [figures.about_intervals(), _("Ce rapport dit l’état du %(day)s.", day=day(today))]
    if facts.project.state in {ProjectState.ACTIVE, ProjectState.PAUSED}:
        says.append(_("L’accompagnement n’est pas terminé : tout ceci peut encore changer."))
    return part(_("Comment lire ces chiffres"), says=says)
