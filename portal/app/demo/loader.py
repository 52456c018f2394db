"""Loading of the demonstration: each programme once, in one transaction.

Organisations and project titles are real (`data/laureates.yaml`); people and events are invented
(the other files), with dates relative to the day of loading. A programme of one's own, all of it
invented (`data/own_programme.yaml`), is made from a template.
"""

from datetime import date, timedelta
from typing import Any

from portal.app.demo import people, story_files
from portal.app.demo.backlog_imports import BacklogImportStory
from portal.app.demo.calls import load_call
from portal.app.demo.coaching import announce_group_sessions
from portal.app.demo.decisions import hold_committees
from portal.app.demo.narrator import ProjectStoryRunner, run_project_stories
from portal.app.demo.story_clock import freeze_story_clock, moment_not_after_now
from portal.app.demo.story_part import StoryEntry
from portal.communication.notifications import commands as notifications
from portal.oversight.committee_packs import commands as packs
from portal.oversight.public_cards import commands as cards
from portal.people.programmes import queries as roles
from portal.people.programmes.commands import ProgrammePlan
from portal.people.programmes.models import Programme
from portal.people.programmes.template_commands import create_from_template
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import transaction
from portal.project.projects import commands as projects
from portal.project.projects.commands import EditableProjectColumns
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

DAYS_PER_MONTH = 30.44  # mean days
PACK_INTERVAL = timedelta(days=30)
READ_DELAY = timedelta(days=4)  # older news is marked as read


def load_demonstration(today: date) -> int:
    """Load the programmes that are missing, dated from `today`; returns the number of projects.

    Once some are there, an account that is not was erased or has another address: nothing is loaded any
    more, since that would make it again, with its public password.
    """
    own_programmes = story_files.read_invented_programmes()["programmes"]
    entries = [*story_files.read_programmes(), *own_programmes]
    missing = [entry for entry in entries if not roles.is_slug_taken(entry["slug"])]
    if not missing or (
        len(missing) < len(entries) and len(people.list_account_credentials()) < len(people.ACCOUNTS)
    ):
        return 0
    with transaction():
        people.create_administrators()
    return sum(_load_programme(programme_entry, today) for programme_entry in missing)


def _load_programme(programme_entry: dict[str, Any], today: date) -> int:
    tellings = story_files.read_project_stories()
    narrators = []
    with transaction():
        programme = _make_programme(programme_entry, today)
        for file in programme_entry["projects"]:
            project = make_project(programme, file)
            narrators.append(ProjectStoryRunner(today, project, tellings[file["slug"]]))
            narrators[-1].schedule_story(file)
        run_project_stories(narrators)
        load_call(programme, today, [narrator.project for narrator in narrators])
        members = [narrator.actor_as("member").person_id for narrator in narrators]
        announce_group_sessions(programme, programme_entry["slug"], today, members)
    with transaction():  # reads the committed audit trail
        for narrator in narrators:
            if card := narrator.project_story.get("cards"):
                _publish_card(narrator.slug, card, narrator.actor_as("programme_lead"))
        hold_committees(programme_entry["slug"], today, narrators[0].actor_as("programme_lead"))
        _request_packs(programme_entry["slug"], today, narrators[0].actor_as("programme_lead"))
        notifications.skip_pending_mails_mark_older_read(clock.now() - READ_DELAY)
    for narrator in narrators:
        BacklogImportStory(narrator.slug, narrator.make_actor_reader("member")).import_files(
            narrator.project_story
        )
    return len(narrators)


def _publish_card(slug: str, texts: StoryEntry, direction: Actor) -> None:
    project = get_project(direction, slug)
    cards.write_card(direction, project, texts, 0)
    cards.publish_card(direction, project)


def _request_packs(slug: str, today: date, direction: Actor) -> None:
    """Request a pack as of a month ago and one as of today, to show the changes."""
    programme = roles.get_programme(direction, slug)
    for on, language in ((today - PACK_INTERVAL, "fr"), (today, "fr"), (today, "en")):
        if on >= programme.starts_on:
            packs.request_pack(direction, programme, on, language)


def _make_programme(programme_entry: dict[str, Any], today: date) -> Programme:
    starts_on = today - timedelta(days=round(programme_entry["elapsed_months"] * DAYS_PER_MONTH) - 6)
    plan = ProgrammePlan(
        **{key: programme_entry[key] for key in ("name_fr", "name_en", "about_fr", "about_en", "months")},
        starts_on=starts_on,
    )
    tracks = [(track["name_fr"], track["name_en"]) for track in programme_entry["tracks"]]
    with freeze_story_clock(moment_not_after_now(starts_on)):
        admin = roles.actor_for(people.find_or_make_account_person("admin").id)
        programme = create_from_template(admin, plan, tracks, programme_entry.get("template", ""))
        programme.is_demonstration = True
        keys = {track["name_fr"]: track["key"] for track in programme_entry["tracks"]}
        for track in roles.list_tracks(programme.id):
            track.key = keys[track.name_fr]
        people.give_programme_roles(programme)
    return programme


def make_project(programme: Programme, file: dict[str, Any]) -> Project:
    starts_on = programme.starts_on
    about = EditableProjectColumns(
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
    with freeze_story_clock(moment_not_after_now(starts_on)):
        lead = roles.actor_for(people.find_or_make_account_person("direction").id)
        return projects.create_project(lead, programme, about, file["tracks"], slug=file["slug"])
