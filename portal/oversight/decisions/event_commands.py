"""The events of decisions, and of requests for help put as questions."""

from portal.oversight.decisions.models import DecisionOutcome
from portal.platform.kernel import audit
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

ASKS_FOR_HELP = "asks_for_help"  # the fact of events about a request for help
TAKES_HELP = "takes_help"  # the fact of those by which somebody takes one
TAKES_DECISION = "takes_decision"  # the same of a decision
IS_TOLD = "is_told"  # the fact of what waits again, where those who may answer it are told


def _make_action(
    code: str, of_decision: LazyString, of_help: LazyString, **others: LazyString
) -> audit.Action:
    """An action with a sentence for decisions, one for requests for help, and some by other facts."""
    return audit.Action(code, of_decision, variants={**others, ASKS_FOR_HELP: of_help})


REQUESTED = _make_action(
    "decision.asked",
    _l("attend une décision : « %(name)s »"),
    _l("demande de l’aide : « %(name)s »"),
)
CHANGED = _make_action(
    "decision.changed",
    _l("a modifié la décision attendue « %(name)s »"),
    _l("a modifié la demande d’aide « %(name)s »"),
)
WITHDRAWN = _make_action(
    "decision.withdrawn",
    _l("n’attend plus la décision « %(name)s »"),
    _l("a retiré la demande d’aide « %(name)s »"),
)
GRANTED = _make_action(
    "decision.granted",
    _l("a accordé ce qui était demandé : « %(name)s »"),
    _l("a apporté l’aide demandée : « %(name)s »"),
)
REFUSED = _make_action(
    "decision.refused",
    _l("n’a pas accordé ce qui était demandé : « %(name)s »"),
    _l("ne peut pas apporter l’aide demandée : « %(name)s »"),
)
ANSWERED = _make_action(
    "decision.answered",
    _l("a répondu à la décision attendue « %(name)s »"),
    _l("a répondu à la demande d’aide « %(name)s »"),
)
ASSIGNED = _make_action(
    "decision.assigned",
    _l("a confié à %(person)s la décision « %(name)s »"),
    _l("a confié à %(person)s la demande d’aide « %(name)s »"),
    **{
        TAKES_HELP: _l("a pris la demande d’aide « %(name)s »"),
        TAKES_DECISION: _l("se charge de la décision « %(name)s »"),
    },
)
REMINDED = _make_action(
    "decision.reminded",
    _l("rappelle à %(person)s la décision « %(name)s »"),
    _l("rappelle à %(person)s la demande d’aide « %(name)s »"),
)
GIVEN_BACK = _make_action(
    "decision.given_back",
    _l("a remis en attente « %(name)s » : personne ne s’en charge plus"),
    _l("a remis en attente la demande d’aide « %(name)s » : personne ne s’en charge plus"),
)
ACKNOWLEDGED = audit.Action("decision.seen", _l("a lu la réponse à « %(name)s »"))

ANSWERS = {
    DecisionOutcome.GRANTED: GRANTED,
    DecisionOutcome.REFUSED: REFUSED,
    DecisionOutcome.OTHERWISE: ANSWERED,
}
