"""Findings of the demonstration's user tests and their follow-up."""

from functools import partial

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.project.projects.models import Project
from portal.sprints.backlog.commands import drop_item
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.move_commands import move_items
from portal.sprints.backlog.queries import find_open_iteration
from portal.sprints.backlog.state_commands import set_item_state
from portal.user_tests.findings import closing_commands, commands, merge_commands, queries, retest_commands
from portal.user_tests.findings.commands import FindingFacts
from portal.user_tests.findings.models import Finding, RetestResult
from portal.user_tests.findings.retest_commands import RetestEntry
from portal.user_tests.rounds.queries import list_tasks


class FindingStory(StoryPart):
    """The findings of one project, from noting to closing, and their retests in later rounds."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        for number, entry in enumerate(project_story.get("noted", []), start=1):
            self.on_day(entry["day"], partial(self._note_finding, entry))
            self.schedule_trigger_check(entry["day"])
            self._schedule_finding_item(number, entry.get("item", {}))
            self._schedule_finding_end(number, entry)
        self.schedule_each_entry(project_story.get("retests", []), self._note_retests)

    def _schedule_finding_item(self, number: int, entry: StoryEntry) -> None:
        if entry:
            self.on_day(
                entry["day"],
                lambda: commands.create_backlog_item(self.team_member(), *self._project_and_finding(number)),
            )
        if "sprint" in entry:
            self.on_day(entry["taken"], lambda: self._plan_item(number, entry["sprint"]))
        if "done" in entry:
            self.on_day(entry["done"], lambda: self._finish_item(number))
        if "dropped" in entry:
            self.on_day(entry["dropped"], lambda: self._drop_item(number))

    def _schedule_finding_end(self, number: int, entry: StoryEntry) -> None:
        ends = {
            "merged": self._merge_finding,
            "settled": self._settle_finding,
            "accepted": self._accept_finding,
        }
        for name, end in ends.items():
            if name in entry:
                self.on_day(entry[name]["day"], partial(end, number, entry[name]))

    def _project_and_finding(self, number: int) -> tuple[Project, Finding]:
        return self.project, queries.get_finding(*self.team, number)

    def _find_item(self, number: int) -> Item:
        item = queries.find_item_of_finding(self._project_and_finding(number)[1])
        if item is None:
            raise LookupError(number)
        return item

    def _note_finding(self, entry: StoryEntry) -> None:
        member = self.team_member()
        round_, _version = queries.get_round_with_version(member, self.project, entry["round"])
        facts = FindingFacts(
            what=entry["what"],
            detail=entry["detail"],
            severity=entry["severity"],
            is_harm=entry.get("harm", False),
            owner_id=member.person_id if entry.get("owned") else None,
        )
        tasks = [task for task in list_tasks(round_) if task.number in entry["tasks"]]
        sessions = [
            session
            for session in queries.list_counted_sessions(round_)
            if session.number in entry["sessions"]
        ]
        commands.note_finding(member, self.project, round_, facts, tasks=tasks, sessions=sessions)

    def _plan_item(self, number: int, sprint: int) -> None:
        item, to = self._find_item(number), find_open_iteration(self.project, sprint)
        move_items(*self.team, [ItemAtVersion(item, item.version)], to)

    def _finish_item(self, number: int) -> None:
        item = self._find_item(number)
        set_item_state(*self.team, ItemAtVersion(item, item.version), ItemState.DONE)

    def _drop_item(self, number: int) -> None:
        item = self._find_item(number)
        drop_item(*self.team, ItemAtVersion(item, item.version))

    def _merge_finding(self, number: int, entry: StoryEntry) -> None:
        into = self._project_and_finding(entry["into"])[1]
        merge_commands.merge_findings(self.team_member(), *self._project_and_finding(number), into)

    def _settle_finding(self, number: int, entry: StoryEntry) -> None:
        project, finding = self._project_and_finding(number)
        closing_commands.settle_finding(
            self.team_member(), project, finding, entry["reason"], finding.version
        )

    def _accept_finding(self, number: int, entry: StoryEntry) -> None:
        project, finding = self._project_and_finding(number)
        closing_commands.accept_finding(
            self.actor_as("team_lead"), project, finding, entry["reason"], finding.version
        )

    def _note_retests(self, entry: StoryEntry) -> None:
        where = queries.get_round_with_version(*self.team, entry["round"])
        answers = [
            RetestEntry(answer["finding"], RetestResult(answer["result"]), answer.get("note", ""), None)
            for answer in entry["answers"]
        ]
        retest_commands.note_retests(*self.team, *where, answers)
