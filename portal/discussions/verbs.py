"""What else may be done with a comment, told by the floors above: the roof hands in who tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from portal.kernel.access import Actor


@dataclass(frozen=True)
class Verb:
    """`endpoint` takes `comment_id`; where it `asks` a page comes first, else one click does it."""

    label: str
    endpoint: str
    asks: bool = False


Offers = Callable[[Actor, UUID], Sequence[Verb]]


def offered(actor: Actor, scope_id: UUID) -> Sequence[Verb]:
    """To whoever reads the discussions of a scope."""
    offers: Sequence[Offers] = current_app.extensions["comment_verbs"]
    return [verb for teller in offers for verb in teller(actor, scope_id)]
