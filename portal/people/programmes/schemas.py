"""Schemas of programmes."""

from portal.people.programmes.models import ABOUT_MAX, MONTHS_MAX, NAME_MAX, SLUG_MAX, Invitation
from portal.platform.kernel.access import Role
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, id_, integer, line, version


class ProgrammeSchema(ApiSchema):
    """A programme: a cohort of projects over some months."""

    id = id_(dump_only=True)
    slug = line(SLUG_MAX, "Its name in addresses.", dump_only=True)
    version = version()
    name_fr = line(NAME_MAX, dump_only=True)
    name_en = line(NAME_MAX, dump_only=True)
    about_fr = line(ABOUT_MAX, dump_only=True)
    about_en = line(ABOUT_MAX, dump_only=True)
    starts_on = day("First day of month 1.", dump_only=True)
    months = integer(1, MONTHS_MAX, dump_only=True)


class RoleSchema(ApiSchema):
    """Somebody's role in a programme."""

    id = id_(dump_only=True)
    person_id = id_(dump_only=True)
    name = line(NAME_MAX, dump_only=True)
    role = choice(Role, dump_only=True)


InvitationSchema = row_schema("InvitationSchema", Invitation, "email", "role", "invited_by_id", "expires_at")
