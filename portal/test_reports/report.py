"""A round's report, as plain data: the same words on the page and on paper, in either language.

Whoever reads it was not there, and may belong to no team: it says what was tried with whom, what
worked, what got in the way and what changes next, with sums alone. No note of a session, no code
of a participant is ever in it.
"""

from datetime import date
from typing import Any

from portal.kernel.text import gettext as _
from portal.kernel.text import in_language, ngettext
from portal.test_reports.queries import Facts
from portal.test_reports.remedies import Part, in_the_way, part, severe, what_next
from portal.usability import words as figures
from portal.usability.scales import Sus
from portal.user_tests.models import Scale
from portal.user_tests.words import METHODS_IN_SHORT
from portal.web.show import day


def report(facts: Facts, language: str, today: date) -> dict[str, Any]:
    """All of it in one language; findings and tasks are as their team wrote them."""
    with in_language(language):
        of = facts.of
        return {
            "title": _("Test utilisateur : %(title)s", title=of.round.title),
            "language": language,
            "lead": f"{of.project.organisation} – {of.project.title}",
            "foot": _foot(facts, today),
            "parts": [
                _in_short(facts),
                _tried(facts),
                _worked(facts),
                in_the_way(facts),
                what_next(facts),
                _how_to_read(facts, today),
            ],
        }


def _foot(facts: Facts, today: date) -> str:
    of = facts.of
    foot = _(
        "%(name)s, série %(n)s, version %(version)s, état au %(day)s",
        name=of.project.short_name,
        n=of.round.number,
        version=of.version.number,
        day=day(today),
    )
    if not of.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : ce test n’a pas eu lieu.", foot=foot)


def _in_short(facts: Facts) -> Part:
    points = [_who_came(facts)]
    primary = next((task for task in facts.tasks if task.is_primary), None)
    if primary is not None:
        known = facts.known.of_task(primary.id)
        told = figures.completion(known.completion, helped=known.helped)
        points.append(
            _("Tâche principale, « %(task)s » : %(told)s", task=primary.title, told=_lower(told))
        )
    if facts.of.round.scale is not Scale.NONE:
        points.append(_scale(facts))
    points.append(severe(facts))
    return part(_("En bref"), points=points)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _who_came(facts: Facts) -> str:
    sums, version = facts.known.sums, facts.of.version.number
    if not sums.sessions:
        return _("Personne n’a encore essayé la version %(version)s.", version=version)
    when = ""
    if sums.first_on and sums.last_on:
        when = (
            _(" le %(day)s", day=day(sums.first_on))
            if sums.first_on == sums.last_on
            else _(" du %(first)s au %(last)s", first=day(sums.first_on), last=day(sums.last_on))
        )
    return ngettext(
        "%(num)s participant a essayé la version %(version)s du prototype%(when)s.",
        "%(num)s participants ont essayé la version %(version)s du prototype%(when)s.",
        sums.sessions,
        version=version,
        when=when,
    )


def _scale(facts: Facts) -> str:
    found = facts.known.of_scale(facts.of.round.scale)
    if facts.of.round.scale is Scale.UMUX_LITE:
        return figures.umux_lite(None if isinstance(found, Sus) else found)
    return figures.sus(found if isinstance(found, Sus) else None)


def _tried(facts: Facts) -> Part:
    round_, version = facts.of.round, facts.of.version
    says = [
        _(
            "Version %(n)s du prototype, sortie le %(day)s. Façon de faire : %(method)s.",
            n=version.number,
            day=day(version.released_on),
            method=METHODS_IN_SHORT[round_.method],
        )
    ]
    if version.changes:
        says.append(_("Ce que cette version apporte : %(changes)s", changes=version.changes))
    if round_.hypotheses:
        says.append(_("Ce que l’on voulait savoir : %(text)s", text=round_.hypotheses))
    columns = [_("Public"), _("Participants visés"), _("Participants venus")]
    return part(
        _("Ce qui a été essayé, et avec qui"),
        says=says,
        table=(_("Participants par public"), columns, _groups(facts)),
        after=[_access(facts)],
    )


def _groups(facts: Facts) -> list[list[str]]:
    came = dict(facts.known.sums.groups)
    rows = [
        [
            aim.group.name,
            "—" if aim.wanted is None else str(aim.wanted),
            str(came.pop(aim.group.id, 0)),
        ]
        for aim in facts.aims
    ]
    others = sum(came.values())
    return [*rows, [_("Autres"), "—", str(others)]] if others else rows


def _access(facts: Facts) -> str:
    row = facts.of.round
    if row.access_needs is None:
        return _("Personne n’a dit si un participant avait un besoin d’accessibilité.")
    if row.access_needs:
        return ngettext(
            "%(num)s participant avait un besoin d’accessibilité.",
            "%(num)s participants avaient un besoin d’accessibilité.",
            row.access_needs,
        )
    return _(
        "Aucun participant n’avait de besoin d’accessibilité : %(why)s", why=row.no_access_needs
    )


def _worked(facts: Facts) -> Part:
    columns = [
        _("Tâche"),
        _("Réussite sans aide"),
        _("Durée de qui réussit seul"),
        _("Facilité, de 1 à 7"),
    ]
    rows, says = [], []
    for task in facts.tasks:
        known = facts.known.of_task(task.id)
        rows.append(
            [
                _("T%(n)s. %(title)s", n=task.number, title=task.title),
                figures.completion_in_short(known.completion),
                figures.duration_in_short(known.time),
                figures.score_in_short(known.ease),
            ]
        )
        told = figures.completion(known.completion, helped=known.helped)
        says.append(_("T%(n)s : %(told)s", n=task.number, told=_lower(told)))
    if facts.of.round.scale is not Scale.NONE:
        says.append(_scale(facts))
    if facts.gone:
        says.append(
            ngettext(
                "%(num)s constat d’une version précédente a disparu.",
                "%(num)s constats de versions précédentes ont disparu.",
                facts.gone,
            )
        )
    return part(
        _("Ce qui a marché"),
        points=says,
        table=(_("Les tâches, chacune avec son intervalle de confiance à 95 %"), columns, rows),
    )


def _how_to_read(facts: Facts, today: date) -> Part:
    of, sums = facts.of, facts.known.sums
    says = [
        figures.about_intervals(),
        ngettext(
            "Ce rapport dit l’état du %(day)s : série %(round)s, version %(version)s, n = %(num)s.",
            "Ce rapport dit l’état du %(day)s : série %(round)s, version %(version)s, n = %(num)s.",
            sums.sessions,
            day=day(today),
            round=of.round.number,
            version=of.version.number,
        ),
    ]
    if of.round.ended_on is None:
        says.append(_("La série n’est pas terminée : ces chiffres peuvent encore changer."))
    if facts.known.is_purged:
        says.append(
            _(
                "Les séances ont été effacées au terme de leur durée de conservation ; leurs sommes"
                " restent."
            )
        )
    return part(_("Comment lire ces chiffres"), says=says)
