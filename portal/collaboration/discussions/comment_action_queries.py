"""What else may be done with a comment, told by the floors above: the roof hands in who tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from portal.platform.kernel.access import Actor


@dataclass(frozen=True)
class CommentAction:
    """`endpoint` takes `comment_id`; where it `asks` a page comes first, else one click does it."""

    label: str
    endpoint: str
    asks: bool = False


ActionOffers = Callable[[Actor, UUID], Sequence[CommentAction]]


def list_comment_actions(actor: Actor, scope_id: UUID) -> Sequence[CommentAction]:
    """To whoever reads the discussions of a scope."""
    offers: Sequence[ActionOffers] = current_app.extensions["comment_verbs"]
    return [verb for teller in offers for verb in teller(actor, scope_id)]
