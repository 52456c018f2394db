"""Routes of discussions; the page of the object discussed shows its discussion."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from portal.collaboration.discussions import commands, mention_queries, policy, queries, thread_queries
from portal.collaboration.discussions.comment_action_queries import list_comment_actions
from portal.collaboration.discussions.conversation_queries import (
    DiscussionPage,
    describe_unreached_mentions,
    read_conversation,
)
from portal.collaboration.discussions.forms import (
    CommentForm,
    DiscussionActionForm,
    EditCommentForm,
    make_empty_form,
)
from portal.collaboration.discussions.models import Comment, Thread
from portal.collaboration.discussions.quotation_rules import quote_text
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment
from portal.platform.web.writes import write

bp = Blueprint("discussions", __name__)


@dataclass(frozen=True)
class DiscussionReadHook(Contribution):
    """Called when a person reads a discussion, with the moment up to which it was read."""

    mark_read: Callable[[Actor, UUID, datetime], None]


def discussion_context(discussion_id: UUID, **context: Any) -> dict[str, Any]:
    """Template variables for a page that includes `collaboration/discussions/block.html` in a block
    named `discussion` and renders with `fragment="discussion"`. A GET marks it as read. `is_unfolded`
    unfolds it. The routes below pass more to show a refused form again: `page`, `thread_form`,
    `reply_forms` by thread, `editing` or `deleting` a comment.
    """
    page = context.pop("page", None) or requested_page_number()
    conversation = read_conversation(actor, discussion_id, page)
    if request.method == "GET" and conversation.read_up_to is not None:
        commands.mark_discussion_read(actor, discussion_id, conversation.read_up_to)
        for hook in list_contributions(DiscussionReadHook):
            hook.mark_read(actor, discussion_id, conversation.read_up_to)
    sought = request.args.get("comment", type=UUID)
    quoted = conversation.find_comment_view(sought) if "quote" in request.args else None
    reply_forms = {}
    if quoted is not None:
        id_, text = quoted.comment.thread_id, quote_text(quoted.author, quoted.comment.body, quoted.mentions)
        reply_forms[id_] = form = CommentForm(formdata=None, prefix=f"reply-{id_}")
        form.body.data = text  # with the blank line below it, which a form's filters drop
    return {
        "comment_actions": list_comment_actions(actor, conversation.discussion.scope_id),
        "quoting": quoted and quoted.comment.thread_id,
        "conversation": conversation,
        "thread_form": None,
        "reply_forms": reply_forms | context.pop("reply_forms", {}),
        "make_empty_form": make_empty_form,
        "sought": sought,
        "unreached": describe_unreached_mentions(actor, conversation, sought),
        "announced": wants_fragment(),
        "is_unfolded": _is_discussion_unfolded(conversation, sought),
        "swaps": True,
        "editing": None,
        "deleting": None,
        "refusal": None,
    } | context


def _is_discussion_unfolded(conversation: DiscussionPage, sought: UUID | None) -> bool:
    """Whether the discussion is unfolded: what is new, sought or just sent is in sight."""
    is_sent = request.method != "GET" or wants_fragment()
    return is_sent or sought is not None or "page" in request.args or bool(conversation.unread_count)


def _render_page(
    title: str,
    discussion_id: UUID,
    status: int = 200,
    *,
    refused_form: tuple[Form, str] | None = None,
    **context: Any,
) -> Response:
    """The discussion on a page of its own, with a form to fill in or a question to confirm.

    `refused_form` is a form and the id of its field: the title and the top of the page report the
    refusal, since the form may be screens below.
    """
    if status >= HTTPStatus.BAD_REQUEST:
        title = _("Pas encore enregistré : %(what)s", what=title)
    return render(
        "collaboration/discussions/page.html",
        fragment="discussion",
        status=status,
        title=title,
        refused_form=refused_form,
        **discussion_context(discussion_id, swaps=wants_fragment(), is_unfolded=True, **context),
    )


def _comment_path(comment: Comment, position: tuple[str, int] | None = None) -> str:
    path, page = position or thread_queries.locate_thread(actor, comment.thread_id)
    return f"{path}?page={page}&comment={comment.id}#comment-{comment.id}"


@bp.get("/discussions/<uuid:discussion_id>")
def redirect_to_discussion(discussion_id: UUID) -> Response:
    discussion = queries.get_discussion(actor, discussion_id)
    return redirect_to_path(f"{discussion.page}#discussion")


@bp.get("/discussions/<uuid:discussion_id>/people")
def mentionable_people(discussion_id: UUID) -> Response:
    """Who may be mentioned; for htmx, suggestions for the start of a name in `q`."""
    typed = request.args.get("q", "") if wants_fragment() else ""
    return render(
        "collaboration/discussions/people.html",
        fragment="people",
        discussion=queries.get_discussion(actor, discussion_id),
        people=mention_queries.suggest_people(actor, discussion_id, typed),
        suggests=wants_fragment(),
    )


@bp.post("/discussions/<uuid:discussion_id>/threads")
def start_thread(discussion_id: UUID) -> Response:
    form = CommentForm(prefix="thread")
    return write(
        form,
        lambda values: commands.start_thread(actor, discussion_id, values["body"]),
        message=_("Message publié."),
        to=lambda posted: _comment_path(posted.comment, posted.position),
        page=lambda status: _render_page(
            _("Ouvrir un échange"), discussion_id, status, refused_form=(form, form.body.id), thread_form=form
        ),
    )


@bp.get("/threads/<uuid:thread_id>")
def redirect_to_thread(thread_id: UUID) -> Response:
    return redirect_to_path(_thread_path(thread_id))


def _thread_path(thread_id: UUID) -> str:
    path, page = thread_queries.locate_thread(actor, thread_id)
    return f"{path}?page={page}#thread-{thread_id}"


@bp.post("/threads/<uuid:thread_id>/comments")
def reply(thread_id: UUID) -> Response:
    thread = queries.get_thread(actor, thread_id)
    form = CommentForm(prefix=f"reply-{thread_id}")
    return write(
        form,
        lambda values: commands.reply_to_thread(actor, thread, values["body"]),
        message=_("Réponse publiée."),
        to=lambda posted: _comment_path(posted.comment, posted.position),
        page=lambda status: _render_page(
            _("Répondre"),
            thread.discussion_id,
            status,
            page=thread_queries.locate_thread(actor, thread_id)[1],
            refused_form=(form, form.body.id),
            reply_forms={thread_id: form},
        ),
    )


@bp.get("/comments/<uuid:comment_id>")
def redirect_to_comment(comment_id: UUID) -> Response:
    """The permanent link of a comment: redirects to the page that shows it now."""
    return redirect_to_path(_comment_path(queries.get_comment(actor, comment_id)))


@bp.get("/comments/<uuid:comment_id>/quote")
def quote(comment_id: UUID) -> Response:
    """Redirect to the field of a reply that starts with the quoted comment."""
    written = queries.get_comment(actor, comment_id)
    path, page = thread_queries.locate_thread(actor, written.thread_id)
    return redirect_to_path(f"{path}?page={page}&comment={comment_id}&quote=1#reply-{written.thread_id}-body")


@bp.get("/comments/<uuid:comment_id>/history")
def history(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    return render(
        "collaboration/discussions/history.html",
        comment=written,
        author=queries.get_author_name(written),
        discussion=queries.get_discussion(actor, written.discussion_id),
        earlier=queries.list_earlier_texts(actor, written),
    )


@bp.route("/comments/<uuid:comment_id>/edit", methods=["GET", "POST"])
def edit(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    _place, scope = queries.get_discussion_and_scope(actor, written.discussion_id)
    is_get = request.method == "GET"
    if is_get or not policy.is_author_who_may_comment(actor, scope, written):
        commands.require_to_edit(actor, scope, written)
    form = EditCommentForm(read_stored=partial(mention_queries.read_comment_to_edit, scope))
    if is_get:
        form = form.make_form_from_stored(written)

    def render_form(status: int = 200) -> Response:
        field_id = "orphan" if written.deleted_at else form.body.id
        return _render_comment_page(
            _("Modifier un message"),
            written,
            status,
            refused_form=None if is_get else (form, field_id),
            editing=(comment_id, form),
        )

    return write(
        form,
        lambda values: commands.edit_comment(actor, written, values["body"], values["version"]),
        message=_("Message modifié."),
        to=lambda _result: _comment_path(written),
        page=render_form,
        stored=written,
    )


@bp.route("/comments/<uuid:comment_id>/delete", methods=["GET", "POST"])
def delete(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    if written.deleted_at is not None:
        return redirect_to_path(_comment_path(written))
    _place, scope = queries.get_discussion_and_scope(actor, written.discussion_id)
    require(policy.can_delete(actor, scope, written), commands.explain_delete_refusal())
    form, is_get = DiscussionActionForm(), request.method == "GET"

    def render_question(status: int = 200) -> Response:
        return _render_comment_page(
            _("Supprimer un message"),
            written,
            status,
            refused_form=None if is_get else (form, f"comment-{comment_id}"),
            deleting=(comment_id, form),
        )

    return write(
        form,
        lambda _values: commands.delete_comment(actor, written),
        message=_("Message supprimé."),
        to=lambda _result: _comment_path(written),
        page=render_question,
    )


def _render_comment_page(title: str, written: Comment, status: int, **context: Any) -> Response:
    """The page of the discussion that shows a comment, with a form about it."""
    _path, page = thread_queries.locate_thread(actor, written.thread_id)
    return _render_page(title, written.discussion_id, status, page=page, **context)


@bp.post("/threads/<uuid:thread_id>/resolve")
def resolve(thread_id: UUID) -> Response:
    return _answer_thread_button(thread_id, commands.resolve_thread, _("Échange marqué comme réglé."))


@bp.post("/threads/<uuid:thread_id>/reopen")
def reopen(thread_id: UUID) -> Response:
    return _answer_thread_button(thread_id, commands.reopen_thread, _("Échange rouvert."))


def _answer_thread_button(thread_id: UUID, command: Callable[[Any, Thread], None], message: str) -> Response:
    """Answer a button of a thread; leads to the page that shows it afterwards."""
    thread = queries.get_thread(actor, thread_id)
    form = DiscussionActionForm()

    def render_refusal(status: int) -> Response:
        page, refusal = thread_queries.locate_thread(actor, thread_id)[1], form.refused_because
        return _render_page(_("Discussion"), thread.discussion_id, status, page=page, refusal=refusal)

    return write(
        form,
        lambda _values: command(actor, thread),
        message=message,
        to=lambda _result: _thread_path(thread_id),
        page=render_refusal,
    )
