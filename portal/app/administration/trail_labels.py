"""Words of the trail: kinds of things, filters, and a sentence for each line."""

from collections.abc import Mapping, Sequence

from portal.app.administration import trail
from portal.app.administration.action_labels import ACTION_LABELS
from portal.app.administration.models import VerificationStage
from portal.app.administration.trail import TrailLine
from portal.communication.directory.field_labels import field_label
from portal.communication.directory.labels import EVENT_LABELS
from portal.communication.directory.subject_labels import subject_kind_label
from portal.platform.kernel.audit import ACTIONS
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

__all__ = ["FILTERS", "STAGES", "describe_trail_line", "field_label", "list_action_kind_choices"]

FILTERS: Mapping[str, LazyString] = {
    "person": _l("Adresse ou identifiant de la personne"),
    "kind": _l("Chose"),
    "row_id": _l("Identifiant de la chose"),
    "since": _l("Du"),
    "until": _l("Au"),
    "before": _l("Page"),
}
STAGES: Mapping[VerificationStage, tuple[LazyString, str]] = {
    VerificationStage.WAITING: (_l("En cours"), "info"),
    VerificationStage.WHOLE: (_l("Journal entier"), "success"),
    VerificationStage.BROKEN: (_l("Journal altéré"), "error"),
    VerificationStage.FAILED: (_l("Interrompue"), "warning"),
}


def list_action_kind_choices() -> Sequence[tuple[str, str]]:
    """The kinds of things to choose from, by label."""
    return sorted(
        ((kind, subject_kind_label(kind)) for kind in trail.list_action_kinds()),
        key=lambda pair: pair[1].lower(),
    )


def describe_trail_line(line: TrailLine) -> str:
    """What happened, with the number of the thing and without other facts; the code of an action that
    an earlier version recorded and this one does not know."""
    label = EVENT_LABELS.get(line.action) or ACTION_LABELS.get(line.action)
    if label is not None:
        return str(label) if line.number is None else _("%(deed)s, n° %(n)s", deed=label, n=line.number)
    action = ACTIONS.get(line.action)
    if action is None or action.sentence is None:
        kind = subject_kind_label(line.action.partition(".")[0])
        return f"{kind} ({line.action})"
    facts = {} if line.number is None else {"number": str(line.number)}
    words = str(action.sentence) % _FactsWithEllipsis(facts)
    return words[:1].upper() + words[1:]


class _FactsWithEllipsis(dict[str, str]):
    """Facts of a sentence are content: no other is shown."""

    def __missing__(self, _name: str) -> str:
        return "…"
