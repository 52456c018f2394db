"""The people of a project in words, for its page."""

from collections.abc import Iterable, Mapping, Sequence
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
    """`lead` is the line under the title, `support` its part that only a wide screen has, `absences` its end:
    how long nobody met the team, with the tracks. `team` are names with their roles, `coaches` the tracks
    with the names of their coaches, `reviewers` names."""

    lead: str
    support: str
    absences: str
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
        _("%(name)s (%(track)s)", name=names, track=lower_first(track.name))
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
        absences=", ".join(_list_absences(tracks, people, absences)),
        team=[(holder.person.name, _describe_role(holder)) for holder in people.team],
        size=len({holder.person.id for holder in people.team}),
        has_lead=any(policy.is_team_lead_role(holder.assignment.role) for holder in people.team),
        coaches=coaches,
        reviewers=_join_names(people.reviewers),
    )


def _list_absences(
    tracks: Sequence[Track], people: ProjectPeople, absences: Mapping[str, str]
) -> Iterable[str]:
    """Each absence once, with the tracks that it is about."""
    tracks_by_absence: dict[str, list[str]] = {}
    for track in tracks:
        if (absence := absences.get(track.key)) and _list_track_coaches(people, track):
            tracks_by_absence.setdefault(absence, []).append(lower_first(track.name))
    for absence, names in tracks_by_absence.items():
        yield _("%(absence)s (%(tracks)s)", absence=absence, tracks=", ".join(names))


def _list_track_coaches(people: ProjectPeople, track: Track) -> Sequence[RoleHolder]:
    return [holder for holder in people.coaches if holder.assignment.track_id == track.id]


def _join_names(holders: Sequence[RoleHolder]) -> str:
    return ", ".join(holder.person.name for holder in holders)


def _describe_role(holder: RoleHolder) -> str:
    share = holder.assignment.share_of_time
    if share is None:
        return holder.role_name
    return _("%(role)s · %(n)s %% du temps", role=holder.role_name, n=share)
