"""Who is around a project: the team, its coaches and reviewer, and the forms that change that."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.kernel.access import require
from portal.kernel.text import gettext as _
from portal.programmes import policy as roles_policy
from portal.programmes import queries as programmes
from portal.programmes.commands import Offer
from portal.programmes.forms import ActForm
from portal.programmes.invitation_views import show_once
from portal.programmes.models import RoleAssignment
from portal.programmes.views import end_role_view
from portal.projects import commands, policy, queries, timing
from portal.projects.forms import CoachForm, InviteMemberForm, ReviewerForm, ShareForm, TracksForm
from portal.projects.models import Project
from portal.web.actor import current_actor as actor
from portal.web.forms import Form, submit
from portal.web.render import render, see

bp = Blueprint("team", __name__, url_prefix="/projects/<slug>")


@bp.get("/team")
def index(slug: str) -> Response:
    return _page(queries.get_project(actor, slug))


def _page(project: Project, status: int = 200, **refused: Form) -> Response:
    """The team, with a form for each thing this reader may do; `refused` are given back."""
    scope = queries.get_scope_of(project)
    forms: dict[str, Form | None] = {"invite_form": None, "coach_form": None, "reviewer_form": None}
    if policy.can_invite(actor, project) or "invite_form" in refused:
        offered = roles_policy.roles_to_invite(actor, scope)
        forms["invite_form"] = InviteMemberForm(offered, formdata=None)
    if policy.can_assign(actor, project):
        forms["coach_form"] = _coach_form(project, formdata=None)
        forms["reviewer_form"] = _reviewer_form(project, formdata=None)
    return render(
        "projects/team.html",
        status=status,
        project=project,
        tracks=queries.list_tracks(project),
        team=queries.list_team(project),
        coaches=queries.list_coaches(project),
        reviewers=queries.list_reviewers(project),
        invitations=programmes.list_open_invitations(actor, scope),
        labels=roles_policy.LABELS,
        can_choose_tracks=policy.can_assign(actor, project),
        can_end=lambda assignment: roles_policy.can_end(actor, scope, assignment),
        can_set_share=lambda assignment: policy.can_set_share(actor, project, assignment),
        **{"act_form": ActForm(formdata=None)} | forms | refused,
    )


def _coach_form(project: Project, **given: Any) -> CoachForm:
    people = programmes.list_pool(project.programme_id, policy.COACH)
    return CoachForm(people, queries.list_tracks(project), prefix="coach", **given)


def _reviewer_form(project: Project, **given: Any) -> ReviewerForm:
    people = programmes.list_pool(project.programme_id, policy.REVIEWER)
    return ReviewerForm(people, prefix="reviewer", **given)


@bp.post("/invitations")
def invite(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_withdraw(actor, project))
    form = InviteMemberForm(roles_policy.roles_to_invite(actor, queries.get_scope_of(project)))

    def act(given: Mapping[str, Any]) -> str:
        return commands.invite_member(actor, project, Offer(**given))

    return submit(form, act, show_once, lambda status: _page(project, status, invite_form=form))


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
def withdraw(slug: str, invitation_id: UUID) -> Response:
    project, form = queries.get_project(actor, slug), ActForm()
    require(policy.can_withdraw(actor, project))
    scope = queries.get_scope_of(project)

    def act(_given: Mapping[str, Any]) -> None:
        offer = programmes.get_invitation(actor, scope, invitation_id)
        commands.withdraw_invitation(actor, project, offer)

    def done(_made: None) -> Response:
        flash(_("Invitation retirée : son lien ne sert plus."))
        return see(".index", slug=slug)

    return submit(form, act, done, lambda status: _page(project, status, act_form=form))


@bp.post("/coaches")
def assign_coach(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign(actor, project))
    form = _coach_form(project)

    def act(given: Mapping[str, Any]) -> None:
        person = queries.get_of_pool(project, policy.COACH, given["person"])
        commands.assign_coach(actor, project, person, queries.get_track(project, given["track"]))

    def done(_made: None) -> Response:
        flash(_("Le coach est affecté au projet."))
        return see(".index", slug=slug)

    return submit(form, act, done, lambda status: _page(project, status, coach_form=form))


@bp.post("/reviewers")
def assign_reviewer(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign(actor, project))
    form = _reviewer_form(project)

    def act(given: Mapping[str, Any]) -> None:
        person = queries.get_of_pool(project, policy.REVIEWER, given["person"])
        commands.assign_reviewer(actor, project, person)

    def done(_made: None) -> Response:
        flash(_("Le relecteur éthique est affecté au projet."))
        return see(".index", slug=slug)

    return submit(form, act, done, lambda status: _page(project, status, reviewer_form=form))


@bp.get("/tracks")
def tracks_page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign(actor, project))
    followed = [track.key for track in queries.list_tracks(project)]
    return _tracks(project, _tracks_form(project, formdata=None, data={"tracks": followed}))


@bp.post("/tracks")
def choose_tracks(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_assign(actor, project))
    form = _tracks_form(project)

    def act(given: Mapping[str, Any]) -> None:
        commands.choose_tracks(actor, project, given["tracks"] or [])

    def done(_made: None) -> Response:
        flash(_("Les volets du projet sont enregistrés."))
        return see(".index", slug=slug)

    return submit(form, act, done, lambda status: _tracks(project, form, status))


def _tracks_form(project: Project, **given: Any) -> TracksForm:
    return TracksForm(programmes.list_tracks(project.programme_id), **given)


def _tracks(project: Project, form: TracksForm, status: int = 200) -> Response:
    return render("projects/tracks.html", status=status, project=project, form=form)


@bp.get("/team/<uuid:assignment_id>/share")
def share_page(slug: str, assignment_id: UUID) -> Response:
    project, assignment = _with_share(slug, assignment_id)
    timing.require_to_set_share(actor, project, assignment)
    return _share(project, assignment, ShareForm(formdata=None, obj=assignment))


@bp.post("/team/<uuid:assignment_id>/share")
def set_share(slug: str, assignment_id: UUID) -> Response:
    project, assignment = _with_share(slug, assignment_id)
    form = ShareForm()

    def act(given: Mapping[str, Any]) -> None:
        commands.set_share(actor, project, assignment, given["share_of_time"])

    def done(_made: None) -> Response:
        flash(_("Part de temps enregistrée."))
        return see(".index", slug=slug)

    return submit(form, act, done, lambda status: _share(project, assignment, form, status))


def _with_share(slug: str, assignment_id: UUID) -> tuple[Project, RoleAssignment]:
    project = queries.get_project(actor, slug)
    assignment = queries.get_assignment(project, assignment_id)
    require(policy.may_set_share(actor, project, assignment))
    return project, assignment


def _share(
    project: Project, assignment: RoleAssignment, form: ShareForm, status: int = 200
) -> Response:
    return render(
        "projects/share.html",
        status=status,
        project=project,
        assignment=assignment,
        who=programmes.name_of_holder(assignment),
        form=form,
    )


@bp.get("/team/<uuid:assignment_id>/end")
def end_role_page(slug: str, assignment_id: UUID) -> Response:
    project, assignment = _to_end(slug, assignment_id)
    return _end(project, assignment, ActForm(formdata=None))


@bp.post("/team/<uuid:assignment_id>/end")
def end_role(slug: str, assignment_id: UUID) -> Response:
    project, assignment = _to_end(slug, assignment_id)
    form, mine = ActForm(), assignment.person_id == actor.person_id

    def done(_made: None) -> Response:
        flash(_("Le rôle est retiré."))
        return see("projects.index") if mine else see(".index", slug=slug)

    return submit(
        form,
        lambda _given: commands.end_role(actor, project, assignment),
        done,
        lambda status: _end(project, assignment, form, status),
    )


def _to_end(slug: str, assignment_id: UUID) -> tuple[Project, RoleAssignment]:
    project = queries.get_project(actor, slug)
    assignment = queries.get_assignment(project, assignment_id)
    require(roles_policy.can_end(actor, queries.get_scope_of(project), assignment))
    return project, assignment


def _end(
    project: Project, assignment: RoleAssignment, form: ActForm, status: int = 200
) -> Response:
    scope, back = queries.get_scope_of(project), url_for(".index", slug=project.slug)
    return end_role_view(scope, assignment, form, status, back=back, place=project.short_name)
