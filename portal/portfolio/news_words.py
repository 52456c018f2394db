"""What is otherwise in a team than on a day before, in a few words each."""

from portal.health import words as health
from portal.health.standing import State
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.portfolio.since import Change, News
from portal.portfolio.words import within
from portal.projects.models import ProjectState
from portal.projects.words import STATES


def changed(change: Change, state: State) -> str:
    """As the line of a list says it; `state` is how the team stands now."""
    if change.gates:
        return _gates(change)
    match change.news:
        case News.WORSE | News.BETTER:
            return _level(change.news, state)
        case News.WEATHER | News.SAID:
            return _said(change.news, state)
        case _:
            return str(_PLAIN[change.news]) % {
                "n": change.number,
                "state": _state(state),
                "severe": len(state.facts.findings),
            }


_PLAIN: dict[News, LazyString] = {
    News.STATE: _l("le projet est maintenant : %(state)s"),
    News.SPRINT: _l("sprint %(n)s clos"),
    News.TEST: _l("test avec des utilisateurs, série %(n)s"),
    News.FINDINGS: _l("constats graves ouverts : %(severe)s"),
    News.BEGUN: _l("équipe nouvelle"),
}


def _state(state: State) -> str:
    return within(str(STATES[ProjectState(state.facts.state)]))


def _level(news: News, state: State) -> str:
    """With the first reason, where there is one."""
    level = within(str(health.LEVELS[state.level][0]))
    said = (
        _("va moins bien : %(level)s", level=level)
        if news is News.WORSE
        else _("va mieux : %(level)s", level=level)
    )
    if not state.reasons:
        return said
    why = within(health.why(state.reasons[0], state))
    return _("%(said)s (%(why)s)", said=said, why=why)


def _gates(change: Change) -> str:
    count, gates = len(change.gates), ", ".join(f"G{gate}" for gate in change.gates)
    match change.news:
        case News.ACCEPTED:
            return ngettext("jalon accepté : %(g)s", "jalons acceptés : %(g)s", count, g=gates)
        case News.STALE:
            return ngettext("jalon périmé : %(g)s", "jalons périmés : %(g)s", count, g=gates)
        case News.WAIVED:
            return ngettext("dispense du jalon %(g)s", "dispense des jalons %(g)s", count, g=gates)
        case _:
            return ngettext("jalon demandé : %(g)s", "jalons demandés : %(g)s", count, g=gates)


def _said(news: News, state: State) -> str:
    """By the team, or by the programme's direction."""
    if news is News.WEATHER:
        outlook = str(health.OUTLOOKS_IN_SHORT[state.weather.outlook]) if state.weather else ""
        return _("météo déclarée : %(outlook)s", outlook=within(outlook))
    level = str(health.SAID[state.override.level]) if state.override else ""
    return _("la direction dit : %(level)s", level=within(level))
