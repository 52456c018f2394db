"""Machine accounts."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Entity

MACHINES_MAX = 20  # open ones of a programme
DOMAIN = "machine.invalid"  # of their addresses: mail to them goes nowhere (RFC 2606)


class MachineAccount(Entity):
    """A machine that acts in a programme with a role, under the name of a person without a password.

    The role stands here rather than in `RoleAssignment`: a machine is in no list of people, gets no
    mail, and nothing waits for it. It is closed for good when its person is disabled.
    """

    __tablename__ = "machine_account"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), unique=True)
    role: Mapped[Role]
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
