"""Projections: stored figures that follow the audit trail, by one mechanism.

A projection names the actions that its figures depend on. Before a transaction commits, and before
its lines are sealed, each projection is refreshed with the lines of those actions. It runs after
those whose actions it depends on and those whose figures it `reads`, so the order of registration
makes no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import ModuleType
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.platform.kernel.audit import ACTIONS, Action, AuditEvent, PendingAuditEvent, list_unsealed_events
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import db

Parts = frozenset[Any]
Dependencies = Mapping[Action, Parts]
Source = ModuleType | Action
ALL: Parts = frozenset({"all"})  # where a projection does not tell parts apart


@dataclass(frozen=True, eq=False, kw_only=True)
class Projection(Contribution):
    """Figures that are refreshed in the transaction that changed what they depend on.

    `depends` maps each action to the parts of the figures' source that it may have changed;
    `exempt` are actions beside these that change none. `refresh` gets the lines of the transaction
    whose actions are in `depends`; `records` are the actions that it may append itself, `reads` the
    projections whose rows it reads or completes.
    """

    name: str
    depends: Dependencies
    refresh: Callable[[Sequence[PendingAuditEvent]], None]
    records: Collection[Action] = ()
    exempt: Collection[Action] = ()
    reads: Collection["Projection"] = ()

    def changed_parts_of(self, line: AuditEvent | PendingAuditEvent) -> Parts:
        """What a line may have changed; nothing for an action that this does not depend on."""
        action = ACTIONS.get(line.action)
        return self.depends.get(action, frozenset()) if action else frozenset()

    def changed_parts_by_scope(self, lines: Iterable[AuditEvent | PendingAuditEvent]) -> Mapping[UUID, Parts]:
        """The same for several lines, by the project that they are about."""
        parts: dict[UUID, Parts] = defaultdict(frozenset)
        for line in lines:
            if line.scope_id is not None:
                parts[line.scope_id] |= self.changed_parts_of(line)
        return {scope_id: touched for scope_id, touched in parts.items() if touched}

    def runs_after(self, other: "Projection") -> bool:
        """Whether this depends on what another projection records or writes."""
        return other is not self and (other in self.reads or bool(self.depends.keys() & set(other.records)))


def actions_of(*sources: Source) -> frozenset[Action]:
    """Actions, and those that modules define, alone or in a mapping."""
    return frozenset(action for source in sources for action in _actions_in(source))


def _actions_in(source: Source) -> Iterator[Action]:
    if isinstance(source, Action):
        yield source
        return
    for value in vars(source).values():
        inner = value.values() if isinstance(value, Mapping) else [value]
        yield from (each for each in inner if isinstance(each, Action))


def build_dependencies(
    *rows: tuple[Parts, Sequence[Source]], exempt: Collection[Action] = ()
) -> Dependencies:
    """Dependencies from rows of (parts, modules or actions): rows of one action add up."""
    parts: dict[Action, Parts] = defaultdict(frozenset)
    for row, sources in rows:
        for action in actions_of(*sources) - frozenset(exempt):
            parts[action] |= row
    return parts


_in_order: list[Projection] = []


def register_projections(projections: Sequence[Projection]) -> None:
    """Refresh these before each commit from here on, each after those that it depends on."""
    _in_order[:] = sort_projections(projections)
    if not event.contains(Session, "before_commit", _refresh_projections):
        event.listen(Session, "before_commit", _refresh_projections, insert=True)  # before the seals


def sort_projections(projections: Sequence[Projection]) -> Sequence[Projection]:
    """By dependency; raises `graphlib.CycleError` where two wait for each other."""
    by_name = {projection.name: projection for projection in projections}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, projection in sorted(by_name.items()):
        sorter.add(name, *(other.name for other in projections if projection.runs_after(other)))
    return [by_name[name] for name in sorter.static_order()]


def _refresh_projections(session: Session) -> None:
    if session.in_nested_transaction() or session is not db.session():
        return  # the end of a savepoint, or a small transaction of its own
    if not list_unsealed_events(session):
        return
    session.flush()
    for projection in _in_order:
        lines = [line for line in list_unsealed_events(session) if projection.changed_parts_of(line)]
        if lines:
            projection.refresh(lines)
