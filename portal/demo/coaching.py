"""What coaches and teams of the demonstration did together, told through people's own commands."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from portal.clinics import commands as clinics
from portal.coach_notes import commands as notes
from portal.coaching import commands as sessions
from portal.coaching import queries as logged
from portal.coaching.commands import SessionFacts
from portal.coaching.models import Format
from portal.demo import cast
from portal.demo.story import read_yaml
from portal.demo.teller import Teller, Telling, Then
from portal.gatherings import commands as gatherings
from portal.gatherings.commands import GatheringFacts
from portal.gatherings.queries import list_teams
from portal.programmes import queries as roles
from portal.programmes.models import Programme
from portal.projects.queries import list_tracks
from portal.recommendations import commands, queries
from portal.recommendations.commands import Advice, Proof
from portal.recommendations.models import Recommendation
from portal.sprints.queries import get_sprint


def tell_gatherings(programme: Programme, key: str, today: date, members: Sequence[UUID]) -> None:
    """A programme's collective sessions; `members` has somebody of each team, who answers."""
    listed = read_yaml("coaching.yaml")["gatherings"].get(key, [])
    for told in sorted(listed, key=lambda one: int(one["day"])):
        _tell_gathering(programme, told, today, members)


def _tell_gathering(
    programme: Programme, told: Mapping[str, Any], today: date, members: Sequence[UUID]
) -> None:
    lead = roles.actor_for(cast.named("direction").id)
    held_on = today + timedelta(days=told["day"])
    said = {name: told[name] for name in ("title", "place", "agenda", "minutes") if name in told}
    row = gatherings.announce(lead, programme, GatheringFacts(held_on=held_on, **said))
    if "came" not in told:
        return
    teams = list_teams(programme)
    came = {team.id: count for team, count in zip(teams, told["came"], strict=True)}
    gatherings.count_people(lead, programme, row, came, row.version)
    for member, marks in zip(members, told["marks"], strict=False):
        gatherings.answer(roles.actor_for(member), programme, row, marks)


class Support(Teller):
    """Tells what one project was advised, and when its coaches met it."""

    def tell(self, given: Telling, then: Then) -> None:
        tellers = {
            "sessions": self._tell_session,
            "recommendations": self._tell_one,
            "notes": self._tell_note,
            "clinics": self._tell_clinic,
        }
        for kind, tell in tellers.items():
            for told in sorted(given.get(kind, []), key=lambda one: int(one["day"])):
                tell(told, then)

    def _tell_clinic(self, told: Mapping[str, Any], then: Then) -> None:
        then(told["day"], lambda: self._take(told))

    def _take(self, told: Mapping[str, Any]) -> None:
        coach = self.voice(told["by"])
        sprint = get_sprint(coach, self.project, told["sprint"])
        of = clinics.take(coach, self.project, sprint), sprint
        clinics.plan(coach, self.project, of, self.day(told["planned"]), of[0].version)

    def _tell_note(self, told: Mapping[str, Any], then: Then) -> None:
        body = told["body"]
        then(told["day"], lambda: notes.write_note(self.voice(told["by"]), self.project, body))

    def _tell_one(self, told: Mapping[str, Any], then: Then) -> None:
        kept: list[int] = []
        then(told["day"], lambda: kept.append(self._recommend(told)))
        for verb in ("accepted", "declined", "done", "confirmed"):
            if verb in told:
                when = told[verb] if isinstance(told[verb], int) else told[verb]["day"]
                then(when, partial(self._follow, verb, told, kept))

    def _recommend(self, told: Mapping[str, Any]) -> int:
        advice = Advice(
            what=told["what"],
            why=told["why"],
            gate=told.get("gate"),
            due_on=self.day(told["due"]) if "due" in told else None,
        )
        return commands.recommend(self.voice(told["by"]), self.project, advice).number

    def _follow(self, verb: str, told: Mapping[str, Any], kept: list[int]) -> None:
        member, project = self.member(), self.project
        row: Recommendation = queries.get_recommendation(member, project, kept[0])
        if verb == "accepted":
            commands.accept(member, project, row)
        elif verb == "declined":
            commands.decline(member, project, row, told[verb]["reason"], row.version)
        elif verb == "done":
            proof = Proof(text=told[verb]["proof"], link=told[verb].get("link", ""))
            commands.note_done(member, project, row, proof, row.version)
        else:
            commands.confirm(self.voice(told["by"]), project, row)

    def _tell_session(self, told: Mapping[str, Any], then: Then) -> None:
        kept: list[int] = []
        then(told["day"], lambda: kept.append(self._log(told)))
        for place, decision in enumerate(told["decisions"]):
            for verb in ("item", "recommended"):
                if verb in decision:
                    then(decision[verb], partial(self._take_up, verb, told, kept, place))

    def _log(self, told: Mapping[str, Any]) -> int:
        tracks = {track.key: track.id for track in list_tracks(self.project)}
        facts = SessionFacts(
            held_on=self.day(told["day"]),
            format=Format(told["format"]),
            track_id=tracks.get(told["track"]),
            minutes=told["minutes"],
            next_on=self.day(told["next"]) if "next" in told else None,
        )
        decisions = [decision["what"] for decision in told["decisions"]]
        return sessions.log_session(self.voice(told["by"]), self.project, facts, decisions).number

    def _take_up(self, verb: str, told: Mapping[str, Any], kept: list[int], place: int) -> None:
        member, project = self.member(), self.project
        held = logged.get_session(member, project, kept[0])
        of = logged.list_decisions(held.row)[place].row, held.row
        if verb == "item":
            sessions.make_item(member, project, of)
        else:
            sessions.make_recommendation(self.voice(told["by"]), project, of)
