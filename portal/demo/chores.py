"""The demonstration's items: what each team had to do, sprint by sprint, and how that went."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from portal.backlog import commands, moves, queries, states
from portal.backlog.commands import ItemText
from portal.backlog.entry import parse
from portal.backlog.flow import State
from portal.backlog.journal import Seen
from portal.backlog.listing import list_waiting
from portal.backlog.models import Item, Spill
from portal.kernel.access import Actor
from portal.programmes.queries import actor_for
from portal.projects.models import Project
from portal.projects.queries import list_team
from portal.sprints.models import Outcome

PER_SPRINT = 4
REMEMBERED = 4  # sprints that a team without items of its own tells of
# The part of a sprint's items that are done at its end, by how it ended.
DONE_BY = {Outcome.MET: 1.0, Outcome.PARTLY: 0.7, Outcome.MISSED: 0.4}

Then = Callable[[datetime, Callable[[], object]], None]


class Chores:
    """One team's items. Always the same for a team: chance is drawn from its name."""

    def __init__(
        self, project: Project, then: Then, given: Mapping[str, Any], sprints: int
    ) -> None:
        self.project = project
        self.then = then
        self.given = given
        self.own: Mapping[str, Any] = given["teams"].get(project.slug, {})
        self.random = Random(project.slug)  # noqa: S311  a demonstration, not a secret
        self.first = min(self.own.get("sprints", {sprints - REMEMBERED + 1: []}))
        self._common = self._shuffled(given["common"])
        self._voices: dict[UUID, Actor] = {}
        self._team: list[UUID] = []

    def _shuffled(self, lines: Sequence[str]) -> Iterator[str]:
        while True:
            yield from self.random.sample(lines, len(lines))

    def fill_backlog(self, at: datetime, member: Callable[[], Actor]) -> None:
        """What waits, typed in one evening."""
        lines = self.own.get("backlog") or self.random.sample(self.given["waiting"], 7)
        self.then(at, lambda: self._add(member(), lines, None))

    def tell_sprint(
        self,
        number: int,
        told: Mapping[str, Any],
        days: tuple[datetime, datetime, datetime],
        member: Callable[[], Actor],
    ) -> None:
        """`days`: the evening it is planned, the mornings of its first day and its last so far."""
        if number < self.first:
            return
        wanted = self.own.get("sprints", {}).get(number)
        lines = wanted or [next(self._common) for _ in range(PER_SPRINT)]
        eve, first, last = days
        self.then(eve, lambda: self._plan(member(), number, lines))
        span = (last - first).days
        if span < 2:
            return
        close = told["close"]
        done = DONE_BY[close["outcome"]] if close else min(0.6, span / 25)
        finished = round(done * (len(lines) + 1))  # some come from the sprint before
        for place in range(max(finished, len(lines))):
            self._work(number, place, first, span, finishes=place < finished)
        if finished < len(lines):
            kind = str(close["blocker"]["kind"].value) if close else "none"
            at = first + timedelta(days=max(1, span // 3), hours=2)
            self.then(at, lambda: self._block(number, len(lines) - 1, self.given["blocks"][kind]))
        if span > 6 and self.random.random() < 0.6:
            late = [next(self._common)]
            self.then(
                first + timedelta(days=5, hours=1), lambda: self._late(member(), number, late)
            )

    def _work(self, number: int, place: int, first: datetime, span: int, *, finishes: bool) -> None:
        """Begun some day after the start, done some days later and before the close."""
        begins = self.random.randint(1, max(1, span // 2))
        ends = self.random.randint(begins, span - 1) if begins < span else begins
        begun = first + timedelta(days=begins, minutes=10 + place)
        if finishes or place % 2:
            self.then(begun, partial(self._set, number, place, State.DOING))
        if finishes:
            self.then(
                first + timedelta(days=ends, hours=5, minutes=place),
                partial(self._set, number, place, State.DONE),
            )

    def _add(self, actor: Actor, lines: Sequence[str], number: int | None) -> list[Item]:
        self._team = self._team or [one.person.id for one in list_team(self.project)]
        to = queries.find_open_iteration(self.project, number) if number else None
        texts = [
            ItemText(
                title=typed.title,
                kind=typed.kind,
                points=typed.points,
                assignee_id=self.random.choice(self._team) if number else None,
            )
            for typed in parse("\n".join(lines))
        ]
        return commands.add_items(actor, self.project, texts, to)

    def _plan(self, actor: Actor, number: int, lines: Sequence[str]) -> None:
        """New items, and first those that the sprint before did not finish."""
        to = queries.find_open_iteration(self.project, number)
        waiting = [
            one.number for one in list_waiting(self.project.id).lines if one.spill is Spill.MOVED_ON
        ]
        left = queries.get_items(actor, self.project, waiting)
        if to and left:
            moves.move_items(actor, self.project, [Seen(item, item.version) for item in left], to)
        self._add(actor, lines, number)

    def _late(self, actor: Actor, number: int, lines: Sequence[str]) -> None:
        if queries.find_open_iteration(self.project, number):
            self._add(actor, lines, number)

    def _find(self, number: int, place: int) -> Item | None:
        """An open item of a sprint, the last ones standing for those planned for it."""
        sprint = queries.find_open_iteration(self.project, number)
        items = queries.list_open_items(sprint.id) if sprint and sprint.is_active else []
        return items[place % len(items)] if items else None

    def _set(self, number: int, place: int, state: State) -> None:
        item = self._find(number, 0 if state is State.DONE else place)
        if item is None or (state is State.DOING and item.state is not State.TO_DO):
            return
        if item.assignee_id:
            who = self._voice(item.assignee_id)
            states.set_state(who, self.project, Seen(item, item.version), state)

    def _block(self, number: int, place: int, reason: str) -> None:
        item = self._find(number, place)
        if item is None or not item.assignee_id or item.state is State.DONE:
            return
        who = self._voice(item.assignee_id)
        states.set_state(who, self.project, Seen(item, item.version), State.BLOCKED, reason)

    def _voice(self, person_id: UUID) -> Actor:
        """Read once: what a person may do in a demonstration does not change."""
        if person_id not in self._voices:
            self._voices[person_id] = actor_for(person_id)
        return self._voices[person_id]
