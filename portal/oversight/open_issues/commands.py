"""Record exports of the open issues of a programme."""

from collections.abc import Sequence

from portal.oversight.committee_packs.commands import EXPORTED
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor

DATASET = "concerns"


def record_export(
    actor: Actor, programme: Programme, kind: str, narrowed_by: Sequence[str] = ()
) -> None:
    """Record in the audit trail who exported what, by which filters. Access is checked before."""
    facts = {"what": DATASET, "kind": kind, "as_of": clock.now()}
    if narrowed_by:
        facts["narrowed_by"] = " ".join(narrowed_by)
    audit.record(actor, EXPORTED, programme, scope_id=programme.id, facts=facts)
