"""Buttons that features of upper wings add to every comment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.platform.kernel.access import Actor


@dataclass(frozen=True)
class CommentAction:
    """`endpoint` takes `comment_id`; `has_page`: a link to a page (GET), else a POST button."""

    label: str
    endpoint: str
    has_page: bool = False


CommentActionProvider = Callable[[Actor, UUID], Sequence[CommentAction]]


def list_comment_actions(
    providers: Iterable[CommentActionProvider], actor: Actor, scope_id: UUID
) -> Sequence[CommentAction]:
    """All providers' actions for an actor who may read the discussions of a scope."""
    return [action for provider in providers for action in provider(actor, scope_id)]
