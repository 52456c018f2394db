"""Operations on the recovery that is announced on an instalment; `If-Match` has its version."""

from portal.funding.agreements import queries
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments import payment_commands, schemas
from portal.funding.instalments.models import PaymentRecovery
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.queries import find_open_recovery
from portal.funding.instalments.queries import list_recoveries as list_all_recoveries
from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("funding")
INSTALMENT = "/projects/<slug>/instalments/<int(max=9999):number>"
RECOVERY = f"{INSTALMENT}/recovery"


def _get_instalment_and_recovery(
    call: ApiCall, slug: str, number: int
) -> tuple[LoadedInstalment, PaymentRecovery]:
    loaded = queries.get_instalment(call.actor, slug, number)
    return loaded, require_row(find_open_recovery(loaded.row))


@area.get(RECOVERY, schemas.RecoverySchema)
def get_recovery(call: ApiCall, slug: str, number: int) -> PaymentRecovery:
    """Read the recovery that is announced on an instalment."""
    return require_row(
        find_open_recovery(queries.get_instalment_with_readable_amounts(call.actor, slug, number).row)
    )


@area.list(f"{INSTALMENT}/recoveries", schemas.RecoverySchema)
def list_recoveries(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List all recoveries of an instalment, latest first."""
    row = queries.get_instalment_with_readable_amounts(call.actor, slug, number).row
    return call.page.cut_whole_list(list_all_recoveries(row))


@area.create(RECOVERY, schemas.RecoverySchema, body=schemas.RecoveryBodySchema, asks_again=True)
def announce_recovery(call: ApiCall, slug: str, number: int) -> PaymentRecovery:
    """Announce that a part of a payment is to come back."""
    loaded, body = queries.get_instalment(call.actor, slug, number), call.body
    call.location = f"/projects/{slug}/instalments/{number}/recovery"
    return payment_commands.announce_recovery(call.actor, loaded, body["amount_cents"], body["reason"])


@area.act(
    f"{RECOVERY}/observations",
    schemas.RecoverySchema,
    body=schemas.ObservationsSchema,
    is_versioned=True,
)
def observe_recovery(call: ApiCall, slug: str, number: int) -> PaymentRecovery:
    """Write the team's observations on a recovery."""
    loaded, recovery = _get_instalment_and_recovery(call, slug, number)
    payment_commands.add_recovery_observations(call.actor, loaded, call.body["observations"], call.version)
    return recovery


@area.act(
    f"{RECOVERY}/book",
    schemas.RecoverySchema,
    body=schemas.BookingSchema,
    is_versioned=True,
    asks_again=True,
)
def book_recovery(call: ApiCall, slug: str, number: int) -> PaymentRecovery:
    """Note that a recovery came back, as another person than who announced it."""
    loaded, recovery = _get_instalment_and_recovery(call, slug, number)
    payment_commands.book_recovery(call.actor, loaded, Payment(**call.body), call.version)
    return recovery


@area.act(f"{RECOVERY}/drop", schemas.RecoverySchema, is_versioned=True, asks_again=True)
def drop_recovery(call: ApiCall, slug: str, number: int) -> PaymentRecovery:
    """Give up a recovery that was announced."""
    loaded, recovery = _get_instalment_and_recovery(call, slug, number)
    payment_commands.drop_recovery(call.actor, loaded, call.version)
    return recovery
