"""Names of second factors that sign in by themselves."""

from portal.people.accounts.models import Person
from portal.people.second_factor import queries
from portal.platform.kernel.text import gettext as _


def list_passkey_labels(person: Person) -> list[str]:
    """The passkeys that open a person's account whatever its password."""
    return [_("Clé d’accès « %(name)s »", name=passkey.name) for passkey in queries.list_passkeys(person.id)]
