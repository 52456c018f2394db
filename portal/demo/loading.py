"""The demonstration, loaded: each programme whole or not at all, and only once.

Organisations and project titles are real (`data/laureates.yaml`); people and whatever they do are
invented (the other files), with dates that count from the day of loading.
"""

from datetime import date, timedelta
from typing import Any

from portal.demo import cards, cast, packs, rereviews, story
from portal.demo.coaching import tell_gatherings
from portal.demo.imports import Imports
from portal.demo.narrator import Narrator, moment
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

MONTH = 30.44  # mean days
READ = timedelta(days=4)  # what happened before was read


def load_all(today: date) -> int:
    """How many projects were told, dated from a day; each programme whole or not at all."""
    with transaction():
        cast.give_administrator()
    told = 0
    for given in story.read_programmes():
        if not roles.is_slug_taken(given["slug"]):
            told += _load(given, today)
    return told


def _load(given: dict[str, Any], today: date) -> int:
    tellings = story.read_tellings()
    narrators = []
    with transaction():
        programme = _make_programme(given, today)
        for file in given["projects"]:
            project = make_project(programme, file)
            narrators.append(Narrator(today, project, tellings[file["slug"]]))
            narrators[-1].tell(file)
        members = [one.voice("member").person_id for one in narrators]
        tell_gatherings(programme, given["slug"], today, members)
    with transaction():  # the trail is read once it is kept
        for one in narrators:
            rereviews.tell(one.slug, one.given, one.voice("team_lead"))
            cards.tell(one.slug, one.given, one.voice("programme_lead"))
        packs.tell(given["slug"], today, narrators[0].voice("programme_lead"))
        notifications.settle_all(clock.now() - READ)
    for one in narrators:
        Imports(one.slug, one.fresh("member")).tell(one.given)
    return len(narrators)


def _make_programme(given: dict[str, Any], today: date) -> Programme:
    starts_on = today - timedelta(days=round(given["elapsed_months"] * MONTH) - 6)
    plan = ProgrammePlan(
        **{key: given[key] for key in ("name_fr", "name_en", "about_fr", "about_en", "months")},
        starts_on=starts_on,
    )
    tracks = [(track["name_fr"], track["name_en"]) for track in given["tracks"]]
    with clock.at(moment(starts_on)):
        admin = roles.actor_for(cast.named("admin").id)
        programme = programmes.create_programme(admin, plan, tracks)
        programme.is_demonstration = True
        keys = {track["name_fr"]: track["key"] for track in given["tracks"]}
        for track in roles.list_tracks(programme.id):
            track.key = keys[track.name_fr]
        cast.give_programme_roles(programme)
    return programme


def make_project(programme: Programme, file: dict[str, Any]) -> Project:
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
    with clock.at(moment(starts_on)):
        lead = roles.actor_for(cast.named("direction").id)
        return projects.create_project(lead, programme, about, file["tracks"], slug=file["slug"])
