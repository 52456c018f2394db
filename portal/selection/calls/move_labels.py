"""What a lead confirms before a call comes to its next state: ahead of its day, or with something missing
or undone."""

from collections.abc import Sequence

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.selection.calls import labels, queries
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.section_queries import CallTiles


def list_move_consequences(actor: Actor, call: Call, state: CallState) -> Sequence[str]:
    """What it means that a call comes to a state; nothing where nobody need confirm it."""
    today = clock.today()
    if state is CallState.OPEN:
        return _list_opening_consequences(call)
    if state is CallState.CLOSED and call.closes_on > today:
        day = format_day(call.closes_on)
        return [
            _("Sa clôture est annoncée au %(day)s : il se clorait aujourd’hui.", day=day),
            _("Vous pourrez le rouvrir tant que l’examen n’est pas confié au jury."),
        ]
    if state is CallState.DELIBERATED:
        sources = list_contributions(CallTiles)
        undone = [each for source in sources for each in source.list_undone(actor, call)]
        return [*undone, _("Vous pourrez la rouvrir tant que rien n’est publié.")] if undone else []
    return []


def _list_opening_consequences(call: Call) -> Sequence[str]:
    is_early = call.opens_on > clock.today()
    missing = [name for _field, name in labels.list_missing_for_opening(call)]
    if not is_early and (not missing or call.state is not CallState.DRAFT):
        return []
    day = format_day(call.opens_on)
    sentences = [
        _("Son ouverture est prévue le %(day)s : il s’ouvrirait aujourd’hui.", day=day) if is_early else "",
        _("Sa page publique paraît aussitôt.") if call.shown_at else _("Sa page n’est pas publique."),
        _("Il manque : %(what)s.", what=", ".join(missing)) if missing else _("Rien ne manque."),
        labels.wrong_weight_sum_sentence(call, queries.list_criteria(call)),
    ]
    return [sentence for sentence in sentences if sentence]
