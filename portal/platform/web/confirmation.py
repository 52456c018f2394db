"""A page that asks for confirmation and states the consequences. Posts to its own address."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class ConfirmationQuestion:
    """`yes` and `no` label the buttons; `no` leads to the page named `place` at the path `back`.
    `links` are pages to see first, by label and path; `sent` are values sent with the answer, by name."""

    title: str
    lead: str = ""
    means: Sequence[str]  # the consequences, one sentence each
    yes: str
    no: str
    step: str  # this page's breadcrumb
    place: str
    back: str
    links: Sequence[tuple[str, str]] = ()
    sent: Sequence[tuple[str, str]] = ()


def ask_confirmation(question: ConfirmationQuestion, form: Form, status: int = 200) -> Response:
    """Render the confirmation page."""
    return render("platform/web/confirm.html", status=status, question=question, form=form)
