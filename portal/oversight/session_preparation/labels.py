"""Sentences of the page that prepares a session."""

from collections.abc import Callable, Mapping

from portal.coaching.recommendations.labels import describe_next_step
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.oversight.decisions.labels import OUTCOMES as DECISION_OUTCOMES
from portal.oversight.decisions.models import DecisionOutcome
from portal.oversight.decisions.rules import first_line
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.labels import VERBS
from portal.oversight.session_preparation.change_queries import REACHED, ChangeKind, ProjectChange
from portal.oversight.session_preparation.queries import LastSession
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.web.template_filters import day
from portal.sprints.sprints.labels import OUTCOMES as SPRINT_OUTCOMES
from portal.sprints.sprints.models import SprintOutcome


def intro_sentence(last: LastSession) -> str:
    """Since when the page looks back, and when the next session is."""
    if last.session is None:
        sentence = _(
            "Aucune séance n’a encore de compte rendu ni de décision\u00a0: voici tout depuis le début du"
            " projet."
        )
    else:
        sentence = _("Dernière séance le %(day)s.", day=day(last.session.row.held_on))
    if last.next_on is None:
        return sentence
    coming = _("La prochaine est le %(day)s.", day=day(last.next_on))
    return f"{sentence} {coming}"


def changes_title(last: LastSession) -> str:
    if last.session is None:
        return _("Ce qui s’est passé")
    return _("Ce qui a changé depuis le %(day)s", day=day(last.session.row.held_on))


def describe_change(change: ProjectChange) -> str:
    """What happened, in a line."""
    return _SENTENCES[change.kind](change)


def _describe_closed_sprint(change: ProjectChange) -> str:
    outcome = lower_first(SPRINT_OUTCOMES[SprintOutcome(change.value)]) if change.value else ""
    return _("Sprint %(n)s clos\u00a0: %(what)s", n=change.number, what=outcome or first_line(change.text))


def _describe_gate_decision(change: ProjectChange) -> str:
    return _("G%(n)s\u00a0: %(what)s", n=change.number, what=lower_first(VERBS[GateVerb(change.value)]))


def _describe_answered_decision(change: ProjectChange) -> str:
    outcome = lower_first(DECISION_OUTCOMES[DecisionOutcome(change.value)])
    return _("Décision %(what)s\u00a0: %(text)s", what=outcome, text=first_line(change.text))


def _describe_trial_run(change: ProjectChange) -> str:
    if change.value == REACHED:
        return _("Essai %(n)s, %(metric)s\u00a0: seuil atteint", n=change.number, metric=change.text)
    return _("Essai %(n)s, %(metric)s\u00a0: seuil non atteint", n=change.number, metric=change.text)


_SENTENCES: Mapping[ChangeKind, Callable[[ProjectChange], str]] = {
    ChangeKind.SPRINT: _describe_closed_sprint,
    ChangeKind.GATE: _describe_gate_decision,
    ChangeKind.VERSION: lambda change: _(
        "Version %(n)s\u00a0: %(text)s", n=change.number, text=first_line(change.text)
    ),
    ChangeKind.RUN: _describe_trial_run,
    ChangeKind.ROUND: lambda change: _(
        "Série de tests %(n)s\u00a0: %(text)s", n=change.number, text=first_line(change.text)
    ),
    ChangeKind.FINDING: lambda change: _(
        "Constat %(n)s\u00a0: %(text)s", n=change.number, text=first_line(change.text)
    ),
    ChangeKind.RISK: lambda change: _(
        "Risque R%(n)s\u00a0: %(text)s", n=change.number, text=first_line(change.text)
    ),
    ChangeKind.SOURCE: lambda change: _("Source de données\u00a0: %(text)s", text=first_line(change.text)),
    ChangeKind.REQUESTED: lambda change: _("Décision demandée\u00a0: %(text)s", text=first_line(change.text)),
    ChangeKind.ANSWERED: _describe_answered_decision,
    ChangeKind.HELP_ASKED: lambda change: _(
        "Aide demandée par une question\u00a0: %(text)s", text=first_line(change.text)
    ),
    ChangeKind.HELP_ANSWERED: lambda change: _(
        "Réponse à une demande d’aide\u00a0: %(text)s", text=first_line(change.text)
    ),
}


def advice_state(row: Recommendation) -> str:
    """What became of a recommendation: the team's reason where it declined, else whose turn it is."""
    if row.stage is RecommendationStage.DECLINED and row.decline_reason:
        return _("Déclinée\u00a0: «\u00a0%(why)s\u00a0»", why=row.decline_reason)
    return describe_next_step(row)
