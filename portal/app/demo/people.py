"""People of the demonstration: accounts to sign in with, one per role, and the teams."""

from dataclasses import dataclass
from functools import cache

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.models import Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.proconnect.models import FederatedIdentity
from portal.people.proconnect.queries import find_linked_identity
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION, Programme, Track
from portal.people.programmes.queries import get_roles_in_scope
from portal.people.second_factor.code_rules import normalize_recovery_code
from portal.people.second_factor.models import OneTimeSecret, RecoveryCode
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project

PASSWORD = "demonstration-ami-ia"  # noqa: S105  printed by `flask demo accounts`; refused in production
DOMAIN = "demo.example"

# The teams and tracks of the two coaches with an account.
FIRST_COACH = ("technical", frozenset({"ddtm-34", "dgal", "asn"}))
SECOND_COACH = ("strategic", frozenset({"chu-toulouse", "ofb", "acoss"}))
# The usual track whose coach speaks in the stories, by other track.
USUAL_TRACKS = {"donnees": "technical", "metier": "strategic"}
SECOND_REVIEWER = "relectrice"
FIRST_TEAM, SECOND_TEAM, REVIEWED = "ddtm-34", "chu-toulouse", "chu-toulouse"


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account to sign in with; `secret` is that of its one-time codes, in base32."""

    role: Role
    local_part: str
    name: str
    secret: str = ""

    @property
    def email(self) -> str:
        return f"{self.local_part}@{DOMAIN}"

    @property
    def recovery_code(self) -> str:
        """The only recovery code; empty without a second factor."""
        return normalize_recovery_code(self.secret[:24].lower())


ACCOUNTS = (
    DemoAccount(Role.TEAM_MEMBER, "agent", "Agent de démonstration"),
    DemoAccount(Role.TEAM_MEMBER, "agent2", "Second agent de démonstration"),
    DemoAccount(Role.TEAM_LEAD, "porteur", "Porteur de démonstration"),
    DemoAccount(Role.COACH, "coach", "Coach technique de démonstration"),
    DemoAccount(
        Role.COACH, "coach2", "Coach stratégique de démonstration", "COACHDEMOCOACHDEMOCOACHDEMOCOACH"
    ),
    DemoAccount(Role.ETHICS_REVIEWER, "relecteur", "Relecteur éthique de démonstration"),
    DemoAccount(Role.PROGRAMME_LEAD, "direction", "Direction de programme de démonstration"),
    DemoAccount(Role.JUROR, "jury", "Membre du jury de démonstration"),
    DemoAccount(Role.OPERATOR, "operateur", "Opérateur de démonstration"),
    DemoAccount(Role.OPERATOR, "operateur2", "Second opérateur de démonstration"),
    DemoAccount(Role.OBSERVER, "observateur", "Observateur de démonstration"),
    DemoAccount(
        Role.ADMINISTRATOR,
        "admin2",
        "Second administrateur de démonstration",
        "ADMINDEMOADMINDEMOADMINDEMOADMIN",
    ),
    DemoAccount(Role.ADMINISTRATOR, "admin", "Administrateur de démonstration"),
)
# The role in each programme, by account.
PROGRAMME_ACCOUNTS = (
    "direction",
    "coach",
    "coach2",
    "relecteur",
    "jury",
    "operateur",
    "operateur2",
    "observateur",
)


def list_account_credentials() -> list[dict[str, str]]:
    """The accounts to sign in with that are there: role, email, password; of two, the secret of one-time
    codes too."""
    return [
        {
            "role": demo_account.role.value,
            "email": demo_account.email,
            "password": PASSWORD,
            "one_time_secret": demo_account.secret,
            "recovery_code": demo_account.recovery_code,
        }
        for demo_account in ACCOUNTS
        if people.find_person_by_email(demo_account.email) is not None
    ]


def find_account(local: str) -> DemoAccount:
    return next(demo_account for demo_account in ACCOUNTS if demo_account.local_part == local)


def find_or_make_person(local: str, name: str, *, signs_in: bool = False) -> Person:
    """The demonstration person with an address, created if missing."""
    email = f"{local}@{DOMAIN}"
    existing_person = people.find_person_by_email(email)
    if existing_person is not None:
        return existing_person
    new_person = accounts.create_person(None, email=email, name=name)
    if signs_in:
        new_person.password_hash = _hash_password(get_service(PortalPasswordHasher))
    return new_person


@cache
def _hash_password(passwords: PortalPasswordHasher) -> str:
    """The hash of the common password, cached."""
    return passwords.hash(PASSWORD)


def find_or_make_account_person(local: str) -> Person:
    """The person of an account to sign in with, with its second factor, if any."""
    demo_account = find_account(local)
    person = find_or_make_person(local, demo_account.name, signs_in=True)
    if demo_account.secret and person.second_factor_at is None:
        _give_second_factor(person, demo_account)
    return person


def _give_second_factor(person: Person, demo_account: DemoAccount) -> None:
    now, closed_secret = clock.now(), get_service(SecretBox).close(demo_account.secret)
    db.session.add(OneTimeSecret(person_id=person.id, closed_secret=closed_secret, confirmed_at=now))
    code_hash = token_hash(demo_account.recovery_code)
    db.session.add(RecoveryCode(person_id=person.id, code_hash=code_hash))
    person.second_factor_at = now


def find_or_make_reviewer(local: str) -> Person:
    """An ethics reviewer: the one with an account, or the second one."""
    if local == SECOND_REVIEWER:
        return find_or_make_person(local, "Relectrice éthique (démonstration)")
    return find_or_make_account_person(local)


def give_programme_roles(programme: Programme) -> None:
    for local in PROGRAMME_ACCOUNTS:
        roles.give_role(None, programme.id, find_or_make_account_person(local), find_account(local).role)
    roles.give_role(None, programme.id, find_or_make_reviewer(SECOND_REVIEWER), Role.ETHICS_REVIEWER)


def create_administrators() -> None:
    for local in ("admin", "admin2"):
        admin = find_or_make_account_person(local)
        if not get_roles_in_scope(admin.id, INSTALLATION):
            roles.give_role(None, INSTALLATION, admin, Role.ADMINISTRATOR)


def link_accounts_to_provider(issuer: str) -> None:
    """Let the demonstration's sign-in provider open the accounts."""
    for demo_account in ACCOUNTS:
        person = people.find_person_by_email(demo_account.email)
        subject = f"sub-{demo_account.email}"
        if person is not None and find_linked_identity(issuer, subject) is None:
            link = FederatedIdentity(person_id=person.id, issuer=issuer, subject=subject, email=person.email)
            db.session.add(link)


@dataclass(frozen=True)
class ProjectCast:
    """The people of one project."""

    lead: Person
    members: list[Person]
    coaches: dict[str, Person]  # by usual track
    programme_lead: Person

    def find_cast_member(self, part: str) -> Person:
        """The person of a part; the team lead in place of a missing coach."""
        return {
            "team_lead": self.lead,
            "member": self.members[0],
            "programme_lead": self.programme_lead,
            "coach": next(iter(self.coaches.values()), self.lead),
            "technical_coach": self.coaches.get("technical", self.lead),
            "strategic_coach": self.coaches.get("strategic", self.lead),
        }[part]


def make_cast(project: Project, tracks: list[Track], members: int) -> ProjectCast:
    """Create a project's team and coaches with their roles."""
    slug, short = project.slug, project.short_name
    first, second = slug == FIRST_TEAM, slug == SECOND_TEAM
    lead = (
        find_or_make_account_person("porteur")
        if first
        else find_or_make_person(f"porteur-{slug}", f"Porteur, {short} (démonstration)")
    )
    roles.give_role(None, project.id, lead, Role.TEAM_LEAD, share_of_time=50)
    team = []
    for n in range(1, members + 1):
        local = "agent" if first and n == 1 else "agent2" if second and n == 1 else None
        agent = (
            find_or_make_account_person(local)
            if local
            else find_or_make_person(f"agent{n}-{slug}", f"Agent {n}, {short} (démonstration)")
        )
        roles.give_role(None, project.id, agent, Role.TEAM_MEMBER, share_of_time=20 + 10 * (n % 4))
        team.append(agent)
    coaches = {USUAL_TRACKS.get(track.key, track.key): _assign_coach(project, track) for track in tracks}
    if slug == REVIEWED:
        roles.give_role(None, project.id, find_or_make_account_person("relecteur"), Role.ETHICS_REVIEWER)
    return ProjectCast(lead, team, coaches, find_or_make_account_person("direction"))


def _assign_coach(project: Project, track: Track) -> Person:
    for local, (key, slugs) in (("coach", FIRST_COACH), ("coach2", SECOND_COACH)):
        if track.key == key and project.slug in slugs:
            who = find_or_make_account_person(local)
            break
    else:
        who = find_or_make_person(
            f"coach-{track.key}", f"Autre coach {track.name_fr.lower()} (démonstration)"
        )
    programme_roles = get_roles_in_scope(who.id, project.programme_id)
    if Role.COACH not in programme_roles:
        roles.give_role(None, project.programme_id, who, Role.COACH)
    roles.give_role(None, project.id, who, Role.COACH, track=track)
    return who
