"""Change which gates a programme has, in which order, who accepts them and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.oversight.gates import definition_queries, order_rules, policy, queries
from portal.oversight.gates.definition_documents import get_default_gate_definition, replace_predicates
from portal.oversight.gates.definition_rules import (
    GATE_COUNT,
    GATE_NUMBERS,
    GateAcceptor,
    GateDefinition,
    GateTermsValues,
    count_editions,
)
from portal.oversight.gates.projections import lock_programme_gates, lock_project_gates, open_gate_discussions
from portal.oversight.gates.terms_commands import (
    ADDED,
    CHANGED,
    LEFT_OUT,
    PUT_BACK,
    append_edition,
    check_terms,
    judge_changed_gates,
    require_can_set_terms,
    require_known_effects,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import fold
from portal.platform.kernel.text import gettext as _
from portal.project.projects.gate_rules import GATE_NUMBER_MAX


@dataclass(frozen=True, kw_only=True)
class GateContent:
    """Names of a gate and what it asks; without an English name the French one is used, and an
    English name that was the French one follows it."""

    name_fr: str
    name_en: str
    predicates: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class GateChangeReason:
    """Why a change is made, on which edition, and whether its effects on teams are known: True, or the
    digest of the warning that named them."""

    because: str
    read_edition: int = 0
    knowingly: bool | str = False


@dataclass(frozen=True, kw_only=True)
class GateMonthAndAcceptor:
    """When a gate is due and who accepts it; `track` is a key, "" for none."""

    month: int
    acceptor: GateAcceptor
    track: str


Pair = tuple[GateDefinition, GateDefinition]  # before and after


def add_gate(
    actor: Actor,
    programme: Programme,
    content: GateContent,
    *,
    weight: int,
    assignment: GateMonthAndAcceptor,
    change: GateChangeReason,
) -> GateDefinition:
    """Add a gate after the others. Raises `RuleBroken` on a field or on `knowingly`."""
    present = _lock_definitions(actor, programme)
    number = max(*present, GATE_COUNT - 1) + 1
    if number > GATE_NUMBER_MAX:
        raise RuleBroken(
            None, _("Un programme a au plus %(n)s jalons : modifiez-en un.", n=len(GATE_NUMBERS))
        )
    _check_name(content, present.values())
    _check_month_and_acceptor(programme, assignment, "month")
    initial = get_default_gate_definition(number)
    last_place = max(definition.rank[0] for definition in present.values())
    terms = GateTermsValues(weight, assignment.month, assignment.acceptor, assignment.track, {})
    check_terms(programme, terms)
    named = _replace_content(replace(initial, terms=terms), content)
    added = replace(named, edition=1, place=max(last_place, initial.rank[0]))
    require_known_effects(programme, [added], knowingly=change.knowingly)
    append_edition(actor, programme, initial, added, because=change.because, action=ADDED)
    for project in queries.list_open_projects(programme.id):
        lock_project_gates(project)
        if queries.find_discussion_id(project, number) is None:
            open_gate_discussions(project, [number])
    judge_changed_gates(actor, programme, [added])
    return added


def edit_gate(
    actor: Actor,
    programme: Programme,
    gate: int,
    content: GateContent,
    *,
    position: int,
    change: GateChangeReason,
) -> None:
    """Rename a gate, change what it asks, or move it to a position, from 1.

    Raises `RuleBroken` on a field, on `knowingly`, or without a change; `Conflict` after somebody
    else's save.
    """
    definitions = _lock_definitions(actor, programme)
    present = _get_definition_at_edition(definitions, gate, change)
    _check_name(content, (each for each in definitions.values() if each.number != gate))
    edited = _replace_content(present, content)
    applied = sorted(
        (each for each in definitions.values() if not each.is_left_out), key=lambda each: each.rank
    )
    places = dict(order_rules.compute_new_places(applied, gate, position))
    changed = replace(edited, place=places.pop(gate, present.place))
    if changed == present and not places:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    moved = [(definitions[each], replace(definitions[each], place=n)) for each, n in places.items()]
    pairs = [(present, changed)] if changed != present else []
    _save_editions(actor, programme, [*pairs, *moved], change)


def leave_out_gate(actor: Actor, programme: Programme, gate: int, change: GateChangeReason) -> None:
    """Leave a gate out of a programme; what was decided about it is kept.

    Raises `RuleBroken` on `knowingly`, for the last gate, or for one that is left out already.
    """
    definitions = _lock_definitions(actor, programme)
    present = _get_definition_at_edition(definitions, gate, change)
    if present.is_left_out:
        raise RuleBroken(None, _("Ce jalon est déjà retiré du programme."))
    if sum(not definition.is_left_out for definition in definitions.values()) == 1:
        raise RuleBroken(None, _("Un programme garde au moins un jalon."))
    _save_editions(actor, programme, [(present, replace(present, is_left_out=True))], change, LEFT_OUT)


def put_back_gate(actor: Actor, programme: Programme, gate: int, change: GateChangeReason) -> None:
    """Put a gate back that was left out. Raises `RuleBroken` on `knowingly`, or if it is there."""
    definitions = _lock_definitions(actor, programme)
    present = _get_definition_at_edition(definitions, gate, change)
    if not present.is_left_out:
        raise RuleBroken(None, _("Ce jalon est déjà dans le programme."))
    _save_editions(actor, programme, [(present, replace(present, is_left_out=False))], change, PUT_BACK)


def set_months_and_acceptors(
    actor: Actor,
    programme: Programme,
    assignments: Mapping[int, GateMonthAndAcceptor],
    change: GateChangeReason,
) -> None:
    """Set months and acceptors of many gates at once; `read_edition` is `count_editions` as read.

    Raises `RuleBroken` on `month_<number>` or `accepter_<number>`, on `knowingly`, or without a
    change; `Conflict` after somebody else's save.
    """
    require_can_set_up_gates(actor, programme)
    lock_programme_gates(programme)
    definitions = _read_definitions(programme)
    if count_editions(definitions.values()) != change.read_edition:
        raise Conflict
    tracks = {track.key for track in list_tracks(programme.id)}
    pairs = []
    for number, assignment in assignments.items():
        present = definitions[number]
        if assignment.acceptor is GateAcceptor.TRACK_COACH and assignment.track not in tracks:
            raise RuleBroken(f"accepter_{number}", _("Ce volet n’est plus dans le programme."))
        terms = replace(
            present.terms, month=assignment.month, acceptor=assignment.acceptor, track=assignment.track
        )
        if terms.month != present.terms.month:
            _check_month_and_acceptor(programme, assignment, f"month_{number}")
        if terms != present.terms:
            pairs.append((present, replace(present, terms=terms)))
    if not pairs:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    _save_editions(actor, programme, pairs, change)


def require_can_set_up_gates(actor: Actor, programme: Programme) -> None:
    """Raises `NotAllowed` to all but the leads; before the first project administrators may too."""
    sentence = _("Seule la direction du programme change ses jalons. Rien n’a été changé.")
    has_projects = definition_queries.has_projects(programme.id)
    require(policy.can_set_up_gates(actor, programme, has_projects=has_projects), sentence)


def _lock_definitions(actor: Actor, programme: Programme) -> Mapping[int, GateDefinition]:
    require_can_set_terms(actor, programme)
    lock_programme_gates(programme)
    return _read_definitions(programme)


def _read_definitions(programme: Programme) -> Mapping[int, GateDefinition]:
    return definition_queries.read_definitions_with_left_out([programme.id])[programme.id]


def _get_definition_at_edition(
    definitions: Mapping[int, GateDefinition], gate: int, change: GateChangeReason
) -> GateDefinition:
    present = definitions[gate]
    if present.edition != change.read_edition:
        raise Conflict
    return present


def _check_name(content: GateContent, others: Iterable[GateDefinition]) -> None:
    if fold(content.name_fr) in {fold(other.name_fr) for other in others}:
        raise RuleBroken("name_fr", _("Un autre jalon de ce programme porte déjà ce nom."))


def _check_month_and_acceptor(programme: Programme, assignment: GateMonthAndAcceptor, field: str) -> None:
    if assignment.month > programme.months:
        raise RuleBroken(
            field, _("Le programme dure %(n)s mois : donnez un mois plus tôt.", n=programme.months)
        )


def _replace_content(definition: GateDefinition, content: GateContent) -> GateDefinition:
    has_own_english = content.name_en not in ("", definition.name_fr)
    name_en = content.name_en if has_own_english else content.name_fr
    named = replace(definition, name_fr=content.name_fr, name_en=name_en)
    if tuple(content.predicates) == definition.predicates:
        return named
    return replace_predicates(named, content.predicates, definition.thresholds)


def _save_editions(
    actor: Actor,
    programme: Programme,
    pairs: Sequence[Pair],
    change: GateChangeReason,
    action: audit.Action = CHANGED,
) -> None:
    """Append the next edition of each changed gate, once the effects on teams are known."""
    pairs = [(before, replace(after, edition=before.edition + 1)) for before, after in pairs]
    changed = [after for _before, after in pairs]
    require_known_effects(programme, changed, knowingly=change.knowingly)
    for before, after in pairs:
        append_edition(actor, programme, before, after, because=change.because, action=action)
    judge_changed_gates(actor, programme, [each for each in changed if not each.is_left_out])
