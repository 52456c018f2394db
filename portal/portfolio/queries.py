"""Reading all teams at once: one statement, however many teams and sprints there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased, load_only

from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import db
from portal.portfolio import attention, policy
from portal.portfolio.attention import Code, Level, Reason, Signs
from portal.programmes.models import Programme, Track
from portal.programmes.queries import Holder, list_holders_by_scope
from portal.projects.models import Project, ProjectState, ProjectTrack
from portal.sprints.models import Outcome, Outlook, Sprint

_PROJECT = (
    Project.slug,
    Project.programme_id,
    Project.organisation,
    Project.organisation_fold,
    Project.acronym,
    Project.title_fr,
    Project.title_en,
    Project.starts_on,
    Project.paused_on,
    Project.finished_on,
    Project.stopped_on,
    Project.stop_reason,
)


@dataclass(frozen=True)
class Team:
    """A project on one day, as its logs tell it. Drafts are never read."""

    project: Project
    running: Sprint | None  # only its number, goal and dates are loaded
    last: Sprint | None  # the closed sprint whose work came last
    days_silent: int  # since that close, or since the start when there was none
    days_left: int | None  # of the running sprint; negative: overdue by
    reasons: Sequence[Reason]
    opens: bool  # the reader may open the project and read what is said in it

    @property
    def goes_on(self) -> bool:
        return self.project.state is ProjectState.ACTIVE

    @property
    def level(self) -> Level:
        return attention.level_of(self.reasons)

    @property
    def wants_help(self) -> bool:
        return any(reason.code is Code.HELP_WANTED for reason in self.reasons)


@dataclass(frozen=True)
class Support:
    """Who supports the teams: the programme's tracks, and each team's tracks and coaches."""

    tracks: Sequence[Track]
    tracks_of: Mapping[UUID, Sequence[Track]]
    coaches_of: Mapping[UUID, Sequence[Holder]]

    def coaches_by_track(self, team: Team) -> Sequence[tuple[Track | None, Sequence[Holder]]]:
        """A team's coaches on each of its tracks; under None, those on no track of the team."""
        held = self.coaches_of.get(team.project.id, ())
        tracks = self.tracks_of.get(team.project.id, ())
        known = {track.id for track in tracks}
        rows: list[tuple[Track | None, Sequence[Holder]]] = [
            (track, [one for one in held if one.assignment.track_id == track.id])
            for track in tracks
        ]
        beside = [one for one in held if one.assignment.track_id not in known]
        return [*rows, (None, beside)] if beside else rows


def list_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose portfolio the actor may open: with teams first, then the latest."""
    mine = select(Programme).where(policy.visible_to(actor))
    has_teams = (
        exists()
        .where(Project.programme_id == Programme.id, policy.teams_visible_to(actor))
        .correlate(Programme)
    )
    first = case((has_teams, 0), else_=1)
    return db.session.scalars(
        mine.order_by(first, Programme.starts_on.desc(), Programme.slug)
    ).all()


def list_teams(actor: Actor, programme: Programme, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """The teams of a programme that the actor may see, by organisation; days counted in `zone`."""
    in_programme = Project.programme_id == programme.id
    return _read(actor, and_(in_programme, policy.teams_visible_to(actor)), zone)


def list_every_team(actor: Actor, zone: str = DEFAULT_ZONE) -> Mapping[UUID, Sequence[Team]]:
    """All the teams the actor may see, by programme."""
    by_programme: dict[UUID, list[Team]] = defaultdict(list)
    for team in _read(actor, policy.teams_visible_to(actor), zone):
        by_programme[team.project.programme_id].append(team)
    return by_programme


def list_coached_teams(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """The teams the actor coaches, in every programme."""
    return _read(actor, policy.coached_by(actor), zone)


def list_help_requests(actor: Actor, programme: Programme | None = None) -> Sequence[Team]:
    """Teams whose last close asks for help, the longest waiting first: for coaches and leads.

    In one programme, or in all of them.
    """
    reach = policy.helped_by(actor)
    if programme is not None:
        reach = and_(reach, Project.programme_id == programme.id)
    waiting = [team for team in _read(actor, reach, DEFAULT_ZONE) if team.wants_help]
    return sorted(waiting, key=lambda team: -team.days_silent)


def read_support(programme: Programme, teams: Sequence[Team]) -> Support:
    """The tracks and coaches of teams that the caller was allowed to see: two statements."""
    ids = [team.project.id for team in teams]
    tracks: dict[UUID, Track] = {}
    tracks_of: dict[UUID, list[Track]] = defaultdict(list)
    followed = (
        select(Track, ProjectTrack.project_id)
        .outerjoin(ProjectTrack, ProjectTrack.track_id == Track.id)
        .where(Track.programme_id == programme.id)
        .order_by(Track.position)
    )
    for track, project_id in db.session.execute(followed):
        tracks[track.id] = track
        tracks_of[project_id].append(track)
    coaches_of = list_holders_by_scope(ids, *policy.COACHES)
    return Support(list(tracks.values()), tracks_of, coaches_of)


def _read(actor: Actor, which: ColumnElement[bool], zone: str) -> Sequence[Team]:
    return [_team(actor, *row, zone=zone) for row in db.session.execute(_statement(which))]


def _statement(which: ColumnElement[bool]) -> Select[Project, Sprint, Sprint, int]:
    """Each project with its running sprint, its last close, and its goals missed in a row."""
    latest_first: dict[str, Any] = {
        "partition_by": Sprint.project_id,
        "order_by": (Sprint.ends_on.desc(), Sprint.number.desc()),
    }
    not_missed = case((Sprint.outcome == Outcome.MISSED, 0), else_=1)
    closed = (
        select(
            Sprint.id,
            Sprint.project_id,
            func.row_number().over(**latest_first).label("place"),
            func.sum(not_missed).over(**latest_first).label("not_missed_since"),
        )
        .where(Sprint.closed_at.is_not(None))
        .where(Sprint.project_id.in_(select(Project.id).where(which)))
        .cte("closed")
    )
    missed = (
        select(closed.c.project_id, func.count().label("in_a_row"))
        .where(closed.c.not_missed_since == 0)
        .group_by(closed.c.project_id)
        .subquery("missed")
    )
    running, last = aliased(Sprint, name="running"), aliased(Sprint, name="last")
    is_running = and_(running.started_at.is_not(None), running.closed_at.is_(None))
    return (
        select(Project, running, last, func.coalesce(missed.c.in_a_row, 0))
        .outerjoin(running, and_(running.project_id == Project.id, is_running))
        .outerjoin(closed, and_(closed.c.project_id == Project.id, closed.c.place == 1))
        .outerjoin(last, last.id == closed.c.id)
        .outerjoin(missed, missed.c.project_id == Project.id)
        .where(which)
        .order_by(Project.organisation_fold, Project.slug)
        .options(load_only(*_PROJECT, raiseload=True), *_columns(running, last))
    )


def _columns(running: Any, last: Any) -> tuple[Any, Any]:
    """What is shown and nothing else: the draft of a running sprint's log cannot slip in."""
    return (
        load_only(running.number, running.goal, running.starts_on, running.ends_on, raiseload=True),
        load_only(
            last.number,
            last.closed_at,
            last.outcome,
            last.summary,
            last.outlook,
            last.outlook_note,
            last.blocker,
            last.blocker_text,
            last.help_wanted,
            last.decision_awaited,
            raiseload=True,
        ),
    )


def _team(
    actor: Actor,
    project: Project,
    running: Sprint | None,
    last: Sprint | None,
    missed: int,
    *,
    zone: str,
) -> Team:
    today = clock.today(zone)
    closed_at = last.closed_at if last else None
    since = closed_at.astimezone(ZoneInfo(zone)).date() if closed_at else project.starts_on
    left = (running.ends_on - today).days if running else None
    signs = Signs(
        goes_on=project.state is ProjectState.ACTIVE,
        days_silent=max(0, (today - since).days),
        missed_in_a_row=missed,
        days_overdue=max(0, -(left or 0)),
        help_wanted=bool(last and last.help_wanted),
        storm=bool(last and last.outlook is Outlook.STORMY),
        rain=bool(last and last.outlook is Outlook.RAINY),
        decision_awaited=bool(last and last.decision_awaited),
    )
    return Team(
        project,
        running,
        last,
        signs.days_silent,
        left,
        attention.reasons_for(signs),
        policy.can_read_team(actor, project),
    )
