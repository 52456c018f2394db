"""Loading of the demonstration: each programme once, in one transaction.

Organisations and project titles are real (`data/laureates.yaml`); people and events are invented
(the other files), with dates relative to the day of loading.
"""

from datetime import date, timedelta
from typing import Any

from portal.app.demo import committee_packs, people, public_cards, rereviews, story_files
from portal.app.demo.backlog_imports import BacklogImportStory
from portal.app.demo.coaching import announce_group_sessions
from portal.app.demo.decisions import hold_committees
from portal.app.demo.narrator import ProjectNarrator, moment
from portal.communication.notifications import commands as notifications
from portal.people.programmes import commands as programmes
from portal.people.programmes import queries as roles
from portal.people.programmes.commands import ProgrammePlan
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.project.projects import commands as projects
from portal.project.projects.commands import ProjectDetails
from portal.project.projects.models import Project

DAYS_PER_MONTH = 30.44  # mean days
READ_DELAY = timedelta(days=4)  # older news is marked as read


def load_demonstration(today: date) -> int:
    """Load the programmes that are missing, dated from `today`; returns the number of projects."""
    with transaction():
        people.give_administrator()
    project_count = 0
    for programme_entry in story_files.read_programmes():
        if not roles.is_slug_taken(programme_entry["slug"]):
            project_count += _load_programme(programme_entry, today)
    return project_count


def _load_programme(programme_entry: dict[str, Any], today: date) -> int:
    tellings = story_files.read_project_stories()
    narrators = []
    with transaction():
        programme = _make_programme(programme_entry, today)
        for file in programme_entry["projects"]:
            project = make_project(programme, file)
            narrators.append(ProjectNarrator(today, project, tellings[file["slug"]]))
            narrators[-1].play(file)
        members = [narrator.actor_as("member").person_id for narrator in narrators]
        announce_group_sessions(programme, programme_entry["slug"], today, members)
    with transaction():  # reads the committed audit trail
        for narrator in narrators:
            rereviews.answer_rereviews(
                narrator.slug, narrator.project_story, narrator.actor_as("team_lead")
            )
            public_cards.publish_card(
                narrator.slug, narrator.project_story, narrator.actor_as("programme_lead")
            )
        hold_committees(programme_entry["slug"], today, narrators[0].actor_as("programme_lead"))
        committee_packs.request_packs(
            programme_entry["slug"], today, narrators[0].actor_as("programme_lead")
        )
        notifications.skip_pending_mails(clock.now() - READ_DELAY)
    for narrator in narrators:
        BacklogImportStory(narrator.slug, narrator.reread_actor_as("member")).import_files(
            narrator.project_story
        )
    return len(narrators)


def _make_programme(programme_entry: dict[str, Any], today: date) -> Programme:
    starts_on = today - timedelta(
        days=round(programme_entry["elapsed_months"] * DAYS_PER_MONTH) - 6
    )
    plan = ProgrammePlan(
        **{
            key: programme_entry[key]
            for key in ("name_fr", "name_en", "about_fr", "about_en", "months")
        },
        starts_on=starts_on,
    )
    tracks = [(track["name_fr"], track["name_en"]) for track in programme_entry["tracks"]]
    with clock.frozen_at(moment(starts_on)):
        admin = roles.actor_for(people.find_or_make_account_person("admin").id)
        programme = programmes.create_programme(admin, plan, tracks)
        programme.is_demonstration = True
        keys = {track["name_fr"]: track["key"] for track in programme_entry["tracks"]}
        for track in roles.list_tracks(programme.id):
            track.key = keys[track.name_fr]
        people.give_programme_roles(programme)
    return programme


def make_project(programme: Programme, file: dict[str, Any]) -> Project:
    starts_on = programme.starts_on
    about = ProjectDetails(
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
    with clock.frozen_at(moment(starts_on)):
        lead = roles.actor_for(people.find_or_make_account_person("direction").id)
        return projects.create_project(lead, programme, about, file["tracks"], slug=file["slug"])
