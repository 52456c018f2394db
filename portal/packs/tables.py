"""A team's page, as plain data: what is wrong, what is next, what was shown."""

from typing import Any

from portal.findings.words import IN_SHORT
from portal.gates import words as gates
from portal.gates.policy import ACCEPTORS
from portal.gates.standing import State, numbers
from portal.health.forecast import Forecast
from portal.health.models import Said
from portal.health.standing import State as Health
from portal.health.words import LEVELS, OUTLOOKS_IN_SHORT, SAID, expected, method, why
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.kernel.text import in_reader_language, ngettext
from portal.packs.figures import High, Named, Severe, Team
from portal.projects.models import ProjectState
from portal.projects.words import STATES
from portal.sprints.models import Blocker, Outcome
from portal.sprints.words import BLOCKERS, OUTCOMES
from portal.test_reports.remedies import Part, part
from portal.usability.completion import completion
from portal.usability.words import completion_in_short
from portal.web.show import day

TOP = 5  # findings and risks that are told one by one

Content = dict[str, Any]


def short_name(named: Named) -> str:
    return named.acronym or named.organisation


def state(health: Health) -> str:
    """How it is going, or that it no longer does."""
    if health.facts.goes_on:
        return str(LEVELS[health.level][0])
    return str(STATES[ProjectState(health.facts.state)])


def page(team: Team) -> Content:
    named = team.named
    title = in_reader_language(named.title_fr, named.title_en or named.title_fr)
    return {
        "project": named.slug,
        "title": short_name(named),
        "lead": title if named.acronym == "" else f"{named.organisation} – {title}",
        "parts": [_health(team), _decision(team), _open(team), _gates(team), _news(team)],
    }


def _health(team: Team) -> Part:
    health = team.health
    if health is None:
        return part(_("Santé"), says=[_("Rien n’était encore connu de ce projet.")])
    says = [state(health), *_end(team.named, health)]
    if health.weather is not None:
        says.append(
            _(
                "Météo déclarée par l’équipe le %(day)s : %(outlook)s. %(told)s",
                day=day(clock.day_of(health.weather.at)),
                outlook=str(OUTLOOKS_IN_SHORT[health.weather.outlook]).lower(),
                told=health.weather.sentence,
            )
        )
    if health.override is not None and health.override.level is not Said.NOTHING:
        says.append(
            _(
                "La direction du programme dit : %(level)s, jusqu’au %(until)s. %(text)s",
                level=str(SAID[health.override.level]).lower(),
                until=day(health.override.until),
                text=health.override.text,
            )
        )
    return part(_("Santé"), says=says, points=[_reason(one, health) for one in health.reasons])


def _end(named: Named, health: Health) -> list[str]:
    """An honourable outcome: why, and what it taught."""
    if health.facts.state != ProjectState.STOPPED:
        return []
    said = []
    if named.stop_reason:
        said.append(_("Pourquoi le projet s’est arrêté : %(why)s", why=named.stop_reason))
    if named.learnings:
        said.append(_("Ce que l’équipe a appris : %(what)s", what=named.learnings))
    return said


def _reason(signal: Any, health: Health) -> str:
    since = signal.since(health.day)
    said = why(signal, health)
    return said if since is None else _("%(said)s (depuis le %(day)s)", said=said, day=day(since))


def _decision(team: Team) -> Part:
    """What its last log awaits of the programme, and the gates it asked for."""
    points = []
    goes_on = team.health is not None and team.health.facts.goes_on
    last = team.health.facts.work.last if team.health else None
    if goes_on and last and last.decision_awaited:
        points.append(last.decision_awaited)
    points += [
        _(
            "%(gate)s : demandé, attend l’avis de : %(who)s",
            gate=gates.title(one.definition),
            who=str(ACCEPTORS[one.definition.terms.acceptor]).lower(),
        )
        for one in team.gates
        if goes_on and one.is_asked
    ]
    return part(_("Décision attendue"), [] if points else [_("Aucune.")], points)


def _open(team: Team) -> Part:
    points = [_finding(one) for one in team.severe[:TOP]] + [_risk(one) for one in team.high[:TOP]]
    more = max(0, len(team.severe) - TOP) + max(0, len(team.high) - TOP)
    after = []
    if more:
        after.append(ngettext("Et %(num)s autre.", "Et %(num)s autres.", more))
    says = [] if points else [_("Ni constat grave, ni risque élevé ouvert.")]
    return part(_("Constats graves et risques élevés ouverts"), says, points, after=after)


def _finding(one: Severe) -> str:
    return _(
        "Constat %(n)s, %(severity)s, depuis le %(day)s : %(what)s",
        n=one.number,
        severity=str(IN_SHORT[one.severity]).lower(),
        day=day(one.since),
        what=one.what,
    )


def _risk(one: High) -> str:
    return _(
        "Risque R%(n)s, élevé (vraisemblance %(a)s sur 4, gravité %(b)s sur 4), noté le %(day)s",
        n=one.number,
        a=one.likelihood,
        b=one.severity,
        day=day(one.since),
    )


def _gates(team: Team) -> Part:
    columns = [_("Jalon"), _("État"), _("Preuves"), _("Attendu")]
    rows = [
        [gates.title(one.definition), _standing(one), gates.met(one), gates.due(one.definition)]
        for one in team.gates
    ]
    stale = [
        _(
            "G%(n)s est périmé : %(why)s",
            n=one.definition.number,
            why=", ".join(gates.cause(each) for each in one.stale),
        )
        for one in team.gates
        if one.stale
    ]
    waived = [
        _("G%(n)s : dispense. %(why)s", n=one.definition.number, why=one.waiver.reason)
        for one in team.gates
        if one.waiver is not None
    ]
    says = [f"{gates.progress(numbers(team.gates))}."]
    if team.forecast:
        says.append(_last_gate(team.forecast[-1]))
    table = (_("État de chaque jalon"), columns, rows)
    return part(_("Jalons"), says, [*stale, *waived], table)


def _last_gate(one: Forecast) -> str:
    """A range with how it was found, never a bare date."""
    return _(
        "Jalon G%(n)s attendu %(when)s (%(how)s).",
        n=one.number,
        when=expected(one, day),
        how=method(one),
    )


def _standing(one: State) -> str:
    said = str(gates.STANDINGS[one.standing])
    return _("%(standing)s, demandé", standing=said) if one.is_asked else said


def _news(team: Team) -> Part:
    points = []
    facts = team.health.facts if team.health else None
    if facts and facts.work.last:
        points.append(_sprint(facts.work.last))
    else:
        points.append(_("Aucun sprint n’est clos."))
    if team.shown is None:
        points.append(_("Aucune démonstration n’est notée."))
    else:
        points.append(_demonstration(team))
    if facts and facts.tests.last_on:
        points.append(_tests(facts.tests))
    else:
        points.append(_("Aucun test avec des utilisateurs."))
    return part(_("Dernières nouvelles"), points=points)


def _sprint(last: Any) -> str:
    said = _(
        "Sprint %(n)s, clos le %(day)s : %(outcome)s. %(summary)s",
        n=last.number,
        day=day(last.on),
        outcome=str(OUTCOMES[Outcome(last.outcome)]).lower(),
        summary=last.summary,
    )
    if last.blocker in ("", Blocker.NONE):
        return said
    return _("%(said)s (bloqué : %(what)s)", said=said, what=str(BLOCKERS[Blocker(last.blocker)]))


def _demonstration(team: Team) -> str:
    shown = team.shown
    assert shown is not None  # noqa: S101  asked for by the caller
    outside = ngettext(
        "%(num)s personne extérieure à l’équipe",
        "%(num)s personnes extérieures à l’équipe",
        shown.outside,
    )
    said = _("Démonstration du %(day)s, devant %(who)s", day=day(shown.on), who=outside)
    if shown.version is not None:
        said = _("%(said)s, version %(n)s", said=said, n=shown.version)
    return (
        _("%(said)s. Décidé : %(what)s", said=said, what=shown.decisions)
        if shown.decisions
        else f"{said}."
    )


def _tests(tried: Any) -> str:
    said = _(
        "Dernière séance avec un utilisateur le %(day)s (série %(round)s, version %(version)s)",
        day=day(tried.last_on),
        round=tried.round or "—",
        version=tried.version or "—",
    )
    if tried.primary is None or not tried.primary[1]:
        return f"{said}."
    share = completion_in_short(completion(*tried.primary))
    return _("%(said)s ; tâche principale sans aide : %(share)s.", said=said, share=share)
