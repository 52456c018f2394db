"""What administrators change: close and reopen accounts, make somebody an administrator."""

from portal.communication.directory import policy
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes import queries as programmes
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION, Scope
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _


def close_account(actor: Actor, person: Person) -> None:
    """Close an account and end its sessions; its roles stay.

    Raises `RuleBroken` when no other administrator could sign in. The lock prevents two
    administrators from closing each other's accounts at the same time.
    """
    require(policy.can_close_account(actor, person), _("On ne ferme pas son propre compte."))
    lock_row(Scope, INSTALLATION)
    if not programmes.has_other_holder(INSTALLATION, policy.ADMINISTRATOR, person.id):
        raise RuleBroken(None, _("Il doit rester au moins un administrateur qui puisse entrer."))
    accounts.disable_account(actor, person)


def reopen_account(actor: Actor, person: Person) -> None:
    accounts.enable_account(actor, person)


def make_administrator(actor: Actor, person: Person) -> None:
    """Assign the role. Raises `RuleBroken` for a closed account or an administrator."""
    require(policy.can_make_administrator(actor))
    if person.disabled_at is not None:
        raise RuleBroken(None, _("Ce compte est fermé. Rouvrez-le d’abord."))
    roles.give_role(actor, INSTALLATION, person, policy.ADMINISTRATOR, action=roles.ASSIGNED)
