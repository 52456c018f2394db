"""What rooms without Flask compute from their arguments, outside of a request."""

from uuid import uuid4

import pytest
from flask import Flask, has_request_context

from portal.collaboration.discussions.attachment_queries import CommentAttachmentKind
from portal.collaboration.discussions.comment_action_queries import (
    CommentAction,
    CommentActionOffer,
    list_comment_actions,
)
from portal.collaboration.discussions.quotation_rules import QUOTE_MAX, quote_text
from portal.platform.kernel import contributions
from portal.platform.kernel.access import Actor
from tests.collaboration.discussions.conftest import Table
from tests.support import factories


def test_a_quotation_names_the_author_mentions_nobody_and_is_cut() -> None:
    assert quote_text("Awa", "Un.\n\nDeux.") == "> **Awa**\n>\n> Un.\n>\n> Deux.\n\n"
    assert quote_text("Awa", "x" * (QUOTE_MAX + 1)) == f"> **Awa**\n>\n> {'x' * QUOTE_MAX}…\n\n"


def test_comment_actions_are_those_of_all_features(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = CommentAction("A", "a.a", has_page=True), CommentAction("B", "b.b")
    offers = tuple(
        CommentActionOffer(lambda _actor, _scope_id, action=action: [action]) for action in (first, second)
    )
    monkeypatch.setitem(contributions._by_kind, CommentActionOffer, offers)
    assert list_comment_actions(Actor(uuid4(), {}), uuid4()) == (first, second)


def test_the_page_of_a_comments_files_is_known_outside_of_a_request(app: Flask, table: Table) -> None:
    comment = table.start(table.agent)
    assert not has_request_context()
    subject = CommentAttachmentKind().get(factories.actor(table.agent), comment.id)
    assert subject.page == f"/comments/{comment.id}"
