"""Tells one project's story in the order in which it happened."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from portal.demo import cast, story
from portal.demo.ceremonies import Ceremonies
from portal.demo.chores import Chores
from portal.demo.coaching import Support
from portal.demo.dossier import Dossier
from portal.demo.filing import Filing
from portal.demo.findings import Found
from portal.demo.ladder import Ladder
from portal.demo.noticing import Notice
from portal.demo.prototypes import Workshop
from portal.demo.reviews import Panel
from portal.demo.risks import Register
from portal.demo.sheets import Binder
from portal.demo.teller import Teller, Telling
from portal.demo.transparency import Showcase
from portal.demo.user_tests import UserTests
from portal.demo.weather import Barometer
from portal.discussions import commands as discussions
from portal.discussions import queries as talks
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.programmes import queries as roles
from portal.projects import commands as projects
from portal.projects.models import Project
from portal.projects.queries import list_tracks
from portal.sprints import commands as sprints
from portal.sprints.commands import SprintLog, SprintPlan
from portal.sprints.models import Sprint

# In this order where a day holds several.
TELLERS: tuple[type[Teller], ...] = (
    Dossier,
    Workshop,
    Ceremonies,
    UserTests,
    Found,
    Register,
    Panel,
    Support,
    Showcase,
    Filing,
    Binder,
    Ladder,
    Barometer,
)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """On that day, but never later than now."""
    return min(datetime.combine(day, time(hour, minute), UTC), clock.now())


class Narrator:
    """Gathers the deeds of one project, and has them done one after the other."""

    def __init__(self, today: date, project: Project, given: Telling) -> None:
        self.today = today
        self.project = project
        self.slug = project.slug
        self.given = given
        self.deeds: list[tuple[datetime, Callable[[], object]]] = []
        self._actors: dict[str, Actor] = {}

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def voice(self, part: str) -> Actor:
        """Whoever plays that part; what a person may do in a demonstration does not change."""
        if part not in self._actors:
            self._actors[part] = self.fresh(part)()
        return self._actors[part]

    def fresh(self, part: str) -> Callable[[], Actor]:
        """The same, read again in another transaction."""
        return partial(roles.actor_for, self._people[part])

    def tell(self, about: Mapping[str, Any]) -> None:
        tracks = list(list_tracks(self.project))
        with clock.at(moment(self.project.starts_on, 10)):
            self.cast = cast.gather(self.project, tracks, self.given["members"])
        self._people = {part: self.cast.speaker(part).id for part in story.SPEAKERS}
        for teller in TELLERS:
            given = {**self.given, "about": about}
            teller(self.project, self.today, self.voice).tell(given, self._on)
        for told in self.given["sprints"]:
            self._tell_sprint(told)
        self._tell_items()
        said = [one | {"on": self.day(one["day"])} for one in self.given["discussion"]]
        self._say(lambda: self.project.discussion_id, said)
        if self.given["stopped"]:
            self._stop(self.given["stopped"])
        notice = Notice(self.project)
        for when, deed in sorted(self.deeds, key=lambda one: one[0]):
            with clock.at(when):
                self._do(deed, when)
                notice.take()

    def _do(self, deed: Callable[[], object], when: datetime) -> None:
        try:
            deed()
        except Exception as refused:
            refused.add_note(f"told of {self.slug}, on {when:%d/%m/%Y}: {deed}")
            raise

    def _on(self, day: int, deed: Callable[[], object]) -> None:
        self._then(moment(self.day(day), 14), deed)

    def _then(self, when: datetime, deed: Callable[[], object]) -> None:
        first = moment(self.project.starts_on, 11)  # once the team is there
        self.deeds.append((max(when, first), deed))

    def _tell_sprint(self, told: dict[str, Any]) -> None:
        first, last = self.day(told["first"]), self.day(told["last"])
        planned: list[Sprint] = []
        plan = SprintPlan(
            goal=told["goal"], starts_on=first, ends_on=last, capacity=told.get("capacity")
        )

        def start() -> None:
            sprints.start_sprint(self.voice("member"), self.project, planned[0])

        self._then(
            moment(min(first, self.today) - timedelta(days=1), 16),
            lambda: planned.append(sprints.plan_sprint(self.voice("member"), self.project, plan)),
        )
        spoken_from = first
        if first <= self.today:
            self._then(moment(first, 15, 45), start)  # the one before may close that day
        if told["close"]:
            spoken_from = self.day(told["close"]["day"])
            self._close(planned, told["close"], spoken_from)
        said = [
            one | {"on": spoken_from + timedelta(days=one["after"])} for one in told["comments"]
        ]
        self._say(lambda: planned[0].discussion_id, said)

    def _tell_items(self) -> None:
        member = partial(self.voice, "member")
        sprints_ = self.given["sprints"]
        chores = Chores(self.project, self._then, story.read_items(), len(sprints_))
        chores.fill_backlog(moment(self.project.starts_on, 12), member)
        for number, told in enumerate(sprints_, 1):
            last = told["close"]["day"] if told["close"] else min(told["last"], 0)
            eve = min(self.day(told["first"]), self.today) - timedelta(days=1)
            mornings = moment(self.day(told["first"])), moment(self.day(last))
            chores.tell_sprint(number, told, (moment(eve, 16, 5), *mornings), member)

    def _close(self, planned: list[Sprint], told: dict[str, Any], on: date) -> None:
        indicator = told["indicator"] or {}
        texts = ("shown", "shown_to", "shown_link", "learnt", "outlook_note", "next_goal")
        same = ("outcome", "summary", "help_wanted", "outlook")
        typed: dict[str, Any] = {name: told[name] or "" for name in texts}
        log = SprintLog(
            **typed | {name: told[name] for name in same},
            indicator=indicator.get("name", ""),
            indicator_before=indicator.get("before"),
            indicator_after=indicator.get("after"),
            test_set_size=indicator.get("test_set_size"),
            blocker=told["blocker"]["kind"],
            blocker_text=told["blocker"].get("text") or "",
            decision_awaited=told["decision"] or "",
        )

        def close() -> None:
            sprint = planned[0]
            sprints.close_sprint(self.voice("member"), self.project, sprint, log, sprint.version)

        self._then(moment(on, 15, 30), close)

    def _say(self, where: Callable[[], UUID], said: list[dict[str, Any]]) -> None:
        handles = {part: f"@{self.cast.speaker(part).handle}" for part in story.SPEAKERS}
        threads: list[UUID] = []

        def speak(one: dict[str, Any], text: str) -> None:
            speaker = self.voice(one["by"])
            if one["reply_to_previous"] and threads:
                discussions.reply(speaker, talks.get_thread(speaker, threads[-1]), text)
            else:
                talk = talks.get_discussion(speaker, where())
                threads.append(discussions.start_thread(speaker, talk.id, text).comment.thread_id)

        for n, one in enumerate(said):
            text = one["text"]
            for part, handle in handles.items():
                text = text.replace("{" + part + "}", handle)
            self._then(moment(one["on"], 16, n), partial(speak, one, text))

    def _stop(self, told: dict[str, Any]) -> None:
        def stop() -> None:
            lead = self.voice("programme_lead")
            told_by = {name: told[name] for name in ("reason", "learnings")}
            projects.stop(lead, self.project, **told_by)

        self._then(moment(self.day(told["day"]), 11), stop)
