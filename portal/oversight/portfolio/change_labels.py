"""What is otherwise in a team than on a day before, in a few words each."""

from portal.oversight.health import labels as health
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio.change_rules import TeamChange, TeamChangeKind
from portal.oversight.portfolio.labels import within
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.labels import STATES
from portal.project.projects.models import ProjectState


def changed(change: TeamChange, state: HealthState) -> str:
    """As the line of a list says it; `state` is how the team stands now."""
    if change.gates:
        return _gates(change)
    match change.news:
        case TeamChangeKind.WORSE | TeamChangeKind.BETTER:
            return _level(change.news, state)
        case TeamChangeKind.WEATHER | TeamChangeKind.OVERRIDE:
            return _declaration(change.news, state)
        case _:
            return str(_PLAIN[change.news]) % {
                "n": change.number,
                "state": _state(state),
                "severe": len(state.facts.findings),
            }


_PLAIN: dict[TeamChangeKind, LazyString] = {
    TeamChangeKind.STATE: _l("le projet est maintenant : %(state)s"),
    TeamChangeKind.SPRINT: _l("sprint %(n)s clos"),
    TeamChangeKind.TEST: _l("test avec des utilisateurs, série %(n)s"),
    TeamChangeKind.FINDINGS: _l("constats graves ouverts : %(severe)s"),
    TeamChangeKind.FIRST_READING: _l("équipe nouvelle"),
}


def _state(state: HealthState) -> str:
    return within(str(STATES[ProjectState(state.facts.state)]))


def _level(news: TeamChangeKind, state: HealthState) -> str:
    """With the first reason, where there is one."""
    level = within(str(health.LEVELS[state.level][0]))
    sentence = (
        _("va moins bien : %(level)s", level=level)
        if news is TeamChangeKind.WORSE
        else _("va mieux : %(level)s", level=level)
    )
    if not state.reasons:
        return sentence
    why = within(health.why(state.reasons[0], state))
    return _("%(said)s (%(why)s)", said=sentence, why=why)


def _gates(change: TeamChange) -> str:
    count, gates = len(change.gates), ", ".join(f"G{gate}" for gate in change.gates)
    match change.news:
        case TeamChangeKind.ACCEPTED:
            return ngettext("jalon accepté : %(g)s", "jalons acceptés : %(g)s", count, g=gates)
        case TeamChangeKind.STALE:
            return ngettext("jalon périmé : %(g)s", "jalons périmés : %(g)s", count, g=gates)
        case TeamChangeKind.WAIVED:
            return ngettext("dispense du jalon %(g)s", "dispense des jalons %(g)s", count, g=gates)
        case _:
            return ngettext("jalon demandé : %(g)s", "jalons demandés : %(g)s", count, g=gates)


def _declaration(news: TeamChangeKind, state: HealthState) -> str:
    """By the team, or by the programme's direction."""
    if news is TeamChangeKind.WEATHER:
        outlook = str(health.OUTLOOKS_IN_SHORT[state.weather.outlook]) if state.weather else ""
        return _("météo déclarée : %(outlook)s", outlook=within(outlook))
    level = str(health.OVERRIDE_LEVELS[state.override.level]) if state.override else ""
    return _("la direction dit : %(level)s", level=within(level))
