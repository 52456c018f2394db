"""Declared writes: a route says form, command, permission, message and where it leads.

`submit` runs the command once, keeps the input and shows refusals; these functions add message and
redirect. A route that answers with something else than a redirect calls `submit` itself.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from flask import Response, flash, request

from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.web.base_form import EditForm, Form, submit
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import FormPage
from portal.platform.web.page_shell import MESSAGE_LINK
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.urls import is_own_path

Result = TypeVar("Result")
Command = Callable[[dict[str, Any]], Result]
RETURN_FIELD = "return_to"


class MessageWithLink(NamedTuple):
    """A message, and the link that follows it: to what is still to do."""

    text: str
    label: str
    path: str


Message = str | MessageWithLink


class ButtonForm(Form):
    """A button without fields."""


class VersionedButtonForm(EditForm):
    """A button that needs the version of the row alone."""


def write(
    form: Form,
    command: Command[Result],
    *,
    message: Message | Callable[[Result], Message],
    to: str | Callable[[Result], str],
    page: Callable[[int], Response],
    permission: bool = True,
    stored: object = None,
) -> Response:
    """Answer a POST: call `command` with the form's values (and `version`), then redirect.

    A GET is answered with `page(200)`. `message` is flashed and `to` is the path of the next page;
    both may depend on the command's result, and an empty message is not flashed. `page` renders the
    form again with a status when it is refused; `stored` is the row as it is now, to be shown
    beside a stale edit.
    Raises `NotAllowed` without `permission`.
    """
    require(permission)
    if request.method in SAFE_METHODS:
        return page(HTTPStatus.OK)

    def on_success(result: Result) -> Response:
        flash_message(message(result) if callable(message) else message)
        return redirect_to_path(find_return_path() or (to(result) if callable(to) else to))

    return submit(form, command, on_success, page, stored=stored)


def flash_message(message: Message) -> None:
    """Show a message on the next page; an empty one is none."""
    if isinstance(message, MessageWithLink):
        flash(f"{message.path} {message.label}", MESSAGE_LINK)
        message = message.text
    if message:
        flash(message)


def find_return_path() -> str:
    """The page of the portal to which a button, or the link to a form, wants to return (`return_to`); ""
    for none."""
    path = request.values.get(RETURN_FIELD, "")
    return path if is_own_path(path) else ""


def refusal_text_of(form: Form) -> str:
    """Return why a form with buttons only was refused, as one text."""
    errors = [str(error) for field in form for error in field.errors]
    return form.refused_because or " ".join(errors)


def write_page(
    page: FormPage,
    form: Form,
    command: Command[Result],
    *,
    message: Message | Callable[[Result], Message],
    to: str | Callable[[Result], str] = "",
    permission: bool = True,
    stored: object = None,
) -> Response:
    """The same for a `FormPage`, which a GET shows; redirects one step up by default."""

    return write(
        form,
        command,
        message=message,
        to=to or page.back,
        page=lambda status: render_form_page(page, form, status),
        permission=permission,
        stored=stored,
    )


def render_form_page(page: FormPage, form: Form, status: int) -> Response:
    """A `FormPage` with its form."""
    return render(
        "platform/web/form_page.html",
        fragment="form",
        status=status,
        page=page,
        form=form,
        return_to=find_return_path(),
    )


def write_confirmed(
    question: ConfirmationQuestion, form: Form, command: Callable[[], Result], *, message: str, to: str = ""
) -> Response:
    """The same for a `ConfirmationQuestion`, which a GET asks; leads to its `back` by default."""
    return write(
        form,
        lambda _values: command(),
        message=message,
        to=to or question.back,
        page=lambda status: ask_confirmation(question, form, status),
    )


def write_button(
    command: Callable[[], Result],
    *,
    message: Message | Callable[[Result], Message],
    to: str | Callable[[Result], str],
    page: Callable[[int, Form], Response],
    form: Form | None = None,
) -> Response:
    """The same for a button without fields on another page.

    `page` renders that page again, with a status and the refused form.
    """
    button = ButtonForm() if form is None else form
    return write(
        button, lambda _values: command(), message=message, to=to, page=lambda status: page(status, button)
    )
