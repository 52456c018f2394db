"""Coaching of the demonstration: sessions, recommendations, notes, clinics, group sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from portal.app.demo import people
from portal.app.demo.story_clock import freeze_story_clock, moment_not_after_now
from portal.app.demo.story_files import read_yaml
from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.coaching.clinics import commands as clinics
from portal.coaching.coach_notes import commands as notes
from portal.coaching.group_sessions import commands as gatherings
from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.group_sessions.queries import list_programme_projects
from portal.coaching.recommendations import commands
from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions import commands as sessions
from portal.coaching.sessions import queries as logged
from portal.coaching.sessions.commands import SessionFacts
from portal.coaching.sessions.models import SessionFormat
from portal.people.programmes import queries as roles
from portal.people.programmes.models import Programme
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.queries import list_tracks
from portal.sprints.sprints.queries import get_sprint

ANNOUNCED_BEFORE = timedelta(days=21)


def announce_group_sessions(programme: Programme, key: str, today: date, members: Sequence[UUID]) -> None:
    """Create a programme's group sessions; `members` are ids of people who answer for teams."""
    listed = read_yaml("coaching.yaml")["gatherings"].get(key, [])
    for entry in sorted(listed, key=lambda listed_entry: int(listed_entry["day"])):
        _announce_group_session(programme, entry, today, members)


def _announce_group_session(
    programme: Programme, entry: Mapping[str, Any], today: date, members: Sequence[UUID]
) -> None:
    lead = roles.actor_for(people.find_or_make_account_person("direction").id)
    gathering_date = today + timedelta(days=entry["day"])
    announced = ("title", "hour", "duration", "place", "agenda")
    values = {name: entry[name] for name in announced if name in entry}
    facts = GatheringFacts(held_on=gathering_date, **values)
    with freeze_story_clock(
        moment_not_after_now(max(programme.starts_on, gathering_date - ANNOUNCED_BEFORE))
    ):
        row = gatherings.announce_gathering(lead, programme, facts)
    if "came" not in entry:
        return
    teams = list_programme_projects(programme)
    attendance = {team.id: count for team, count in zip(teams, entry["came"], strict=True)}
    with freeze_story_clock(moment_not_after_now(gathering_date, 18)):
        reported = replace(facts, minutes=entry["minutes"])
        gatherings.change_gathering(lead, programme, row, reported, row.version)
        gatherings.record_attendance(lead, programme, row, attendance, row.version)
        for member, marks in zip(members, entry["marks"], strict=False):
            gatherings.record_satisfaction_answer(roles.actor_for(member), programme, row, marks)


class CoachingStory(StoryPart):
    """The coaching of one project."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        queue_by_kind = {
            "sessions": self._schedule_session,
            "recommendations": self._schedule_recommendation,
            "notes": self._schedule_note,
            "clinics": self._schedule_clinic,
        }
        for kind, queue_entry in queue_by_kind.items():
            for entry in sorted(project_story.get(kind, []), key=itemgetter("day")):
                queue_entry(entry)

    def _schedule_clinic(self, entry: StoryEntry) -> None:
        self.on_day(entry["day"], lambda: self._claim_and_plan_clinic(entry))

    def _claim_and_plan_clinic(self, entry: StoryEntry) -> None:
        coach = self.actor_as(entry["by"])
        sprint = get_sprint(coach, self.project, entry["sprint"])
        clinic = clinics.claim_request(coach, self.project, sprint)
        clinics.schedule_clinic(
            coach,
            self.project,
            (clinic, sprint),
            clinics.ClinicMeeting(self.day(entry["planned"]), "10:00", 60),
            clinic.version,
        )

    def _schedule_note(self, entry: StoryEntry) -> None:
        body = entry["body"]
        self.on_day(entry["day"], lambda: notes.write_note(self.actor_as(entry["by"]), self.project, body))

    def _schedule_recommendation(self, entry: StoryEntry) -> None:
        recommendation_numbers: list[int] = []
        self.on_day(entry["day"], lambda: recommendation_numbers.append(self._note_recommendation(entry)))
        for verb in ("accepted", "declined", "done", "confirmed"):
            if verb in entry:
                when = entry[verb] if isinstance(entry[verb], int) else entry[verb]["day"]
                self.on_day(when, partial(self._advance_recommendation, verb, entry, recommendation_numbers))

    def _note_recommendation(self, entry: StoryEntry) -> int:
        advice = RecommendationFacts(
            what=entry["what"],
            why=entry["why"],
            gate=entry.get("gate"),
            due_on=self.day(entry["due"]) if "due" in entry else None,
        )
        return commands.recommend(self.actor_as(entry["by"]), self.project, advice).number

    def _advance_recommendation(
        self, verb: str, entry: StoryEntry, recommendation_numbers: list[int]
    ) -> None:
        member, project = self.team
        row = get_by_number(member, Recommendation, project, recommendation_numbers[0])
        if verb == "accepted":
            commands.accept(member, project, row)
        elif verb == "declined":
            commands.decline(member, project, row, entry[verb]["reason"], row.version)
        elif verb == "done":
            proof = RecommendationProof(text=entry[verb]["proof"], link=entry[verb].get("link", ""))
            commands.complete(member, project, row, proof, row.version)
        else:
            commands.confirm(self.actor_as(entry["by"]), project, row)

    def _schedule_session(self, entry: StoryEntry) -> None:
        session_numbers: list[int] = []
        self.on_day(entry["day"], lambda: session_numbers.append(self._log_session(entry)))
        for place, decision in enumerate(entry["decisions"]):
            for verb in ("item", "recommended"):
                if verb in decision:
                    self.on_day(
                        decision[verb],
                        partial(self._turn_decision_into_work, verb, entry, session_numbers, place),
                    )

    def _log_session(self, entry: StoryEntry) -> int:
        tracks = {track.key: track.id for track in list_tracks(self.project)}
        facts = SessionFacts(
            held_on=self.day(entry["day"]),
            format=SessionFormat(entry["format"]),
            track_id=tracks.get(entry["track"]),
            minutes=entry["minutes"],
            next_on=self.day(entry["next"]) if "next" in entry else None,
            **{name: entry[name] for name in ("hour", "duration", "place") if name in entry},
        )
        decisions = [decision["what"] for decision in entry["decisions"]]
        return sessions.log_session(self.actor_as(entry["by"]), self.project, facts, decisions).number

    def _turn_decision_into_work(
        self, verb: str, entry: StoryEntry, session_numbers: list[int], place: int
    ) -> None:
        member, project = self.team
        session = logged.get_session(member, project, session_numbers[0])
        decision = logged.list_session_decisions(session.row)[place].row, session.row
        if verb == "item":
            sessions.make_backlog_item_of_decision(member, project, decision)
        else:
            sessions.make_recommendation_of_decision(self.actor_as(entry["by"]), project, decision)
