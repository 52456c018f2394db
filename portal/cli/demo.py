"""`flask demo`: a live demonstration, told through the same commands that people use.

Organisations and project titles are real (`data/laureates.yaml`); people, sprints and comments are
invented (`data/story.yaml`), with dates that count from the day of loading.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli import cast, story
from portal.discussions import commands as discussions
from portal.discussions import queries as talks
from portal.kernel import clock
from portal.kernel.db import db
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

group = AppGroup("demo", help="A demonstration with the laureates of 2018 and 2019.")


@group.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="As JSON: role, email, password.")
def list_accounts(*, as_json: bool) -> None:
    """The accounts of the demonstration, one per role and more."""
    rows = [
        {"role": one.role.value, "email": one.email, "password": cast.PASSWORD}
        for one in cast.ACCOUNTS
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['role']:16} {row['email']:26} {row['password']}")


@group.command("load")
def load() -> None:
    """Fill an installation with the demonstration; what is there already is left as it is."""
    if current_app.extensions["settings"].is_production:
        raise click.ClickException("the demonstration's passwords are public: not in production")
    told = load_all(date.today())  # noqa: DTZ011  the machine's day, as whoever looks at it sees it
    click.echo(f"{told} demonstration projects loaded." if told else "The demonstration is there.")


def load_all(today: date) -> int:
    """How many projects were told, dated from a day; each programme whole or not at all."""
    cast.give_administrator()
    db.session.commit()
    stories, told = story.read_stories(), 0
    for given in story.read_programmes():
        if roles.is_slug_taken(given["slug"]):
            continue
        programme = _make_programme(given, today)
        for file in given["projects"]:
            _Teller(today, _make_project(programme, file), stories[file["slug"]]).tell()
            told += 1
        db.session.commit()
    return told


def _make_programme(given: dict[str, Any], today: date) -> Programme:
    starts_on = today - timedelta(days=round(given["elapsed_months"] * MONTH) - 8)
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
        ends_on=starts_on + timedelta(days=round(programme.months * MONTH)),
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

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def tell(self) -> None:
        tracks = list(list_tracks(self.project))
        with clock.at(_moment(self.project.starts_on, 10)):
            self.cast = cast.gather(self.project, tracks, self.given["members"])
        for told in self.given["sprints"]:
            self._tell_sprint(told)
        talk = talks.get_discussion(self._actor("team_lead"), self.project.discussion_id)
        said = [one | {"on": self.day(one["day"])} for one in self.given["discussion"]]
        self._say(talk.id, said)
        if self.given["stopped"]:
            self._stop(self.given["stopped"])

    def _actor(self, part: str) -> Any:
        return roles.actor_for(self.cast.speaker(part).id)

    def _tell_sprint(self, told: dict[str, Any]) -> None:
        first, last = self.day(told["first"]), self.day(told["last"])
        member = self._actor("member")
        plan = SprintPlan(
            goal=told["goal"], starts_on=first, ends_on=last, capacity=told.get("capacity")
        )
        with clock.at(_moment(min(first, self.today) - timedelta(days=1), 16)):
            sprint = sprints.plan_sprint(member, self.project, plan)
        spoken_from = first
        if first <= self.today:
            with clock.at(_moment(first, 8, 30)):
                sprints.start_sprint(member, self.project, sprint)
        if told["close"]:
            spoken_from = self.day(told["close"]["day"])
            self._close(sprint, told["close"], spoken_from)
        said = [
            one | {"on": spoken_from + timedelta(days=one["after"])} for one in told["comments"]
        ]
        self._say(sprint.discussion_id, said)

    def _close(self, sprint: Sprint, told: dict[str, Any], on: date) -> None:
        indicator = told["indicator"] or {}
        log = SprintLog(
            outcome=told["outcome"],
            summary=told["summary"],
            shown=told["shown"] or "",
            shown_to=told["shown_to"] or "",
            shown_link=told["shown_link"] or "",
            learnt=told["learnt"] or "",
            indicator=indicator.get("name", ""),
            indicator_before=indicator.get("before"),
            indicator_after=indicator.get("after"),
            test_set_size=indicator.get("test_set_size"),
            blocker=told["blocker"]["kind"],
            blocker_text=told["blocker"].get("text") or "",
            help_wanted=told["help_wanted"],
            decision_awaited=told["decision"] or "",
            outlook=told["outlook"],
            outlook_note=told["outlook_note"] or "",
            next_goal=told["next_goal"] or "",
        )
        with clock.at(_moment(on, 15, 30)):
            sprints.close_sprint(self._actor("member"), self.project, sprint, log, sprint.version)

    def _say(self, discussion_id: Any, said: list[dict[str, Any]]) -> None:
        handles = {part: f"@{self.cast.speaker(part).handle}" for part in story.SPEAKERS}
        thread = None
        for n, one in enumerate(said):
            text = one["text"]
            for part, handle in handles.items():
                text = text.replace("{" + part + "}", handle)
            speaker = self._actor(one["by"])
            with clock.at(_moment(one["on"], 16, n)):
                if one["reply_to_previous"] and thread is not None:
                    discussions.reply(speaker, thread, text)
                else:
                    talk = talks.get_discussion(speaker, discussion_id)
                    comment = discussions.start_thread(speaker, talk, text)
                    thread = talks.get_thread(speaker, comment.thread_id)

    def _stop(self, told: dict[str, Any]) -> None:
        with clock.at(_moment(self.day(told["day"]), 11)):
            projects.stop(
                self._actor("programme_lead"),
                self.project,
                reason=told["reason"],
                learnings=told["learnings"],
            )
