"""Sprint demonstrations and retrospectives of the demonstration."""

from functools import partial

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.platform.kernel.access import Actor
from portal.sprints.ceremonies import action_commands as actions
from portal.sprints.ceremonies import action_queries, commands
from portal.sprints.ceremonies.action_commands import ActionFacts
from portal.sprints.ceremonies.commands import DemonstrationFacts, RetrospectiveFacts
from portal.sprints.ceremonies.models import RetroAction, Settlement
from portal.sprints.prototypes.queries import get_version
from portal.sprints.sprints.queries import get_sprint


class CeremonyStory(StoryPart):
    """The sprint demonstrations and retrospectives of one project; days count from today."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        self.schedule_each_entry(project_story.get("demonstrations", []), self._note_demonstration)
        for entry in project_story.get("retrospectives", []):
            self.on_day(entry["day"], partial(self._write_retrospective, entry))
            for action in entry["actions"]:
                if "done" in action:
                    self.on_day(action["done"], partial(self._settle_action, action["what"]))

    def _note_demonstration(self, entry: StoryEntry) -> None:
        member, version = self.team_member(), entry.get("version")
        facts = DemonstrationFacts(
            held_on=self.day(entry["day"]),
            version=get_version(member, self.project, version) if version else None,
            attendee_counts=entry["came"],
            feedback=entry["feedback"],
            decisions=entry["decisions"],
        )
        sprint = get_sprint(member, self.project, entry["sprint"])
        commands.note_demonstration(member, self.project, sprint, facts)

    def _write_retrospective(self, entry: StoryEntry) -> None:
        member = self.team_member()
        sprint = get_sprint(member, self.project, entry["sprint"])
        same = {name: entry[name] for name in ("went_well", "went_badly")}
        facts = RetrospectiveFacts(held_on=self.day(entry["day"]), **same)
        retrospective = commands.write_retrospective(member, self.project, sprint, facts, 0)
        for action in entry["actions"]:
            due_on = self.day(action["due"])
            decided = ActionFacts(what=action["what"], owner_id=member.person_id, due_on=due_on)
            row = actions.add_action(member, self.project, retrospective, decided)
            if action.get("item"):
                actions.create_backlog_item(member, self.project, row)

    def _settle_action(self, action_text: str) -> None:
        member = self.team_member()
        settled = [row for row in self._list_open_actions(member) if row.what == action_text]
        actions.settle_action(member, self.project, settled[0], Settlement.COMPLETED)

    def _list_open_actions(self, member: Actor) -> list[RetroAction]:
        rows = action_queries.read_project_actions_page(member, self.project).rows
        return [action_row.action for action_row in rows if action_row.action.settled_at is None]
