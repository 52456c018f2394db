"""Roles of a programme by the API: read by its leads, with open invitations but never their links."""

from portal.people.programmes import commands
from portal.people.programmes.commands import RoleOffer
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import factories as make

PLACE = "/programmes/ami"


def test_a_lead_reads_roles_and_open_invitations(app):
    programme = make.programme(slug="ami")
    lead, coach = (make.role(programme.id, role) for role in (Role.PROGRAMME_LEAD, Role.COACH))
    token = commands.invite_to_programme(
        make.actor(lead), programme, RoleOffer(email="ada@organisme.example", role=Role.JUROR)
    )
    db.session.commit()
    client, other = api.client(app, lead), api.client(app, coach)
    names = {lead.name: "programme_lead", coach.name: "coach"}
    roles = client.get(f"{PLACE}/roles").get_json()["data"]
    assert {each["name"]: each["role"] for each in roles} == names
    response = client.get(f"{PLACE}/invitations")
    [invitation] = response.get_json()["data"]
    assert (invitation["email"], invitation["role"]) == ("ada@organisme.example", "juror")
    assert token not in response.get_data(as_text=True)
    assert other.get(f"{PLACE}/roles").status_code == 403
    assert other.get(f"{PLACE}/invitations").status_code == 403
