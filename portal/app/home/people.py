"""The people of a project in words, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.people.programmes.models import Track
from portal.people.programmes.queries import RoleHolder
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.web.template_filters import ago
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.queries import ProjectPeople


@dataclass(frozen=True)
class TeamPanel:
    """`lead` is the line under the title, `support` its end on a wide screen, and on a phone too where
    `has_absence`: nobody met the team on a track for too long. `team` are names with their roles,
    `coaches` the tracks with the names of their coaches, `reviewers` names."""

    lead: str
    support: str
    has_absence: bool
    team: Sequence[tuple[str, str]]
    size: int
    has_lead: bool
    coaches: Sequence[tuple[str, str]]
    reviewers: str


def build_team_panel(
    project: Project,
    tracks: Sequence[Track],
    people: ProjectPeople,
    today: date,
    *,
    absences: Mapping[str, str],
) -> TeamPanel:
    """Who is in the team and around it; `absences` say how long nobody met it, by key of a track."""
    coaches = [(track.name, _join_names(_list_track_coaches(people, track))) for track in tracks]
    named = [
        _("%(name)s (%(track)s)", name=names, track=_describe_track(track, absences))
        for track in tracks
        if (names := _join_names(_list_track_coaches(people, track)))
    ]
    month = project.month_on(today)
    lead = [
        project.short_name,
        _("mois %(month)s sur %(months)s", month=month, months=project.months)
        if month
        else _("commence %(when)s", when=ago(project.starts_on)),
    ]
    return TeamPanel(
        lead=" · ".join(lead),
        support=_("coachs : %(names)s", names=", ".join(named)) if named else _("sans coach pour l’instant"),
        has_absence=bool(absences),
        team=[(holder.person.name, _describe_role(holder)) for holder in people.team],
        size=len({holder.person.id for holder in people.team}),
        has_lead=any(policy.is_team_lead_role(holder.assignment.role) for holder in people.team),
        coaches=coaches,
        reviewers=_join_names(people.reviewers),
    )


def _describe_track(track: Track, absences: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (lower_first(track.name), absences.get(track.key))))


def _list_track_coaches(people: ProjectPeople, track: Track) -> Sequence[RoleHolder]:
    return [holder for holder in people.coaches if holder.assignment.track_id == track.id]


def _join_names(holders: Sequence[RoleHolder]) -> str:
    return ", ".join(holder.person.name for holder in holders)


def _describe_role(holder: RoleHolder) -> str:
    share = holder.assignment.share_of_time
    if share is None:
        return holder.role_name
    return _("%(role)s · %(n)s %% du temps", role=holder.role_name, n=share)
