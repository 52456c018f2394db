"""The demonstration's people: one account per role to sign in with, and the teams around them."""

from dataclasses import dataclass
from functools import cache

from flask import current_app

from portal.accounts import commands as accounts
from portal.accounts import queries as people
from portal.accounts.models import Person
from portal.accounts.passwords import Passwords
from portal.kernel.access import Role
from portal.programmes import role_commands as roles
from portal.programmes.models import INSTALLATION, Programme, Track
from portal.programmes.queries import roles_held
from portal.projects.models import Project

PASSWORD = "demonstration-ami-ia"  # noqa: S105  printed by `flask demo accounts`; refused in production
DOMAIN = "demo.example"

# On which teams the two coaches that one can sign in as work, and on which track.
FIRST_COACH = ("technical", frozenset({"ddtm-34", "dgal", "asn"}))
SECOND_COACH = ("strategic", frozenset({"chu-toulouse", "ofb", "acoss"}))
SECOND_REVIEWER = "relectrice"
FIRST_TEAM, SECOND_TEAM, REVIEWED = "ddtm-34", "chu-toulouse", "chu-toulouse"


@dataclass(frozen=True)
class Account:
    """A demonstration account that one can sign in with."""

    role: Role
    local: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.local}@{DOMAIN}"


ACCOUNTS = (
    Account(Role.TEAM_MEMBER, "agent", "Agent de démonstration"),
    Account(Role.TEAM_MEMBER, "agent2", "Second agent de démonstration"),
    Account(Role.TEAM_LEAD, "porteur", "Porteur de démonstration"),
    Account(Role.COACH, "coach", "Coach technique de démonstration"),
    Account(Role.COACH, "coach2", "Coach stratégique de démonstration"),
    Account(Role.ETHICS_REVIEWER, "relecteur", "Relecteur éthique de démonstration"),
    Account(Role.PROGRAMME_LEAD, "direction", "Direction de programme de démonstration"),
    Account(Role.JUROR, "jury", "Membre du jury de démonstration"),
    Account(Role.OPERATOR, "operateur", "Opérateur de démonstration"),
    Account(Role.OBSERVER, "observateur", "Observateur de démonstration"),
    Account(Role.ADMINISTRATOR, "admin", "Administrateur de démonstration"),
)
# Held in each programme by the account of that name.
IN_PROGRAMMES = (
    "direction",
    "coach",
    "coach2",
    "relecteur",
    "jury",
    "operateur",
    "observateur",
)


def sign_ins() -> list[dict[str, str]]:
    """The accounts that one can sign in with: role, email, password."""
    return [{"role": one.role.value, "email": one.email, "password": PASSWORD} for one in ACCOUNTS]


def account(local: str) -> Account:
    return next(one for one in ACCOUNTS if one.local == local)


def person(local: str, name: str, *, signs_in: bool = False) -> Person:
    """The demonstration person of that address, made once."""
    email = f"{local}@{DOMAIN}"
    known = people.find_person_by_email(email)
    if known is not None:
        return known
    made = accounts.make_person(None, email=email, name=name)
    if signs_in:
        made.password_hash = _hashed(current_app.extensions["passwords"])
    return made


@cache
def _hashed(passwords: Passwords) -> str:
    """Of the password that is printed for all of them: made once."""
    return passwords.hash(PASSWORD)


def named(local: str) -> Person:
    """One of the accounts that one can sign in with."""
    return person(local, account(local).name, signs_in=True)


def reviewer(local: str) -> Person:
    """Of the programmes: the one that one can sign in as, and a colleague."""
    if local == SECOND_REVIEWER:
        return person(local, "Relectrice éthique (démonstration)")
    return named(local)


def give_programme_roles(programme: Programme) -> None:
    for local in IN_PROGRAMMES:
        roles.give_role(None, programme.id, named(local), account(local).role)
    roles.give_role(None, programme.id, reviewer(SECOND_REVIEWER), Role.ETHICS_REVIEWER)


def give_administrator() -> None:
    admin = named("admin")
    if not roles_held(admin.id, INSTALLATION):
        roles.give_role(None, INSTALLATION, admin, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Cast:
    """Who speaks and works in one project."""

    lead: Person
    members: list[Person]
    coaches: dict[str, Person]  # by track
    programme_lead: Person

    def speaker(self, part: str) -> Person:
        """The person behind a part in the story; a team without that coach lets its lead speak."""
        return {
            "team_lead": self.lead,
            "member": self.members[0],
            "programme_lead": self.programme_lead,
            "coach": next(iter(self.coaches.values()), self.lead),
            "technical_coach": self.coaches.get("technical", self.lead),
            "strategic_coach": self.coaches.get("strategic", self.lead),
        }[part]


def gather(project: Project, tracks: list[Track], members: int) -> Cast:
    """Make a project's team and coaches, and give them their roles there."""
    slug, short = project.slug, project.short_name
    first, second = slug == FIRST_TEAM, slug == SECOND_TEAM
    lead = (
        named("porteur")
        if first
        else person(f"porteur-{slug}", f"Porteur, {short} (démonstration)")
    )
    roles.give_role(None, project.id, lead, Role.TEAM_LEAD, share_of_time=50)
    team = []
    for n in range(1, members + 1):
        local = "agent" if first and n == 1 else "agent2" if second and n == 1 else None
        agent = (
            named(local)
            if local
            else person(f"agent{n}-{slug}", f"Agent {n}, {short} (démonstration)")
        )
        roles.give_role(None, project.id, agent, Role.TEAM_MEMBER, share_of_time=20 + 10 * (n % 4))
        team.append(agent)
    coaches = {track.key: _coach(project, track) for track in tracks}
    if slug == REVIEWED:
        roles.give_role(None, project.id, named("relecteur"), Role.ETHICS_REVIEWER)
    return Cast(lead, team, coaches, named("direction"))


def _coach(project: Project, track: Track) -> Person:
    for local, (key, slugs) in (("coach", FIRST_COACH), ("coach2", SECOND_COACH)):
        if track.key == key and project.slug in slugs:
            who = named(local)
            break
    else:
        who = person(f"coach-{track.key}", f"Autre coach {track.name_fr.lower()} (démonstration)")
    held = roles_held(who.id, project.programme_id)
    if Role.COACH not in held:
        roles.give_role(None, project.programme_id, who, Role.COACH)
    roles.give_role(None, project.id, who, Role.COACH, track=track)
    return who
