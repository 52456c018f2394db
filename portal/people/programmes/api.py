"""Operations on programmes: who holds a role there, and who is invited.

Roles are offered and ended on pages alone, which ask for a second factor again.
"""

from portal.people.programmes import policy, queries
from portal.people.programmes.models import Programme
from portal.people.programmes.schemas import InvitationSchema, ProgrammeSchema, RoleSchema
from portal.platform.kernel.access import require
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("projects")


@area.list("/programmes", ProgrammeSchema)
def list_programmes(call: ApiCall) -> ApiPage:
    """List the programmes that one sees, the latest first."""
    return call.page.cut(queries.list_programmes(call.actor))


@area.get("/programmes/<programme>", ProgrammeSchema)
def get_programme(call: ApiCall, programme: str) -> Programme:
    """Read a programme."""
    return queries.get_programme(call.actor, programme)


@area.list("/programmes/<programme>/roles", RoleSchema)
def list_programme_roles(call: ApiCall, programme: str) -> ApiPage:
    """List who holds which role in a programme itself, for its leads and administrators."""
    row = queries.get_programme(call.actor, programme)
    require(policy.can_see_people(call.actor, row))
    holders = queries.list_holders(row.id)
    return call.page.cut(
        [
            {
                "id": each.assignment.id,
                "person_id": each.person.id,
                "name": each.person.name,
                "role": each.assignment.role,
            }
            for each in holders
        ]
    )


@area.list("/programmes/<programme>/invitations", InvitationSchema)
def list_programme_invitations(call: ApiCall, programme: str) -> ApiPage:
    """List the open invitations to roles that one may offer in a programme; never their links."""
    scope = queries.get_scope(queries.get_programme(call.actor, programme).id)
    require(bool(policy.roles_to_invite(call.actor, scope)))
    return call.page.cut(queries.list_open_invitations(call.actor, scope))
