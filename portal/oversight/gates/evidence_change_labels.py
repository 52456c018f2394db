"""What changed in the evidence of a gate since a decision or the request, in a sentence."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from portal.communication.directory.field_labels import field_label
from portal.oversight.gates.evidence_value_labels import COUNTS
from portal.oversight.gates.evidence_value_queries import EvidenceValueChange
from portal.oversight.gates.labels import predicate_demand, reference_label
from portal.oversight.gates.predicate_result_rules import LISTS_OF_LACKING_PIECES, PredicateResult
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.reference_queries import References
from portal.oversight.gates.state_rules import GateSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first
from portal.platform.web.template_filters import day, number
from portal.project.data_sources import labels as source_labels
from portal.project.framing.labels import DIRECTIONS

TEXT_SHOWN = 60  # characters of a text that changed
# The labels of the fields of a piece that hold a choice.
CHOICES: Mapping[str, Mapping[Any, object]] = {
    "access": source_labels.ACCESS,
    "personal": source_labels.PERSONAL_IN_SHORT,
    "screening": source_labels.SCREENINGS,
    "faithfulness": source_labels.FAITHFULNESS,
    "fitness": source_labels.FITNESS,
    "direction": DIRECTIONS,
}


def describe_changes_since_request(
    state: GateSnapshot,
    references: References | None = None,
    value_changes: Iterable[EvidenceValueChange] = (),
) -> str:
    """When a gate was asked for, and what changed in its evidence since; "" where it waits for nothing."""
    if state.declared is None or not state.is_requested:
        return ""
    requested = _("Demandé le %(day)s.", day=day(state.declared.at))
    since = describe_changes_since_decision(state, state.declared.evaluation, references, value_changes)
    return f"{requested} {since}".strip()


def describe_changes_since_decision(
    state: GateSnapshot,
    before: GateResult | None,
    references: References | None = None,
    value_changes: Iterable[EvidenceValueChange] = (),
) -> str:
    """What changed in the evidence of a gate since a decision, `before` being that of the decision: the
    pieces, the fields of a piece with their values, else the demands; "" where it had none."""
    now = state.evaluation
    if before is None or now is None:
        return ""
    if now.has_same_evidence_as(before):
        return _("Ses preuves n’ont pas changé depuis.")
    fields = list(value_changes)
    rewritten = {change.reference for change in fields}
    moves = _list_moved_pieces(before, now, rewritten)
    sentences = [
        str(text)
        % {"what": ", ".join(filter(None, (reference_label(each, references) for each in sorted(moved))))}
        for text, moved in moves
        if moved
    ]
    sentences += [_describe_value_change(change, references) for change in fields]
    named = rewritten.union(*(moved for _text, moved in moves))
    sentences += _describe_changed_demands(before, now, named, state.definition.thresholds)
    changes = _(" ; ").join(sentences) or _("d’autres valeurs, sur les mêmes pièces")
    return _("Ses preuves ont changé depuis\u00a0: %(what)s.", what=changes)


def _list_moved_pieces(
    before: GateResult, now: GateResult, rewritten: Collection[str]
) -> Sequence[tuple[Any, set[str]]]:
    """Pieces that came or went, and those that a demand lists only while they lack something, each
    with its words. A piece with a changed field is named by that field alone where it only lacked."""
    earlier, present = _list_references(before), _list_references(now)
    lacked, lacks = _list_lacking_references(before), _list_lacking_references(now)
    return [
        (_l("en plus\u00a0: %(what)s"), present - earlier - lacks),
        (_l("en moins\u00a0: %(what)s"), earlier - present - lacked),
        (_l("réglé\u00a0: %(what)s"), lacked - lacks - set(rewritten)),
        (_l("à régler\u00a0: %(what)s"), lacks - lacked - set(rewritten)),
    ]


def _list_references(evaluation: GateResult) -> set[str]:
    return {reference for result in evaluation.results for reference in result.references}


def _list_lacking_references(evaluation: GateResult) -> set[str]:
    """The pieces that are listed because they lack something."""
    return {
        reference
        for result in evaluation.results
        if result.code in LISTS_OF_LACKING_PIECES
        for reference in result.references
    }


def _describe_changed_demands(
    before: GateResult, now: GateResult, named: Collection[str], thresholds: Mapping[str, int]
) -> Iterator[str]:
    """The demands with another result, unless one of their pieces is named."""
    earlier = {result.predicate: result for result in before.results}
    for result in now.results:
        old = earlier.get(result.predicate)
        if old is None or _is_same_result(old, result) or {*old.references, *result.references} & {*named}:
            continue
        demand = predicate_demand(result.predicate, thresholds).rstrip(".")
        count = _describe_changed_count(old, result)
        if result.is_met and not old.is_met:
            yield _("prouvé : « %(demand)s »", demand=demand) + count
        elif old.is_met and not result.is_met:
            yield _("plus prouvé : « %(demand)s »", demand=demand) + count
        else:
            yield _("autre valeur : « %(demand)s »", demand=demand) + count


def _describe_changed_count(old: PredicateResult, new: PredicateResult) -> str:
    """« , 5 sur 5 → 4 sur 5 » of a demand that counts something; "" of others."""
    if new.predicate not in COUNTS:  # elsewhere a number is of what lacks, or of no use to a reader
        return ""
    counts = [(each.parameters.get("n"), each.parameters.get("wanted")) for each in (old, new)]
    if counts[0] == counts[1] or None in (counts[0][0], counts[1][0]):
        return ""
    before, after = (
        str(n) if required is None else _("%(n)s sur %(all)s", n=n, all=required) for n, required in counts
    )
    return f", {before} → {after}"


def _is_same_result(old: PredicateResult, new: PredicateResult) -> bool:
    """A token that either lacks is not compared."""
    same = (old.code, dict(old.parameters), old.references) == (
        new.code,
        dict(new.parameters),
        new.references,
    )
    return same and (old.token == new.token or not (old.token and new.token))


def describe_changed_values(changes: Iterable[EvidenceValueChange], references: Collection[str]) -> str:
    """« finalité : ancienne → nouvelle ; … » of the fields that changed in these pieces; "" without any."""
    return _(" ; ").join(
        _describe_field_change(change) for change in changes if change.reference in references
    )


def _describe_value_change(change: EvidenceValueChange, references: References | None) -> str:
    """« essai 3, résultat : 0,71 → 0,68 »; without values where the text of one is gone."""
    piece = reference_label(change.reference, references)
    return _("%(piece)s, %(field)s", piece=piece, field=_describe_field_change(change))


def _describe_field_change(change: EvidenceValueChange) -> str:
    field = lower_first(field_label(change.field, change.reference.partition("/")[0]))
    old, new = _format_value(change.before, change), _format_value(change.after, change)
    if not (old and new) or old == new:  # such as a text that changed after its beginning
        return field
    return _("%(field)s : %(old)s → %(new)s", field=field, old=old, new=new)


def _format_value(value: Any, change: EvidenceValueChange) -> str:
    """A number, yes or no, the label of a choice, a day, or the beginning of a typed text; "" for a text
    that is gone, and for others."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str) and change.is_text:
        return _quote_beginning(value)
    if isinstance(value, str):
        return _format_choice_or_day(value, change.field)
    return "" if change.is_text else _("vide")


def _quote_beginning(text: str) -> str:
    line = " ".join(text.split())
    title = line if len(line) <= TEXT_SHOWN else f"{line[:TEXT_SHOWN]}…"
    return _("«\u00a0%(title)s\u00a0»", title=title) if line else _("vide")


def _format_choice_or_day(value: str, field: str) -> str:
    if field in CHOICES:
        return lower_first(str(CHOICES[field].get(value, "")))
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return ""
