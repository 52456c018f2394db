"""The demonstration's own demonstrations and retrospectives, told through people's commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.ceremonies import action_commands as actions
from portal.ceremonies import commands, queries
from portal.ceremonies.action_commands import ActionFacts
from portal.ceremonies.commands import DemonstrationFacts, RetrospectiveFacts
from portal.ceremonies.models import RetroAction, Settlement
from portal.demo.teller import Teller, Telling, Then
from portal.kernel.access import Actor
from portal.prototypes.queries import get_version
from portal.sprints.queries import get_sprint


class Ceremonies(Teller):
    """Tells what one project showed and decided; days count from today."""

    def tell(self, given: Telling, then: Then) -> None:
        for told in given.get("demonstrations", []):
            then(told["day"], partial(self._show, told))
        for told in given.get("retrospectives", []):
            then(told["day"], partial(self._look_back, told))
            for action in told["actions"]:
                if "done" in action:
                    then(action["done"], partial(self._settle, action["what"]))

    def _show(self, told: Mapping[str, Any]) -> None:
        member, version = self.member(), told.get("version")
        facts = DemonstrationFacts(
            held_on=self.day(told["day"]),
            version=get_version(member, self.project, version) if version else None,
            came=told["came"],
            feedback=told["feedback"],
            decisions=told["decisions"],
        )
        sprint = get_sprint(member, self.project, told["sprint"])
        commands.note_demonstration(member, self.project, sprint, facts)

    def _look_back(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        sprint = get_sprint(member, self.project, told["sprint"])
        same = {name: told[name] for name in ("went_well", "went_badly")}
        facts = RetrospectiveFacts(held_on=self.day(told["day"]), **same)
        made = commands.write_retrospective(member, self.project, sprint, facts, 0)
        for action in told["actions"]:
            due_on = self.day(action["due"])
            decided = ActionFacts(what=action["what"], owner_id=member.person_id, due_on=due_on)
            row = actions.add_action(member, self.project, made, decided)
            if action.get("item"):
                actions.make_item(member, self.project, row)

    def _settle(self, what: str) -> None:
        member = self.member()
        settled = [row for row in self._open(member) if row.what == what]
        actions.settle_action(member, self.project, settled[0], Settlement.DONE)

    def _open(self, member: Actor) -> list[RetroAction]:
        rows = queries.read_actions(member, self.project).rows
        return [told.action for told in rows if told.action.settled_at is None]
