"""Backlog items of the demonstration, sprint by sprint."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.queries import list_team
from portal.sprints.backlog import commands, move_commands, queries, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.entry_rules import parse_item_lines
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import read_first_backlog_page
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, SpillTarget
from portal.sprints.sprints.models import SprintOutcome

PER_SPRINT = 4
SPRINTS_WITH_ITEMS = 4  # the last sprints of a team that get generated items
# The fraction of a sprint's items that are done at its end, by outcome.
DONE_SHARE_BY_OUTCOME = {SprintOutcome.MET: 1.0, SprintOutcome.PARTLY: 0.7, SprintOutcome.MISSED: 0.4}

QueueAt = Callable[[datetime, Callable[[], object]], None]


class BacklogStory:
    """The items of one team; its slug seeds the random numbers, so they are reproducible."""

    def __init__(
        self, project: Project, queue_at: QueueAt, item_texts: Mapping[str, Any], sprints: int
    ) -> None:
        self.project = project
        self.queue_at = queue_at
        self.item_texts = item_texts
        self.team_items: Mapping[str, Any] = item_texts["teams"].get(project.slug, {})
        self.random = Random(project.slug)  # noqa: S311  a demonstration, not a secret
        self.first = min(self.team_items.get("sprints", {sprints - SPRINTS_WITH_ITEMS + 1: []}))
        self._common = self._iterate_shuffled_lines(item_texts["common"])
        self._actors: dict[UUID, Actor] = {}
        self._team: list[UUID] = []

    def _iterate_shuffled_lines(self, lines: Sequence[str]) -> Iterator[str]:
        while True:
            yield from self.random.sample(lines, len(lines))

    def fill_backlog(self, at: datetime, member: Callable[[], Actor]) -> None:
        """Create the backlog of items without a sprint."""
        lines = self.team_items.get("backlog") or self.random.sample(self.item_texts["waiting"], 7)
        self.queue_at(at, lambda: self._add_items(member(), lines, None))

    def schedule_sprint_items(
        self,
        number: int,
        entry: Mapping[str, Any],
        days: tuple[datetime, datetime, datetime],
        member: Callable[[], Actor],
    ) -> None:
        """`days`: evening of the planning, mornings of the first day and the last day so far."""
        if number < self.first:
            return
        own_lines = self.team_items.get("sprints", {}).get(number)
        lines = own_lines or [next(self._common) for _ in range(PER_SPRINT)]
        eve, first, last = days
        self.queue_at(eve, lambda: self._plan_sprint_items(member(), number, lines))
        span = (last - first).days
        if span < 2:
            return
        close = entry["close"]
        done_share = DONE_SHARE_BY_OUTCOME[close["outcome"]] if close else min(0.6, span / 25)
        finished = round(done_share * (len(lines) + 1))  # some come from the previous sprint
        for place in range(max(finished, len(lines))):
            self._schedule_item_work(number, place, first, span, finishes=place < finished)
        if finished < len(lines):
            kind = str(close["blocker"]["kind"].value) if close else "none"
            at = first + timedelta(days=max(1, span // 3), hours=2)
            self.queue_at(
                at, lambda: self._block_item(number, len(lines) - 1, self.item_texts["blocks"][kind])
            )
        if span > 6 and self.random.random() < 0.6:
            late = [next(self._common)]
            self.queue_at(
                first + timedelta(days=5, hours=1), lambda: self._add_late_items(member(), number, late)
            )

    def _schedule_item_work(
        self, number: int, place: int, first: datetime, span: int, *, finishes: bool
    ) -> None:
        """Begin an item after the start of the sprint and finish it before the close."""
        begins = self.random.randint(1, max(1, span // 2))
        ends = self.random.randint(begins, span - 1) if begins < span else begins
        begun = first + timedelta(days=begins, minutes=10 + place)
        if finishes or place % 2:
            self.queue_at(begun, partial(self._set_item_state, number, place, ItemState.DOING))
        if finishes:
            self.queue_at(
                first + timedelta(days=ends, hours=5, minutes=place),
                partial(self._set_item_state, number, place, ItemState.DONE),
            )

    def _add_items(self, actor: Actor, lines: Sequence[str], number: int | None) -> list[Item]:
        self._team = self._team or [team_member.person.id for team_member in list_team(self.project)]
        to = queries.find_open_iteration(self.project, number) if number else None
        texts = [
            ItemFacts(
                title=typed.title,
                kind=typed.kind,
                points=typed.points,
                assignee_id=self.random.choice(self._team) if number else None,
            )
            for typed in parse_item_lines("\n".join(lines))
        ]
        return commands.add_items(actor, self.project, texts, to)

    def _plan_sprint_items(self, actor: Actor, number: int, lines: Sequence[str]) -> None:
        """Move the unfinished items of the previous sprint into this one, then add new ones."""
        to = queries.find_open_iteration(self.project, number)
        waiting = [
            waiting_item.number
            for waiting_item in read_first_backlog_page(self.project.id).lines
            if waiting_item.spill is SpillTarget.MOVED_ON
        ]
        left = queries.get_items(actor, self.project, waiting)
        if to and left:
            move_commands.move_items(
                actor, self.project, [ItemAtVersion(item, item.version) for item in left], to
            )
        self._add_items(actor, lines, number)

    def _add_late_items(self, actor: Actor, number: int, lines: Sequence[str]) -> None:
        if queries.find_open_iteration(self.project, number):
            self._add_items(actor, lines, number)

    def _find_open_item(self, number: int, place: int) -> Item | None:
        """The open item at `place` of an active sprint, wrapping around; None without one."""
        sprint = queries.find_open_iteration(self.project, number)
        items = queries.list_open_items(sprint.id) if sprint and sprint.is_active else []
        return items[place % len(items)] if items else None

    def _set_item_state(self, number: int, place: int, state: ItemState) -> None:
        item = self._find_open_item(number, 0 if state is ItemState.DONE else place)
        if item is None or (state is ItemState.DOING and item.state is not ItemState.TO_DO):
            return
        if item.assignee_id:
            who = self._actor_for(item.assignee_id)
            state_commands.set_item_state(who, self.project, ItemAtVersion(item, item.version), state)

    def _block_item(self, number: int, place: int, reason: str) -> None:
        item = self._find_open_item(number, place)
        if item is None or not item.assignee_id or item.state is ItemState.DONE:
            return
        who = self._actor_for(item.assignee_id)
        state_commands.set_item_state(
            who, self.project, ItemAtVersion(item, item.version), ItemState.BLOCKED, reason
        )

    def _actor_for(self, person_id: UUID) -> Actor:
        """The actor of a person, cached: roles do not change in the demonstration."""
        if person_id not in self._actors:
            self._actors[person_id] = actor_for(person_id)
        return self._actors[person_id]
