"""Commands on projects: the file, the team, the tracks and the state."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from portal.collaboration.discussions.commands import create_discussion
from portal.people.accounts.models import Person
from portal.people.programmes import commands as offers
from portal.people.programmes import role_commands as roles
from portal.people.programmes.commands import InvitedScopePage, RoleOffer
from portal.people.programmes.models import (
    INSTALLATION,
    SHARE_MAX,
    Invitation,
    Programme,
    RoleAssignment,
    Scope,
    ScopeKind,
    Track,
)
from portal.people.programmes.queries import list_tracks as tracks_of_programme
from portal.people.programmes.schedule_rules import (
    require_day_not_before_start,
    require_day_not_long_after_end,
)
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import fold, slugify
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects import policy, queries, work_commands
from portal.project.projects.models import Project, ProjectState, ProjectTrack, ProjectTransition
from portal.project.projects.path_rules import project_path

CREATED = audit.Action("project.created", _l("a créé le projet"))
EDITED = audit.Action("project.edited", _l("a modifié la présentation du projet"))
PAUSED = audit.Action("project.paused", _l("a mis le projet en pause"))
RESUMED = audit.Action("project.resumed", _l("a repris le projet"))
FINISHED = audit.Action("project.finished", _l("a déclaré le projet terminé"))
CHOSE_TRACKS = audit.Action("project.tracks_chosen", _l("a changé les volets du projet"))
STOPPED = audit.Action("project.stopped", _l("a arrêté le projet"))
SHARED = audit.Action("role.share_set", _l("a mis à jour le temps que %(person)s donne au projet"))


@dataclass(frozen=True, kw_only=True)
class EditableProjectColumns:
    """Editable columns of a project. Links are http(s) URLs or empty."""

    organisation: str
    acronym: str
    title_fr: str
    title_en: str
    problem: str
    users_aimed_at: str
    repository_url: str
    demonstration_url: str
    starts_on: date
    ends_on: date


def create_project(
    actor: Actor,
    programme: Programme,
    details: EditableProjectColumns,
    track_keys: Sequence[str],
    *,
    slug: str | None = None,
) -> Project:
    """Create a project with its own scope and discussion, on some tracks of the programme.

    The slug is made from the acronym or organisation unless one is given. Raises `RuleBroken` on
    `starts_on` or `ends_on`.
    """
    require(policy.can_create(actor, programme))
    require_day_not_before_start("starts_on", details.starts_on, programme.starts_on)
    _check_dates(details)
    require_day_not_long_after_end("ends_on", details.ends_on, programme.ends_on)
    lock_row(Scope, INSTALLATION)  # slugs are unique over all programmes
    scope = Scope(kind=ScopeKind.PROJECT, parent_id=programme.id)
    db.session.add(scope)
    db.session.flush()
    slug = slug or _find_free_slug(details)
    project = Project(
        id=scope.id,
        programme_id=programme.id,
        discussion_id=create_discussion(scope.id, page=f"/projects/{slug}/discussions").id,
        slug=slug,
        organisation_fold=fold(details.organisation),
        **asdict(details),
    )
    db.session.add(project)
    db.session.flush()
    for track in tracks_of_programme(programme.id):
        if track.key in track_keys:
            db.session.add(ProjectTrack(project_id=project.id, track_id=track.id))
    audit.record(actor, CREATED, project, scope_id=project.id)
    return project


def _find_free_slug(details: EditableProjectColumns) -> str:
    base_slug = slugify(details.acronym or details.organisation, 40) or "projet"
    taken_slugs = queries.list_slugs_with_prefix(base_slug)
    numbered = (base_slug if n == 1 else f"{base_slug}-{n}" for n in range(1, 10_000))
    return next(slug for slug in numbered if slug not in taken_slugs)


def _check_dates(details: EditableProjectColumns) -> None:
    if details.ends_on <= details.starts_on:
        raise RuleBroken("ends_on", _("La fin vient après le début."))


def edit_project(actor: Actor, project: Project, details: EditableProjectColumns, version: int) -> None:
    """Edit the file. Raises `RuleBroken` on `starts_on` or `ends_on`, and `Conflict`."""
    work_commands.require_can_edit_project(actor, project)
    check_version(project, version)
    _check_dates(details)
    if details.starts_on != project.starts_on:
        starts_on = queries.get_programme_of(project).starts_on
        require_day_not_before_start("starts_on", details.starts_on, starts_on)
    if details.ends_on != project.ends_on:
        require_day_not_long_after_end("ends_on", details.ends_on, queries.get_programme_of(project).ends_on)
    for name, value in asdict(details).items():
        setattr(project, name, value)
    project.organisation_fold = fold(details.organisation)
    changes = audit.changes_of(project, leave_out=frozenset({"organisation_fold"}))
    if changes:
        audit.record(actor, EDITED, project, scope_id=project.id, changes=changes)


def invite_member(actor: Actor, project: Project, offer: RoleOffer) -> str:
    """Invite a person into the team; return the token of the invitation's link, usable once.

    Raises `RuleBroken` on `email` or `knowingly` as `invite_to_role` does.
    """
    work_commands.require_can_invite(actor, project)
    return offers.invite_to_role(
        actor, queries.get_scope_of(project), offer, build_invited_project_page(project)
    )


def build_invited_project_page(project: Project) -> InvitedScopePage:
    """What an invitation to a project calls it, and its page."""
    return InvitedScopePage(
        name_fr=f"{project.short_name}\u00a0: {project.title_fr}",
        name_en=f"{project.short_name}: {project.title_en or project.title_fr}",
        page=project_path(project),
    )


def choose_tracks(actor: Actor, project: Project, track_keys: Sequence[str]) -> None:
    """Set the tracks on which the project is supported.

    Raises `RuleBroken` on `tracks` while a coach is assigned to one that would be removed.
    """
    require(policy.can_assign_coaches_and_tracks(actor, project))
    lock_row(Scope, project.id)
    before = queries.list_tracks(project)
    after = [track for track in tracks_of_programme(project.programme_id) if track.key in track_keys]
    removed = {track.id: track for track in before if track not in after}
    for coach in queries.list_coaches(project):
        if coach.assignment.track_id in removed:
            name, who = removed[coach.assignment.track_id].name, coach.person.name
            raise RuleBroken("tracks", _("%(who)s suit le projet sur le volet %(name)s.", who=who, name=name))
    for track in removed.values():
        db.session.delete(queries.get_project_track(project, track))
    for track in after:
        if track not in before:
            db.session.add(ProjectTrack(project_id=project.id, track_id=track.id))
    changes = {"tracks": ([track.key for track in before], [track.key for track in after])}
    if before != after:
        audit.record(actor, CHOSE_TRACKS, project, scope_id=project.id, changes=changes)


def withdraw_invitation(actor: Actor, project: Project, invitation: Invitation) -> None:
    require(policy.can_withdraw_invitation(actor, project))
    offers.revoke_invitation(actor, queries.get_scope_of(project), invitation)


def assign_coach(actor: Actor, project: Project, person: Person, track: Track) -> None:
    """Assign a coach of the programme to one of the project's tracks.

    Raises `RuleBroken` on `person`.
    """
    require(policy.can_assign_coaches_and_tracks(actor, project))
    if track.id not in {project_track.id for project_track in queries.list_tracks(project)}:
        raise NotFound
    roles.assign_role_from_pool(actor, queries.get_scope_of(project), person, policy.COACH, track)


def assign_reviewer(actor: Actor, project: Project, person: Person) -> None:
    """Assign an ethics reviewer of the programme. Raises `RuleBroken` on `person`."""
    require(policy.can_assign_coaches_and_tracks(actor, project))
    roles.assign_role_from_pool(actor, queries.get_scope_of(project), person, policy.REVIEWER, None)


def end_role(actor: Actor, project: Project, assignment: RoleAssignment) -> None:
    roles.end_role(actor, queries.get_scope_of(project), assignment)


def set_time_share(actor: Actor, project: Project, assignment: RoleAssignment, percent: int | None) -> None:
    """Set a team member's share of time, in per cent of a week; None: unknown.

    Raises `RuleBroken` on `share_of_time`.
    """
    work_commands.require_can_set_time_share(actor, project, assignment)
    if percent is not None and not 0 <= percent <= SHARE_MAX:
        raise RuleBroken("share_of_time", _("Donnez une part entre 0 et 100."))
    assignment.share_of_time = percent
    changes = audit.changes_of(assignment)
    if changes:
        facts = {"person_id": assignment.person_id}
        audit.record(actor, SHARED, assignment, scope_id=project.id, facts=facts, changes=changes)


def change_state(
    actor: Actor, project: Project, move: ProjectTransition, *, reason: str, learnings: str
) -> None:
    """Pause, resume, finish or stop; the texts are those of `stop`, `reason` also that of resuming what
    was stopped. Raises as these do."""
    match move:
        case ProjectTransition.STOP:
            stop_project(actor, project, reason=reason, learnings=learnings)
        case ProjectTransition.RESUME:
            resume_project(actor, project, reason=reason)
        case ProjectTransition.PAUSE:
            pause_project(actor, project)
        case ProjectTransition.FINISH:
            finish_project(actor, project)


def pause_project(actor: Actor, project: Project) -> None:
    before = _check_and_get_state(actor, project, ProjectState.ACTIVE)
    project.paused_on = clock.today()
    _record_state_change(actor, PAUSED, project, before)


def resume_project(actor: Actor, project: Project, *, reason: str = "") -> None:
    """Make a paused, finished or stopped project active again; why is kept by the trail.

    Raises `RuleBroken` on `reason` if it is empty and the project was stopped.
    """
    ended = (ProjectState.PAUSED, ProjectState.FINISHED, ProjectState.STOPPED)
    before = _check_and_get_state(actor, project, *ended)
    if before is ProjectState.STOPPED and not reason:
        raise RuleBroken(
            "reason", _("Dites pourquoi le projet arrêté reprend : le journal du portail le gardera.")
        )
    project.paused_on = project.finished_on = project.stopped_on = None
    _record_state_change(actor, RESUMED, project, before, reason if before is ProjectState.STOPPED else "")


def finish_project(actor: Actor, project: Project) -> None:
    before = _check_and_get_state(actor, project, ProjectState.ACTIVE, ProjectState.PAUSED)
    project.finished_on = clock.today()
    _record_state_change(actor, FINISHED, project, before)


def stop_project(actor: Actor, project: Project, *, reason: str, learnings: str) -> None:
    """Stop the project, with a reason and what was learnt.

    Raises `RuleBroken` on `reason` or `learnings` if it is empty.
    """
    _check_and_get_state(actor, project, ProjectState.ACTIVE, ProjectState.PAUSED)
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi le projet s’arrête."))
    if not learnings:
        raise RuleBroken("learnings", _("Dites ce que l’équipe a appris : la page le gardera."))
    stop_project_on_request(actor, project, reason=reason, learnings=learnings)


def stop_project_on_request(actor: Actor, project: Project, *, reason: str, learnings: str) -> None:
    """The same for a team's own request that was granted; the caller checked permission and state."""
    before = project.state
    project.stopped_on = clock.today()
    project.stop_reason = reason
    project.learnings = learnings
    _record_state_change(actor, STOPPED, project, before)


def _check_and_get_state(actor: Actor, project: Project, *states: ProjectState) -> ProjectState:
    """Return the project's state if it is one of these, else raise `RuleBroken`."""
    require(policy.can_change_state(actor, project))
    if project.state not in states:
        raise RuleBroken(None, _("L’état du projet a changé entre-temps. Rouvrez la page."))
    return project.state


def _record_state_change(
    actor: Actor, action: audit.Action, project: Project, before: ProjectState, reason: str = ""
) -> None:
    why = {"reason": ("", reason)} if reason else {}
    changes = {"state": (before, project.state), **audit.changes_of(project), **why}
    audit.record(actor, action, project, scope_id=project.id, changes=changes)
