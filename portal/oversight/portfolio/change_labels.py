"""Labels of the changes of a team since an earlier moment."""

from portal.oversight.health import labels as health
from portal.oversight.health.definition_rules import SignalDefinition
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.health.threshold_labels import list_threshold_changes
from portal.oversight.portfolio.change_rules import TeamChange, TeamChangeKind
from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.labels import STATES
from portal.project.projects.models import ProjectState

QUESTIONS_NAMED_MAX = 3


def describe_change(change: TeamChange, state: HealthSnapshot) -> str:
    """A change in a few words; `state` is the health state of the team now. What a team asks its programme is
    read by whoever reads its line."""
    if change.gates:
        return _describe_gate_changes(change)
    match change.kind:
        case TeamChangeKind.WORSE | TeamChangeKind.BETTER:
            return _describe_level_change(change, state)
        case TeamChangeKind.QUESTIONS:
            count = ngettext("%(num)s décision demandée", "%(num)s décisions demandées", change.number)
            return _name_questions(count, change)
        case TeamChangeKind.ANSWERS:
            count = ngettext("%(num)s décision prise", "%(num)s décisions prises", change.number)
            return _name_questions(count, change)
        case _:
            value = describe_new_value(change, state)
            return str(_PLAIN[change.kind]) % dict.fromkeys(_PLACES_OF_VALUE, value)


def _name_questions(count: str, change: TeamChange) -> str:
    return _(
        "%(count)s : %(which)s", count=count, which=_(" ; ").join(change.questions[:QUESTIONS_NAMED_MAX])
    )


_PLACES_OF_VALUE = ("n", "state", "severe", "outlook", "level")
_PLAIN: dict[TeamChangeKind, LazyString] = {
    TeamChangeKind.STATE: _l("le projet est maintenant : %(state)s"),
    TeamChangeKind.SPRINT: _l("sprint %(n)s clos"),
    TeamChangeKind.TEST: _l("test avec des utilisateurs, série %(n)s"),
    TeamChangeKind.FINDINGS: _l("constats graves ouverts : %(severe)s"),
    TeamChangeKind.WEATHER: _l("météo déclarée : %(outlook)s"),
    TeamChangeKind.OVERRIDE: _l("la direction dit : %(level)s"),
    TeamChangeKind.FIRST_READING: _l("équipe nouvelle"),
}


def _state_in_brief(state: HealthSnapshot) -> str:
    return lower_first(str(STATES[ProjectState(state.facts.state)]))


def describe_new_value(change: TeamChange, state: HealthSnapshot) -> str:
    """What the change led to, in a word or a number: a level, a state, a sprint; "" where there is none."""
    match change.kind:
        case TeamChangeKind.WORSE | TeamChangeKind.BETTER:
            return lower_first(str(health.LEVELS[state.level][0]))
        case TeamChangeKind.STATE:
            return _state_in_brief(state)
        case TeamChangeKind.WEATHER:
            outlook = str(health.OUTLOOKS_IN_SHORT[state.weather.outlook]) if state.weather else ""
            return lower_first(outlook)
        case TeamChangeKind.OVERRIDE:
            level = str(health.OVERRIDE_LEVELS[state.override.level]) if state.override else ""
            return lower_first(level)
        case TeamChangeKind.FINDINGS:
            return str(len(state.facts.findings))
        case _:
            return str(change.number or "")


def _describe_level_change(change: TeamChange, state: HealthSnapshot) -> str:
    """The new level, with its first reason where there is one."""
    level = describe_new_value(change, state)
    sentence = (
        _("va moins bien : %(level)s", level=level)
        if change.kind is TeamChangeKind.WORSE
        else _("va mieux : %(level)s", level=level)
    )
    if not state.reasons:
        return sentence
    why = lower_first(health.signal_sentence(state.reasons[0], state))
    return _("%(said)s (%(why)s)", said=sentence, why=why)


def _describe_gate_changes(change: TeamChange) -> str:
    count, gates = len(change.gates), ", ".join(f"G{gate}" for gate in change.gates)
    match change.kind:
        case TeamChangeKind.ACCEPTED:
            return ngettext("jalon accepté : %(g)s", "jalons acceptés : %(g)s", count, g=gates)
        case TeamChangeKind.STALE:
            return ngettext("jalon périmé : %(g)s", "jalons périmés : %(g)s", count, g=gates)
        case TeamChangeKind.WAIVED:
            return ngettext("dispense du jalon %(g)s", "dispense des jalons %(g)s", count, g=gates)
        case _:
            return ngettext("jalon demandé : %(g)s", "jalons demandés : %(g)s", count, g=gates)


def describe_threshold_change(older: SignalDefinition, newer: SignalDefinition) -> str:
    """« Seuils changés, aucun sprint clos : à surveiller : 21 jours → 5 jours · … »."""
    signal = str(health.SIGNALS[newer.code])
    return _(
        "Seuils changés, %(signal)s (%(changes)s)",
        signal=signal[0].lower() + signal[1:],
        changes=" · ".join(list_threshold_changes(older, newer)),
    )
