"""Operations on programmes and their tracks: who holds a role there, and who is invited.

Roles are offered and ended on pages alone, which ask for a second factor again.
"""

from uuid import UUID

from portal.people.programmes import commands, policy, queries, track_commands
from portal.people.programmes.commands import ProgrammePlan
from portal.people.programmes.forms import find_track_fault
from portal.people.programmes.models import Programme, Track
from portal.people.programmes.schemas import (
    EditTrackSchema,
    InvitationSchema,
    NewProgrammeSchema,
    ProgrammeEditedSchema,
    ProgrammeSchema,
    RoleSchema,
    TrackNamesSchema,
    TrackSchema,
)
from portal.people.programmes.template_commands import ProgrammeTemplate, create_from_template
from portal.people.programmes.track_commands import TrackNames
from portal.platform.kernel.access import require
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("projects")
PROGRAMME = "/programmes/<programme>"
TRACKS = f"{PROGRAMME}/tracks"
TRACK = f"{TRACKS}/<uuid:track_id>"


@area.list("/programmes", ProgrammeSchema)
def list_programmes(call: ApiCall) -> ApiPage:
    """List the programmes that one sees: running ones first, then those to come, then ended ones."""
    return call.page.cut_whole_list(queries.list_programmes(call.actor))


@area.get("/programmes/<programme>", ProgrammeSchema)
def get_programme(call: ApiCall, programme: str) -> Programme:
    """Read a programme."""
    return queries.get_programme(call.actor, programme)


@area.create("/programmes", ProgrammeSchema, body=NewProgrammeSchema, is_personal=True)
def create_programme(call: ApiCall) -> Programme:
    """Create a programme with its tracks from a template, for administrators."""
    require(policy.can_create_programme(call.actor))
    values = dict(call.body)
    names, key = values.pop("tracks"), values.pop("template")
    if fault := find_track_fault(names):
        raise RuleBroken("tracks", fault)
    templates = {each.key for each in list_contributions(ProgrammeTemplate)}
    if key and key not in templates:
        raise RuleBroken(
            "template", _("Choisissez parmi\u00a0: %(kinds)s.", kinds=", ".join(sorted(templates)))
        )
    key = key or list_contributions(ProgrammeTemplate)[0].key
    tracks = [(name, "") for name in names]
    programme = create_from_template(call.actor, ProgrammePlan(**values), tracks, key)
    call.location = f"/programmes/{programme.slug}"
    return programme


@area.change(PROGRAMME, ProgrammeSchema, body=ProgrammeEditedSchema)
def edit_programme(call: ApiCall, programme: str) -> Programme:
    """Change a programme, for its leads and administrators."""
    row = queries.get_programme(call.actor, programme)
    values = dict(call.body)
    knowingly = values.pop("knowingly")
    commands.edit_programme(call.actor, row, ProgrammePlan(**values), call.version, knowingly=knowingly)
    return row


@area.list(TRACKS, TrackSchema)
def list_tracks(call: ApiCall, programme: str) -> ApiPage:
    """List the tracks on which a programme supports its projects, in their order."""
    return call.page.cut_whole_list(queries.list_tracks(queries.get_programme(call.actor, programme).id))


@area.create(TRACKS, TrackSchema, body=TrackNamesSchema)
def add_track(call: ApiCall, programme: str) -> Track:
    """Add a track after the others."""
    row = queries.get_programme(call.actor, programme)
    return track_commands.add_track(call.actor, row, TrackNames(**call.body))


@area.get(TRACK, TrackSchema)
def get_track(call: ApiCall, programme: str, track_id: UUID) -> Track:
    """Read a track of a programme."""
    return queries.get_track(queries.get_programme(call.actor, programme), track_id)


@area.change(TRACK, TrackSchema, body=EditTrackSchema)
def edit_track(call: ApiCall, programme: str, track_id: UUID) -> Track:
    """Rename a track, or move it among the others."""
    row = queries.get_programme(call.actor, programme)
    track, names = queries.get_track(row, track_id), TrackNames(**call.values("name_fr", "name_en"))
    place = call.body["place"]
    track_commands.edit_track(call.actor, row, track, names, place=place, version=call.version)
    return track


@area.delete(TRACK)
def remove_track(call: ApiCall, programme: str, track_id: UUID) -> None:
    """Remove a track that nothing uses."""
    row = queries.get_programme(call.actor, programme)
    track_commands.remove_track(call.actor, row, queries.get_track(row, track_id))


@area.list("/programmes/<programme>/roles", RoleSchema)
def list_programme_roles(call: ApiCall, programme: str) -> ApiPage:
    """List who holds which role in a programme itself, for its leads and administrators."""
    row = queries.get_programme(call.actor, programme)
    require(policy.can_see_people(call.actor, row))
    holders = queries.list_holders(row.id)
    return call.page.cut_whole_list(
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
    return call.page.cut_whole_list(queries.list_open_invitations(call.actor, scope))


@area.delete(f"{PROGRAMME}/invitations/<uuid:invitation_id>")
def withdraw_programme_invitation(call: ApiCall, programme: str, invitation_id: UUID) -> None:
    """Withdraw an open invitation: its link opens nothing more."""
    row = queries.get_programme(call.actor, programme)
    scope = queries.get_scope(row.id)
    require(bool(policy.roles_to_invite(call.actor, scope)))
    invitation = queries.get_invitation(call.actor, scope, invitation_id)
    commands.withdraw_programme_invitation(call.actor, row, invitation)
