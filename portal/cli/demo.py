"""`flask demo`: a live demonstration, told through the same commands that people use.

Organisations and project titles are real (`data/laureates.yaml`); people, sprints and comments are
invented (`data/story.yaml`), with dates that count from the day of loading.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli import cards, cast, rereviews, story
from portal.cli.ceremonies import Ceremonies
from portal.cli.chores import Chores
from portal.cli.coaching import Support, tell_gatherings
from portal.cli.dossier import Dossier, read_files
from portal.cli.filing import Filing
from portal.cli.findings import Found
from portal.cli.gates import Ladder
from portal.cli.imports import Imports
from portal.cli.prototypes import Workshop
from portal.cli.reviews import Panel
from portal.cli.risks import Register
from portal.cli.sheets import Binder
from portal.cli.transparency import Showcase
from portal.cli.user_tests import UserTests
from portal.discussions import commands as discussions
from portal.discussions import queries as talks
from portal.kernel import clock
from portal.kernel.db import transaction
from portal.notifications import commands as notifications
from portal.programmes import commands as programmes
from portal.programmes import queries as roles
from portal.programmes.commands import ProgrammePlan
from portal.programmes.models import Programme
from portal.projects import commands as projects
from portal.projects.commands import ProjectFile
from portal.projects.models import Project
from portal.projects.queries import list_tracks
from portal.sprints import commands as sprints
from portal.sprints.commands import SprintLog, SprintPlan
from portal.sprints.models import Sprint

MONTH = 30.44  # mean days
READ = timedelta(days=4)  # what happened before was read

group = AppGroup("demo", help="A demonstration with the laureates of 2018 and 2019.")


@group.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="As JSON: role, email, password.")
def list_accounts(*, as_json: bool) -> None:
    """The accounts of the demonstration, one per role and more."""
    refuse_in_production()
    rows = cast.sign_ins()
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['role']:16} {row['email']:26} {row['password']}")


@group.command("load")
def load() -> None:
    """Fill an installation with the demonstration; what is there already is left as it is."""
    refuse_in_production()
    told = load_all(date.today())  # noqa: DTZ011  the machine's day, as whoever looks at it sees it
    click.echo(f"{told} demonstration projects loaded." if told else "The demonstration is there.")


def refuse_in_production() -> None:
    """Raise `click.ClickException` in a production."""
    if current_app.extensions["settings"].is_production:
        raise click.ClickException("the demonstration's passwords are public: not in production")


def load_all(today: date) -> int:
    """How many projects were told, dated from a day; each programme whole or not at all."""
    with transaction():
        cast.give_administrator()
    stories, items, files, told = story.read_stories(), story.read_items(), read_files(), 0
    for given in story.read_programmes():
        if roles.is_slug_taken(given["slug"]):
            continue
        members, leads = {}, {}
        with transaction():
            programme = _make_programme(given, today)
            for file in given["projects"]:
                teller = _Teller(today, _make_project(programme, file), stories[file["slug"]])
                teller.tell_file(files.get(file["slug"], {}), file)
                teller.tell(items)
                members[file["slug"]] = teller.cast.speaker("member").id
                leads[file["slug"]] = teller.cast.speaker("team_lead").id
            tell_gatherings(programme, given["slug"], today, list(members.values()))
        with transaction():  # the trail is read once it is kept
            for slug, lead in leads.items():
                rereviews.tell(slug, roles.actor_for(lead))
                cards.tell(slug, roles.actor_for(cast.named("direction").id))
            notifications.settle_all(clock.now() - READ)
        told += len(members)
        for slug, member in members.items():
            Imports(slug, partial(roles.actor_for, member)).tell(files.get(slug, {}))
    return told


def _make_programme(given: dict[str, Any], today: date) -> Programme:
    starts_on = today - timedelta(days=round(given["elapsed_months"] * MONTH) - 6)
    plan = ProgrammePlan(
        **{key: given[key] for key in ("name_fr", "name_en", "about_fr", "about_en", "months")},
        starts_on=starts_on,
    )
    tracks = [(track["name_fr"], track["name_en"]) for track in given["tracks"]]
    with clock.at(_moment(starts_on)):
        admin = roles.actor_for(cast.named("admin").id)
        programme = programmes.create_programme(admin, plan, tracks)
        programme.is_demonstration = True
        keys = {track["name_fr"]: track["key"] for track in given["tracks"]}
        for track in roles.list_tracks(programme.id):
            track.key = keys[track.name_fr]
        cast.give_programme_roles(programme)
    return programme


def _make_project(programme: Programme, file: dict[str, Any]) -> Project:
    starts_on = programme.starts_on
    about = ProjectFile(
        organisation=file["organisation_fr"],
        acronym=file["acronym"],
        title_fr=file["title_fr"],
        title_en=file["title_en"],
        problem=file["problem_fr"],
        users_aimed_at=file["users_fr"],
        repository_url="",
        demonstration_url="",
        starts_on=starts_on,
        ends_on=programme.ends_on,
    )
    with clock.at(_moment(starts_on)):
        lead = roles.actor_for(cast.named("direction").id)
        return projects.create_project(lead, programme, about, file["tracks"], slug=file["slug"])


def _moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return min(datetime.combine(day, time(hour, minute), UTC), clock.now())


class _Teller:
    """Tells one project's story in the order in which it happened."""

    def __init__(self, today: date, project: Project, given: dict[str, Any]) -> None:
        self.today = today
        self.project = project
        self.given = given
        self.deeds: list[tuple[datetime, Callable[[], object]]] = []

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def tell(self, items: dict[str, Any]) -> None:
        tracks = list(list_tracks(self.project))
        with clock.at(_moment(self.project.starts_on, 10)):
            self.cast = cast.gather(self.project, tracks, self.given["members"])
        for told in self.given["sprints"]:
            self._tell_sprint(told)
        self._tell_items(items)
        said = [one | {"on": self.day(one["day"])} for one in self.given["discussion"]]
        self._say(lambda: self.project.discussion_id, said)
        if self.given["stopped"]:
            self._stop(self.given["stopped"])
        for moment, deed in sorted(self.deeds, key=lambda one: one[0]):
            with clock.at(moment):
                deed()

    def tell_file(self, given: dict[str, Any], about: dict[str, Any]) -> None:
        """What the project's file holds, beside what happens in its sprints."""
        dossier = Dossier(self.project, self.today, lambda: self._actor("member"))
        workshop = Workshop(self.project, self.today, lambda: self._actor("member"))

        def then(day: int, deed: Callable[[], object]) -> None:
            self._then(_moment(self.day(day), 14), deed)

        dossier.tell(given, about, then)
        workshop.tell(given, then)
        Ceremonies(self.project, self.today, lambda: self._actor("member")).tell(given, then)
        UserTests(self.project, self.today, lambda: self._actor("member")).tell(then)
        lead = partial(self._actor, "team_lead")
        Found(self.project, lambda: self._actor("member"), lead).tell(then)
        Register(self.project, self.today, lambda: self._actor("member")).tell(then)
        Panel(self.project, self.today, lambda: self._actor("member"), self._actor).tell(then)
        Support(self.project, self.today, lambda: self._actor("member"), self._actor).tell(then)
        Showcase(self.project, self.today, lambda: self._actor("member"), lead).tell(then)
        Filing(self.project, lambda: self._actor("member")).tell(given, then)
        Binder(self.project, self.today, lambda: self._actor("member")).tell(given, then)
        voices = {part: partial(self._actor, part) for part in story.SPEAKERS}
        Ladder(self.project, self.today, lambda: self._actor("member"), voices).tell(then)

    def _actor(self, part: str) -> Any:
        return roles.actor_for(self.cast.speaker(part).id)

    def _tell_sprint(self, told: dict[str, Any]) -> None:
        first, last = self.day(told["first"]), self.day(told["last"])
        planned: list[Sprint] = []
        plan = SprintPlan(
            goal=told["goal"], starts_on=first, ends_on=last, capacity=told.get("capacity")
        )

        def start() -> None:
            sprints.start_sprint(self._actor("member"), self.project, planned[0])

        self._then(
            _moment(min(first, self.today) - timedelta(days=1), 16),
            lambda: planned.append(sprints.plan_sprint(self._actor("member"), self.project, plan)),
        )
        spoken_from = first
        if first <= self.today:
            self._then(_moment(first, 15, 45), start)  # the one before may close that day
        if told["close"]:
            spoken_from = self.day(told["close"]["day"])
            self._close(planned, told["close"], spoken_from)
        said = [
            one | {"on": spoken_from + timedelta(days=one["after"])} for one in told["comments"]
        ]
        self._say(lambda: planned[0].discussion_id, said)

    def _tell_items(self, items: dict[str, Any]) -> None:
        member = partial(self._actor, "member")
        sprints_ = self.given["sprints"]
        chores = Chores(self.project, self._then, items, len(sprints_))
        chores.fill_backlog(_moment(self.project.starts_on, 12), member)
        for number, told in enumerate(sprints_, 1):
            last = told["close"]["day"] if told["close"] else min(told["last"], 0)
            eve = min(self.day(told["first"]), self.today) - timedelta(days=1)
            mornings = _moment(self.day(told["first"])), _moment(self.day(last))
            chores.tell_sprint(number, told, (_moment(eve, 16, 5), *mornings), member)

    def _then(self, moment: datetime, deed: Callable[[], object]) -> None:
        first = _moment(self.project.starts_on, 11)  # once the team is there
        self.deeds.append((max(moment, first), deed))

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
            sprints.close_sprint(self._actor("member"), self.project, sprint, log, sprint.version)

        self._then(_moment(on, 15, 30), close)

    def _say(self, where: Callable[[], UUID], said: list[dict[str, Any]]) -> None:
        handles = {part: f"@{self.cast.speaker(part).handle}" for part in story.SPEAKERS}
        threads: list[UUID] = []

        def speak(one: dict[str, Any], text: str) -> None:
            speaker = self._actor(one["by"])
            if one["reply_to_previous"] and threads:
                discussions.reply(speaker, talks.get_thread(speaker, threads[-1]), text)
            else:
                talk = talks.get_discussion(speaker, where())
                threads.append(discussions.start_thread(speaker, talk.id, text).thread_id)

        for n, one in enumerate(said):
            text = one["text"]
            for part, handle in handles.items():
                text = text.replace("{" + part + "}", handle)
            self._then(_moment(one["on"], 16, n), partial(speak, one, text))

    def _stop(self, told: dict[str, Any]) -> None:
        def stop() -> None:
            lead = self._actor("programme_lead")
            told_by = {name: told[name] for name in ("reason", "learnings")}
            projects.stop(lead, self.project, **told_by)

        self._then(_moment(self.day(told["day"]), 11), stop)
