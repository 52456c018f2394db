"""What else may be done with a comment, told by the floors above: the roof hands in who tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed


@dataclass(frozen=True)
class CommentAction:
    """`endpoint` takes `comment_id`; where it `asks` a page comes first, else one click does it."""

    label: str
    endpoint: str
    asks: bool = False


@dataclass(frozen=True)
class CommentActionOffer(Contribution):
    """What a feature offers to do with the comments of a scope, to an actor who reads them."""

    offer: Callable[[Actor, UUID], Sequence[CommentAction]]


def list_comment_actions(actor: Actor, scope_id: UUID) -> Sequence[CommentAction]:
    """To whoever reads the discussions of a scope."""
    offers = contributed(CommentActionOffer)
    return [action for each in offers for action in each.offer(actor, scope_id)]
