"""A page that asks before something is done, with what it will mean. Posts to its own address."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class ConfirmationQuestion:
    """`yes` and `no` are the buttons' words; `no` leads back to `place`, at `back`."""

    title: str
    lead: str = ""
    means: Sequence[str]
    yes: str
    no: str
    step: str  # what the breadcrumb calls this page
    place: str
    back: str


def ask_confirmation(question: ConfirmationQuestion, form: Form, status: int = 200) -> Response:
    return render("platform/web/confirm.html", status=status, question=question, form=form)
