"""The page of a project's people: team, coaches and reviewers, and the forms that change them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.people.accounts.models import Person
from portal.people.programmes import policy as roles_policy
from portal.people.programmes import queries as programmes
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.forms import ProgrammeActionForm
from portal.people.programmes.invitation_views import redirect_to_one_time_link_page
from portal.people.programmes.models import Track
from portal.people.programmes.views import confirm_end_of_role
from portal.platform.kernel.access import Role, require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import find_return_path, write
from portal.project.projects import commands, policy, queries, work_commands
from portal.project.projects.forms import (
    AssignCoachForm,
    AssignReviewerForm,
    InviteMemberForm,
    ProjectTracksForm,
    TimeShareForm,
)
from portal.project.projects.labels import name_with_team_count
from portal.project.projects.models import Project

bp = Blueprint("team", __name__, url_prefix="/projects/<slug>")


@bp.get("/team")
def index(slug: str) -> Response:
    return _render_team(queries.get_project(actor, slug))


def _render_team(project: Project, status: int = 200, **refused: Form) -> Response:
    """Render the team with the forms that the actor may send, `refused` ones as they were sent."""
    scope, people, tracks = cache_until_change(
        actor,
        ("team", project.id),
        lambda: (queries.get_scope_of(project), queries.read_people(project), queries.list_tracks(project)),
    )
    forms: dict[str, Form | None] = {"invite_form": None, "coach_form": None, "reviewer_form": None}
    if policy.can_invite(actor, project) or "invite_form" in refused:
        roles = roles_policy.roles_to_invite(actor, scope)
        led = any(holder.assignment.role is policy.LEAD for holder in people.team)
        first_role = {} if led or policy.LEAD not in roles else {"role": policy.LEAD}
        forms["invite_form"] = InviteMemberForm(roles, formdata=None, data=first_role)
    if policy.can_assign_coaches_and_tracks(actor, project):
        coached_ids = {holder.assignment.track_id for holder in people.coaches}
        wished_ids = [track.id for track in tracks if track.key == request.args.get("track")]
        missing = [track.id for track in tracks if track.id not in coached_ids]
        first_track = next(iter((*wished_ids, *missing)), None)
        forms["coach_form"] = _build_coach_form(project, tracks, formdata=None, data={"track": first_track})
        forms["reviewer_form"] = _build_reviewer_form(project, formdata=None)
    return render(
        "project/projects/team.html",
        status=status,
        project=project,
        programme=queries.get_programme_of(project).slug if forms["coach_form"] else "",
        tracks=tracks,
        team=people.team,
        coaches=people.coaches,
        reviewers=people.reviewers,
        return_to=find_return_path(),
        invitations=programmes.list_open_invitations(actor, scope),
        labels=roles_policy.ROLE_LABELS,
        hands_over=policy.can_lead_team(actor, project),
        can_choose_tracks=policy.can_assign_coaches_and_tracks(actor, project),
        can_end=lambda assignment: roles_policy.can_end_role(actor, scope, assignment),
        can_set_share=lambda assignment: policy.can_set_time_share(actor, project, assignment),
        **{"act_form": ProgrammeActionForm(formdata=None)} | forms | refused,
    )


def _build_coach_form(project: Project, tracks: Sequence[Track], **options: Any) -> AssignCoachForm:
    """Each coach with how many teams they have."""
    people = _list_role_candidates(project, policy.COACH)
    teams = queries.count_teams_by_person(actor, people)
    named = [(person.id, name_with_team_count(person.name, teams.get(person.id, 0))) for person in people]
    return AssignCoachForm(named, tracks, prefix="coach", **options)


def _build_reviewer_form(project: Project, **options: Any) -> AssignReviewerForm:
    return AssignReviewerForm(_list_role_candidates(project, policy.REVIEWER), prefix="reviewer", **options)


def _list_role_candidates(project: Project, role: Role) -> Sequence[Person]:
    """Whom the programme offers for a role."""
    key = "pool", project.programme_id, role
    return cache_until_change(actor, key, lambda: programmes.list_role_pool(project.programme_id, role))


@bp.post("/invitations")
def invite(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_withdraw_invitation(actor, project))
    form = InviteMemberForm(roles_policy.roles_to_invite(actor, queries.get_scope_of(project)))
    return submit(
        form,
        lambda values: commands.invite_member(actor, project, RoleOffer(**values)),
        redirect_to_one_time_link_page,
        lambda status: _render_team(project, status, invite_form=form),
    )


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
def withdraw_invitation(slug: str, invitation_id: UUID) -> Response:
    project, form = queries.get_project(actor, slug), ProgrammeActionForm()
    scope = queries.get_scope_of(project)
    return write(
        form,
        lambda _values: commands.withdraw_invitation(
            actor, project, programmes.get_invitation(actor, scope, invitation_id)
        ),
        message=_("Invitation retirée : son lien ne sert plus."),
        to=url_for(".index", slug=slug),
        page=lambda status: _render_team(project, status, act_form=form),
        permission=policy.can_withdraw_invitation(actor, project),
    )


@bp.post("/coaches")
def assign_coach(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign_coaches_and_tracks(actor, project))
    form = _build_coach_form(project, queries.list_tracks(project))

    def command(values: Mapping[str, Any]) -> None:
        person = queries.get_programme_role_holder(project, policy.COACH, values["person"])
        commands.assign_coach(actor, project, person, queries.get_track(project, values["track"]))

    return write(
        form,
        command,
        message=_("Le coach est affecté au projet."),
        to=url_for(".index", slug=slug),
        page=lambda status: _render_team(project, status, coach_form=form),
    )


@bp.post("/reviewers")
def assign_reviewer(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign_coaches_and_tracks(actor, project))
    form = _build_reviewer_form(project)
    return write(
        form,
        lambda values: commands.assign_reviewer(
            actor, project, queries.get_programme_role_holder(project, policy.REVIEWER, values["person"])
        ),
        message=_("Le relecteur éthique est affecté au projet."),
        to=url_for(".index", slug=slug),
        page=lambda status: _render_team(project, status, reviewer_form=form),
    )


@bp.get("/tracks", endpoint="tracks_page")
@bp.post("/tracks")
def choose_tracks(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    keys = [track.key for track in queries.list_tracks(project)]
    form = make_form(ProjectTracksForm, programmes.list_tracks(project.programme_id), tracks=keys)
    return write(
        form,
        lambda values: commands.choose_tracks(actor, project, values["tracks"] or []),
        message=_("Les volets du projet sont enregistrés."),
        to=url_for(".index", slug=slug),
        page=lambda status: render("project/projects/tracks.html", status=status, project=project, form=form),
        permission=policy.can_assign_coaches_and_tracks(actor, project),
    )


@bp.get("/team/<uuid:assignment_id>/share", endpoint="share_page")
@bp.post("/team/<uuid:assignment_id>/share")
def set_time_share(slug: str, assignment_id: UUID) -> Response:
    project = queries.get_project(actor, slug)
    assignment = queries.get_role_assignment(project, assignment_id)
    require(policy.may_set_share_in_some_state(actor, project, assignment))
    if request.method in SAFE_METHODS:
        work_commands.require_can_set_time_share(actor, project, assignment)
    form = make_form(TimeShareForm, obj=assignment)
    return write(
        form,
        lambda values: commands.set_time_share(actor, project, assignment, values["share_of_time"]),
        message=_("Part de temps enregistrée."),
        to=url_for(".index", slug=slug),
        page=lambda status: render(
            "project/projects/share.html",
            status=status,
            project=project,
            assignment=assignment,
            who=programmes.get_holder_name(assignment),
            form=form,
        ),
    )


@bp.get("/team/<uuid:assignment_id>/end", endpoint="end_role_page")
@bp.post("/team/<uuid:assignment_id>/end")
def end_role(slug: str, assignment_id: UUID) -> Response:
    project = queries.get_project(actor, slug)
    assignment = queries.get_role_assignment(project, assignment_id)
    scope = queries.get_scope_of(project)
    require(roles_policy.can_end_role(actor, scope, assignment))
    return confirm_end_of_role(
        scope,
        assignment,
        lambda: commands.end_role(actor, project, assignment),
        back=url_for(".index", slug=slug),
        place=project.short_name,
        to=url_for("projects.index") if assignment.person_id == actor.person_id else "",
    )
