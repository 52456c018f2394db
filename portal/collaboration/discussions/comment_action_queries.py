"""Buttons that features of upper wings add to every comment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions


@dataclass(frozen=True)
class CommentAction:
    """`endpoint` takes `comment_id`; `has_page`: a link to a page (GET), else a POST button."""

    label: str
    endpoint: str
    has_page: bool = False


@dataclass(frozen=True)
class CommentActionOffer(Contribution):
    """What a feature offers to do with the comments of a scope, to an actor who reads them."""

    offer: Callable[[Actor, UUID], Sequence[CommentAction]]


def list_comment_actions(actor: Actor, scope_id: UUID) -> tuple[CommentAction, ...]:
    """The actions of all features for an actor who may read the discussions of a scope."""
    offers = list_contributions(CommentActionOffer)
    return tuple(action for each in offers for action in each.offer(actor, scope_id))
