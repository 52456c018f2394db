"""What the demonstration's tests found and what became of it, told through people's commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.backlog.commands import drop_item
from portal.backlog.flow import State
from portal.backlog.journal import Seen
from portal.backlog.models import Item
from portal.backlog.moves import move_items
from portal.backlog.queries import find_open_iteration
from portal.backlog.states import set_state
from portal.demo.teller import Teller, Telling, Then
from portal.findings import closings, commands, queries, retests, twins
from portal.findings.commands import FindingFacts
from portal.findings.models import Finding, Retested
from portal.findings.retests import Said
from portal.projects.models import Project


class Found(Teller):
    """Tells one project's findings, in the order of their noting, from being seen to being closed;
    and what later rounds say of them."""

    def tell(self, given: Telling, then: Then) -> None:
        for number, told in enumerate(given.get("noted", []), start=1):
            then(told["day"], partial(self._note, told))
            self._tell_item(number, told.get("item", {}), then)
            self._tell_end(number, told, then)
        for told in given.get("retests", []):
            then(told["day"], partial(self._retest, told))

    def _tell_item(self, number: int, told: Mapping[str, Any], then: Then) -> None:
        if told:
            then(told["day"], lambda: commands.make_item(self.member(), *self._one(number)))
        if "sprint" in told:
            then(told["taken"], lambda: self._take(number, told["sprint"]))
        if "done" in told:
            then(told["done"], lambda: self._finish(number))
        if "dropped" in told:
            then(told["dropped"], lambda: self._drop(number))

    def _tell_end(self, number: int, told: Mapping[str, Any], then: Then) -> None:
        ends = {"merged": self._merge, "settled": self._settle, "accepted": self._accept}
        for name, end in ends.items():
            if name in told:
                then(told[name]["day"], partial(end, number, told[name]))

    def _one(self, number: int) -> tuple[Project, Finding]:
        return self.project, queries.get_finding(self.member(), self.project, number)

    def _item(self, number: int) -> Item:
        item = queries.find_item_of(self._one(number)[1])
        if item is None:
            raise LookupError(number)
        return item

    def _note(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        round_, _version = queries.get_round(member, self.project, told["round"])
        facts = FindingFacts(
            what=told["what"],
            detail=told["detail"],
            severity=told["severity"],
            is_harm=told.get("harm", False),
            owner_id=member.person_id if told.get("owned") else None,
        )
        tasks = [one for one in queries.list_tasks(round_) if one.number in told["tasks"]]
        held = [one for one in queries.list_sessions(round_) if one.number in told["sessions"]]
        commands.note_finding(member, self.project, round_, facts, tasks=tasks, sessions=held)

    def _take(self, number: int, sprint: int) -> None:
        item, to = self._item(number), find_open_iteration(self.project, sprint)
        move_items(self.member(), self.project, [Seen(item, item.version)], to)

    def _finish(self, number: int) -> None:
        item = self._item(number)
        set_state(self.member(), self.project, Seen(item, item.version), State.DONE)

    def _drop(self, number: int) -> None:
        item = self._item(number)
        drop_item(self.member(), self.project, Seen(item, item.version))

    def _merge(self, number: int, told: Mapping[str, Any]) -> None:
        into = self._one(told["into"])[1]
        twins.merge(self.member(), *self._one(number), into)

    def _settle(self, number: int, told: Mapping[str, Any]) -> None:
        project, finding = self._one(number)
        closings.settle(self.member(), project, finding, told["reason"], finding.version)

    def _accept(self, number: int, told: Mapping[str, Any]) -> None:
        project, finding = self._one(number)
        closings.accept(self.voice("team_lead"), project, finding, told["reason"], finding.version)

    def _retest(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        where = queries.get_round(member, self.project, told["round"])
        said = [
            Said(one["finding"], Retested(one["result"]), one.get("note", ""), None)
            for one in told["answers"]
        ]
        retests.note_retests(member, self.project, *where, said)
