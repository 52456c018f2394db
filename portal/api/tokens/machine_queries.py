"""Queries on machine accounts, for the leads of their programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from portal.api.tokens import machine_policy as policy
from portal.api.tokens.machine_models import MachineAccount
from portal.api.tokens.models import ApiToken
from portal.api.tokens.queries import map_open_tokens_by_person
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import get_programme, list_programmes
from portal.platform.kernel.access import Actor, Role, require
from portal.platform.kernel.database import db, get_row, get_scalar
from portal.platform.kernel.early_reads import fetch_before_transaction
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

MACHINES_SHOWN = 100


@dataclass(frozen=True)
class ListedMachineAccount:
    """A machine account with the person under whose name it acts, and its open tokens."""

    account: MachineAccount
    person: Person
    tokens: Sequence[ApiToken] = ()

    @property
    def is_open(self) -> bool:
        return self.person.disabled_at is None


def list_led_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose machines the actor manages."""
    return [each for each in list_programmes(actor) if policy.can_manage(actor, each)]


def get_led_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose machines the actor manages. Raises `NotFound` and `NotAllowed`."""
    programme = get_programme(actor, slug)
    require(policy.can_manage(actor, programme))
    return programme


def _select_machine_lines(programme: Programme) -> Select[MachineAccount, Person]:
    return (
        select(MachineAccount, Person)
        .join(Person, Person.id == MachineAccount.person_id)
        .where(MachineAccount.programme_id == programme.id)
    )


def list_machines(programme: Programme) -> Sequence[ListedMachineAccount]:
    """The machine accounts of a programme that the caller leads: open ones first, the newest first."""
    newest_first = Person.disabled_at.is_not(None), MachineAccount.id.desc()
    rows = db.session.execute(
        _select_machine_lines(programme).order_by(*newest_first).limit(MACHINES_SHOWN)
    ).all()
    tokens = map_open_tokens_by_person([person.id for _account, person in rows])
    return [ListedMachineAccount(account, person, tokens[person.id]) for account, person in rows]


def get_machine(programme: Programme, id_: UUID) -> ListedMachineAccount:
    """A machine account of a programme that the caller leads; raises `NotFound`."""
    account, person = get_row(_select_machine_lines(programme).where(MachineAccount.id == id_))
    return ListedMachineAccount(account, person, map_open_tokens_by_person([person.id])[person.id])


def get_token(machine: ListedMachineAccount, id_: UUID) -> ApiToken:
    """A token of a machine; raises `NotFound`."""
    return get_scalar(
        select(ApiToken).where(ApiToken.id == id_, ApiToken.person_id == machine.account.person_id)
    )


@dataclass(frozen=True)
class MachineRights:
    """The role of a machine in its programme, by the programme's id; empty for a person."""

    roles: Mapping[UUID, frozenset[Role]]
    lacks_factor: bool  # a role of whoever made it demands a second factor, and they have none


def read_machine_rights(person_id: UUID) -> MachineRights:
    """What a machine may do. A machine has no factor: whoever made it answers for it."""
    rows = fetch_before_transaction(_MACHINE_RIGHTS, {"person_id": person_id})
    demanded = set(get_service(Settings).second_factor_roles)
    return MachineRights(
        roles={programme_id: frozenset({role}) for programme_id, role, _factor_at, _makers_role in rows},
        lacks_factor=any(factor_at is None and role in demanded for *_place, factor_at, role in rows),
    )


def find_maker_name_lacking_factor(account: MachineAccount) -> str:
    """The name of whoever made a machine while they lack a factor that a role of theirs demands, else ""."""
    rights = read_machine_rights(account.person_id)
    return read_person_names([account.created_by_id])[account.created_by_id] if rights.lacks_factor else ""


_MACHINE_RIGHTS = PreparedStatement(
    select(
        MachineAccount.programme_id,
        MachineAccount.role,
        Person.second_factor_at,
        RoleAssignment.role,
    )
    .join(Person, Person.id == MachineAccount.created_by_id)
    .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
    .where(MachineAccount.person_id == bindparam("person_id"))
)
