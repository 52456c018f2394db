"""Loads the stories of projects in chronological order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from portal.app.demo import people, story_files
from portal.app.demo.attachments import AttachmentStory
from portal.app.demo.backlog import BacklogStory
from portal.app.demo.ceremonies import CeremonyStory
from portal.app.demo.coaching import CoachingStory
from portal.app.demo.decisions import DecisionStory, SprintDecisionRecorder
from portal.app.demo.findings import FindingStory
from portal.app.demo.funding import FundingStory, is_stopped_by_request
from portal.app.demo.gates import GateStory
from portal.app.demo.health import HealthRecorder, HealthStory
from portal.app.demo.project_file import FramingAndDataStory
from portal.app.demo.prototypes import PrototypeStory
from portal.app.demo.readiness_sheets import ReadinessSheetStory
from portal.app.demo.rereviews import RereviewStory
from portal.app.demo.reviews import ReviewStory
from portal.app.demo.risks import RiskStory
from portal.app.demo.story_clock import freeze_story_clock, moment_not_after_now
from portal.app.demo.story_part import ProjectStory, StoryPart
from portal.app.demo.transparency import TransparencyStory
from portal.app.demo.user_tests import UserTestStory
from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions import queries as talks
from portal.people.programmes import queries as roles
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects import commands as projects
from portal.project.projects.models import Project
from portal.project.projects.queries import list_tracks
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.models import Sprint

# The order of parts on the same day.
STORY_PARTS: tuple[type[StoryPart], ...] = (
    FramingAndDataStory,
    PrototypeStory,
    CeremonyStory,
    UserTestStory,
    FindingStory,
    RiskStory,
    ReviewStory,
    CoachingStory,
    TransparencyStory,
    AttachmentStory,
    ReadinessSheetStory,
    FundingStory,
    GateStory,
    HealthStory,
    DecisionStory,
    RereviewStory,
)


class ProjectStoryRunner:
    """Collects the queued steps of one project and runs them."""

    def __init__(self, today: date, project: Project, project_story: ProjectStory) -> None:
        self.today = today
        self.project = project
        self.slug = project.slug
        self.project_story = project_story
        self.steps: list[tuple[datetime, Callable[[], object]]] = []
        self._actors: dict[str, Actor] = {}

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def actor_as(self, part: str) -> Actor:
        """The actor of a part, cached: roles do not change in the demonstration."""
        if part not in self._actors:
            self._actors[part] = self.make_actor_reader(part)()
        return self._actors[part]

    def make_actor_reader(self, part: str) -> Callable[[], Actor]:
        """A function that reads the same actor again, for another transaction."""
        return partial(roles.actor_for, self._people[part])

    def schedule_story(self, about: Mapping[str, Any]) -> None:
        """Queue the whole story."""
        tracks = list(list_tracks(self.project))
        with freeze_story_clock(moment_not_after_now(self.project.starts_on, 10)):
            self.cast = people.make_cast(self.project, tracks, self.project_story["members"])
        self._people = {part: self.cast.find_cast_member(part).id for part in story_files.SPEAKERS}
        full_story = {**self.project_story, "about": about}
        for part_type in STORY_PARTS:
            part = part_type(self.project, self.today, self.actor_as, self._schedule_step_on_day)
            part.schedule_story_steps(full_story)
        for sprint_entry in self.project_story["sprints"]:
            self._schedule_sprint(sprint_entry)
        self._schedule_items()
        comments = [
            comment | {"on": self.day(comment["day"])} for comment in self.project_story["discussion"]
        ]
        self._schedule_comments(lambda: self.project.discussion_id, comments)
        if self.project_story["stopped"] and not is_stopped_by_request(self.slug):
            self._schedule_project_stop(self.project_story["stopped"])

    def run_step(self, step: Callable[[], object], when: datetime) -> None:
        """Run a step. An error gets a note with project, day and step."""
        try:
            step()
        except Exception as refused:
            refused.add_note(f"in the story of {self.slug}, on {when:%d/%m/%Y}: {step}")
            raise

    def _schedule_step_on_day(self, day: int, step: Callable[[], object]) -> None:
        self._schedule_step_at(moment_not_after_now(self.day(day), 14), step)

    def _schedule_step_at(self, when: datetime, step: Callable[[], object]) -> None:
        first = moment_not_after_now(self.project.starts_on, 11)  # after the team has joined
        self.steps.append((max(when, first), step))

    def _schedule_sprint(self, sprint_entry: dict[str, Any]) -> None:
        first, last = self.day(sprint_entry["first"]), self.day(sprint_entry["last"])
        planned: list[Sprint] = []
        plan = SprintPlan(
            goal=sprint_entry["goal"], starts_on=first, ends_on=last, capacity=sprint_entry.get("capacity")
        )

        def start() -> None:
            sprints.start_sprint(self.actor_as("member"), self.project, planned[0])

        self._schedule_step_at(
            moment_not_after_now(min(first, self.today) - timedelta(days=1), 16),
            lambda: planned.append(sprints.plan_sprint(self.actor_as("member"), self.project, plan)),
        )
        spoken_from = first
        if first <= self.today:
            self._schedule_step_at(
                moment_not_after_now(first, 15, 45), start
            )  # the previous sprint may close on that day
        if sprint_entry["close"]:
            spoken_from = self.day(sprint_entry["close"]["day"])
            self._schedule_sprint_close(planned, sprint_entry["close"], spoken_from)
        comments = [
            comment | {"on": spoken_from + timedelta(days=comment["after"])}
            for comment in sprint_entry["comments"]
        ]
        self._schedule_comments(lambda: planned[0].discussion_id, comments)

    def _schedule_items(self) -> None:
        member = partial(self.actor_as, "member")
        sprints_ = self.project_story["sprints"]
        chores = BacklogStory(
            self.project, self._schedule_step_at, story_files.read_backlog_texts(), len(sprints_)
        )
        chores.fill_backlog(moment_not_after_now(self.project.starts_on, 12), member)
        for number, sprint_entry in enumerate(sprints_, 1):
            last = sprint_entry["close"]["day"] if sprint_entry["close"] else min(sprint_entry["last"], 0)
            eve = min(self.day(sprint_entry["first"]), self.today) - timedelta(days=1)
            mornings = (
                moment_not_after_now(self.day(sprint_entry["first"])),
                moment_not_after_now(self.day(last)),
            )
            chores.schedule_sprint_items(
                number, sprint_entry, (moment_not_after_now(eve, 16, 5), *mornings), member
            )

    def _schedule_sprint_close(self, planned: list[Sprint], close_entry: dict[str, Any], on: date) -> None:
        indicator = close_entry["indicator"] or {}
        texts = ("shown", "shown_to", "shown_link", "learnt", "outlook_note", "next_goal")
        same = ("outcome", "summary", "help_wanted", "outlook")
        typed: dict[str, Any] = {name: close_entry[name] or "" for name in texts}
        log = SprintLog(
            **typed | {name: close_entry[name] for name in same},
            indicator=indicator.get("name", ""),
            indicator_before=indicator.get("before"),
            indicator_after=indicator.get("after"),
            test_set_size=indicator.get("test_set_size"),
            blocker=close_entry["blocker"]["kind"],
            blocker_text=close_entry["blocker"].get("text") or "",
            decision_awaited=close_entry["decision"] or "",
        )

        def close() -> None:
            sprint = planned[0]
            sprints.close_sprint(self.actor_as("member"), self.project, sprint, log, sprint.version)

        self._schedule_step_at(moment_not_after_now(on, 15, 30), close)

    def _schedule_comments(self, where: Callable[[], UUID], comments: list[dict[str, Any]]) -> None:
        handles = {part: f"@{self.cast.find_cast_member(part).handle}" for part in story_files.SPEAKERS}
        threads: list[UUID] = []

        def speak(comment: dict[str, Any], text: str) -> None:
            speaker = self.actor_as(comment["by"])
            if comment["reply_to_previous"] and threads:
                thread = talks.get_thread(speaker, threads[-1])
                discussions.reply_to_thread(speaker, thread, text, read_at=clock.now())
            else:
                talk = talks.get_discussion(speaker, where())
                threads.append(discussions.start_thread(speaker, talk.id, text).comment.thread_id)

        for n, entry in enumerate(comments):
            text = entry["text"]
            for part, handle in handles.items():
                text = text.replace("{" + part + "}", handle)
            self._schedule_step_at(moment_not_after_now(entry["on"], 16, n), partial(speak, entry, text))

    def _schedule_project_stop(self, stop_entry: dict[str, Any]) -> None:
        def stop() -> None:
            lead = self.actor_as("programme_lead")
            stop_texts = {name: stop_entry[name] for name in ("reason", "learnings")}
            projects.stop_project(lead, self.project, **stop_texts)

        self._schedule_step_at(moment_not_after_now(self.day(stop_entry["day"]), 11), stop)


def run_project_stories(narrators: Iterable[ProjectStoryRunner]) -> None:
    """Run the queued stories of a programme's projects together, in the order of time, as their
    teams lived them: what one team reaches moves the forecasts of the others."""
    narrators = list(narrators)
    decision_recorder, health_recorder = SprintDecisionRecorder(), HealthRecorder()
    for narrator in narrators:
        with freeze_story_clock(moment_not_after_now(narrator.project.starts_on, 10)):
            health_recorder.record_first_reading(narrator.project)
    queued = [(when, narrator, step) for narrator in narrators for when, step in narrator.steps]
    for when, narrator, step in sorted(queued, key=itemgetter(0)):
        with freeze_story_clock(when):
            narrator.run_step(step, when)
            decision_recorder.update_after_step()
            health_recorder.update_after_step(narrator.project)
