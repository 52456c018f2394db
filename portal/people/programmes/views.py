"""Pages of programmes: the list, a programme with its people, and the forms that change them."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.people.programmes import commands, policy, queries, role_commands
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.forms import (
    EditProgrammeForm,
    InviteForm,
    NewProgrammeForm,
    ProgrammeActionForm,
)
from portal.people.programmes.invitation_views import redirect_to_one_time_link_page
from portal.people.programmes.labels import count_people, list_role_losses
from portal.people.programmes.models import Programme, RoleAssignment, Scope
from portal.people.programmes.newcomer_labels import describe_next_steps
from portal.people.programmes.notice_labels import (
    DepartedProgrammeSource,
    ProgrammeCalls,
    ProgrammeNotice,
    ProgrammeNoticeSource,
)
from portal.people.programmes.queries import RoleHolder
from portal.people.programmes.start_labels import find_current_step, list_first_steps
from portal.people.programmes.template_commands import ProgrammeTemplate, create_from_template, find_template
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role, require
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.base_form import submit
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_confirmed

bp = Blueprint("programmes", __name__, url_prefix="/programmes")


@bp.get("")
def index() -> Response:
    return render(
        "people/programmes/index.html",
        contact=get_service(Settings).contact_email,
        programmes=queries.list_programmes(actor),
        departed=[
            programme
            for contribution in list_contributions(DepartedProgrammeSource)
            for programme in contribution.list_departed(get_actor())
        ],
        can_create=policy.can_create_programme(actor),
        today=clock.today(),
    )


@bp.get("/new", endpoint="new_page")
@bp.post("/new")
def create() -> Response:
    """On a GET the form is filled from the template in `template`, the first by default."""
    template = find_template(request.args.get("template", ""))
    template = template or list_contributions(ProgrammeTemplate)[0]
    form = make_form(
        NewProgrammeForm,
        template=template.key,
        months=template.months,
        tracks="\n".join(name_fr for name_fr, _name_en in template.tracks),
    )
    return write(
        form,
        lambda values: create_from_template(actor, form.plan(), form.track_names(), values["template"]),
        message=_("Programme créé. Invitez maintenant sa direction."),
        to=lambda programme: url_for(".page", slug=programme.slug),
        page=lambda status: render(
            "people/programmes/new.html",
            status=status,
            form=form,
            templates=list_contributions(ProgrammeTemplate),
        ),
        permission=policy.can_create_programme(actor),
    )


@bp.get("/<slug>")
def page(
    slug: str, status: int = 200, form: InviteForm | None = None, act_form: ProgrammeActionForm | None = None
) -> Response:
    """The page of a programme; the forms are refused ones of its own."""
    try:
        programme = queries.get_programme(actor, slug)
    except NotFound:
        return _show_departed_programme(slug)
    scope = queries.get_scope(programme.id)
    sees_people = policy.can_see_people(actor, programme)
    roles = policy.roles_to_invite(actor, scope)
    invitations = queries.list_open_invitations(actor, scope)
    holders = queries.list_holders(scope.id)
    key = "programme", programme.id, frozenset(actor.roles.items())
    steps, notices = cache_until_change(
        actor,
        key,
        lambda: (list_first_steps(actor, programme, holders, invitations), _list_notices(programme)),
    )
    return render(
        "people/programmes/page.html",
        status=status,
        programme=programme,
        month=programme.month_on(clock.today()),
        tracks=queries.list_tracks(programme.id),
        sees_people=sees_people,
        people=group_holders_by_role(holders) if sees_people else [],
        people_count=count_people(holders),
        can_end=lambda assignment: policy.can_end_role(actor, scope, assignment),
        can_edit=policy.can_edit_programme(actor, programme),
        can_lead=policy.can_lead(actor, programme),
        can_read_portfolio=policy.can_read_portfolio(actor, programme),
        can_read_reports=policy.can_read_reports(actor, programme),
        can_read_reviews=policy.can_read_reviews(actor, programme),
        invitations=invitations,
        steps=steps,
        current_step=find_current_step(steps),
        calls=[each.describe(get_actor(), programme) for each in list_contributions(ProgrammeCalls)]
        if policy.can_lead(actor, programme)
        else [],
        next_steps=describe_next_steps(actor, programme),
        notices=notices,
        labels=policy.ROLE_LABELS,
        form=form
        or (InviteForm(roles, formdata=None, data=_read_asked_role_defaults(roles)) if roles else None),
        act_form=act_form or ProgrammeActionForm(formdata=None),
    )


def _list_notices(programme: Programme) -> Sequence[ProgrammeNotice]:
    return [
        notice
        for contribution in list_contributions(ProgrammeNoticeSource)
        for notice in contribution.list_notices(actor, programme)
    ]


def _show_departed_programme(slug: str) -> Response:
    """What remains of a programme whose content left. Raises `NotFound`."""
    for contribution in list_contributions(DepartedProgrammeSource):
        return contribution.show(slug)
    raise NotFound


def _read_asked_role_defaults(roles: Sequence[Role]) -> dict[str, Role]:
    """The role that the link to the invitation asks for, if the actor may offer it."""
    requested_role = next((role for role in roles if role.value == request.args.get("role")), None)
    return {"role": requested_role} if requested_role else {}


def group_holders_by_role(holders: Sequence[RoleHolder]) -> Sequence[tuple[str, Sequence[RoleHolder]]]:
    """Return the holders in a scope by the label of their role, in the order of `ROLE_LABELS`."""
    order = list(policy.ROLE_LABELS)
    holders = sorted(holders, key=lambda holder: order.index(holder.assignment.role))
    return [
        (str(policy.ROLE_LABELS[role]), list(role_holders))
        for role, role_holders in groupby(holders, key=lambda holder: holder.assignment.role)
    ]


@bp.get("/<slug>/edit", endpoint="edit_page")
@bp.post("/<slug>/edit")
def edit(slug: str) -> Response:
    programme = queries.get_programme(actor, slug)
    form = make_form(EditProgrammeForm, obj=programme)
    return write(
        form,
        lambda values: commands.edit_programme(
            actor, programme, form.plan(), values["version"], knowingly=values["knowingly"]
        ),
        message=_("Programme enregistré."),
        to=url_for(".page", slug=slug),
        page=lambda status: render(
            "people/programmes/edit.html", status=status, programme=programme, form=form
        ),
        permission=policy.can_edit_programme(actor, programme),
        stored=programme,
    )


@bp.post("/<slug>/invitations")
def invite(slug: str) -> Response:
    programme = queries.get_programme(actor, slug)
    roles = policy.roles_to_invite(actor, queries.get_scope(programme.id))
    require(bool(roles))
    form = InviteForm(roles)
    return submit(
        form,
        lambda values: commands.invite_to_programme(actor, programme, RoleOffer(**values)),
        redirect_to_one_time_link_page,
        lambda status: page(slug, status, form=form),
    )


@bp.post("/<slug>/invitations/<uuid:invitation_id>/withdraw")
def withdraw_invitation(slug: str, invitation_id: UUID) -> Response:
    programme = queries.get_programme(actor, slug)
    scope, form = queries.get_scope(programme.id), ProgrammeActionForm()
    return write(
        form,
        lambda _values: commands.withdraw_programme_invitation(
            actor, programme, queries.get_invitation(actor, scope, invitation_id)
        ),
        message=_("Invitation retirée : son lien ne sert plus."),
        to=url_for(".page", slug=slug),
        page=lambda status: page(slug, status, act_form=form),
        permission=bool(policy.roles_to_invite(actor, scope)),
    )


@bp.get("/<slug>/roles/<uuid:assignment_id>/end", endpoint="end_role_page")
@bp.post("/<slug>/roles/<uuid:assignment_id>/end")
def end_role(slug: str, assignment_id: UUID) -> Response:
    programme = queries.get_programme(actor, slug)
    require(policy.can_see_people(actor, programme))
    scope = queries.get_scope(programme.id)
    assignment = queries.get_assignment(scope.id, assignment_id)
    require(policy.can_end_role(actor, scope, assignment))
    is_own_role = assignment.person_id == actor.person_id
    return confirm_end_of_role(
        scope,
        assignment,
        lambda: role_commands.end_role(actor, scope, assignment),
        back=url_for(".page", slug=programme.slug),
        place=programme.name,
        to=url_for(".index") if is_own_role else "",
    )


def confirm_end_of_role(
    scope: Scope,
    assignment: RoleAssignment,
    command: Callable[[], object],
    *,
    back: str,
    place: str,
    to: str = "",
) -> Response:
    """End a role, after the question that says what the person loses; leads back by default."""
    return write_confirmed(
        ConfirmationQuestion(
            title=_("Retirer ce rôle à %(who)s ?", who=queries.get_holder_name(assignment)),
            lead=str(policy.ROLE_LABELS[assignment.role]),
            means=list_role_losses(scope, assignment),
            yes=_("Retirer le rôle"),
            no=_("Le garder"),
            step=_("Retirer un rôle"),
            place=place,
            back=back,
        ),
        make_form(ProgrammeActionForm),
        command,
        message=_("Le rôle est retiré."),
        to=to,
    )
