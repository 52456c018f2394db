"""Commands on machine accounts: make one, give it a token, close it."""

from portal.api.tokens import commands as tokens
from portal.api.tokens import machine_policy as policy
from portal.api.tokens.commands import TokenFacts
from portal.api.tokens.machine_models import DOMAIN, MACHINES_MAX, MachineAccount
from portal.api.tokens.machine_queries import (
    ListedMachineAccount,
    find_maker_name_lacking_factor,
    list_machines,
)
from portal.api.tokens.models import ApiToken
from portal.api.tokens.queries import list_open_tokens_of
from portal.people.accounts.commands import create_person
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, Role, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _

CREATED = audit.Action("machine.created")
CLOSED = audit.Action("machine.closed")


def create_machine(actor: Actor, programme: Programme, name: str, role: Role) -> MachineAccount:
    """Make a machine account of a programme. Raises `RuleBroken` for too many of them."""
    require(policy.can_manage(actor, programme) and role in policy.MACHINE_ROLES)
    lock_row(Programme, programme.id)
    if sum(machine.is_open for machine in list_machines(programme)) >= MACHINES_MAX:
        raise RuleBroken(None, _("Ce programme a déjà %(n)s comptes de machine.", n=MACHINES_MAX))
    person = create_person(actor, email=f"{new_id().hex}@{DOMAIN}", name=name)
    flush_session()
    account = MachineAccount(
        programme_id=programme.id, person_id=person.id, role=role, created_by_id=actor.person_id
    )
    db.session.add(account)
    flush_session()
    audit.record(actor, CREATED, account, scope_id=programme.id, facts={"name": name, "role": role})
    return account


def create_machine_token(
    actor: Actor, programme: Programme, machine: ListedMachineAccount, scopes: TokenFacts
) -> str:
    """Create a token of a machine; returns its text, which is not stored.

    Raises `TooLate` for a closed account, `RuleBroken` for too many tokens, or if a role of the actor or
    of whoever made the account demands a second factor that they lack.
    """
    require(policy.can_manage(actor, programme))
    _require_open_machine(machine)
    maker = find_maker_name_lacking_factor(machine.account)
    if maker and machine.account.created_by_id != actor.person_id:
        raise RuleBroken(
            None, _("%(name)s n’a pas de second facteur : ce jeton n’ouvrirait rien.", name=maker)
        )
    return tokens.create_token_for_person(actor, machine.person, scopes)


def revoke_machine_token(actor: Actor, programme: Programme, token: ApiToken) -> None:
    """Revoke a token of a machine; idempotent."""
    require(policy.can_manage(actor, programme))
    tokens.revoke_token(actor, token)


def close_machine(actor: Actor, programme: Programme, machine: ListedMachineAccount) -> None:
    """Close a machine account for good: its tokens open nothing any more. Idempotent."""
    require(policy.can_manage(actor, programme))
    if not machine.is_open:
        return
    machine.person.disabled_at = clock.now()
    for token in list_open_tokens_of(machine.person):
        tokens.revoke_token(actor, token)
    facts = {"name": machine.person.name}
    audit.record(actor, CLOSED, machine.account, scope_id=programme.id, facts=facts)


def _require_open_machine(machine: ListedMachineAccount) -> None:
    if not machine.is_open:
        raise TooLate(_("Ce compte de machine est fermé : créez-en un autre."))
