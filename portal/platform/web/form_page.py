"""A form on a page of its own: asked by GET, answered by POST, at one address.

For forms that need no layout of their own: fields one below the other, some side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Response, flash, request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to_path, render

Result = TypeVar("Result")
AnyForm = TypeVar("AnyForm", bound=Form)
PAGE_NUMBER_MAX = 9999


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """`trail` leads here: (words, address) from the top down; `step` is the page's own crumb."""

    title: str
    lead: str = ""
    trail: Sequence[tuple[str, str]]
    step: str
    yes: str = ""  # the words of its button, where "save" does not say enough
    beside: Sequence[tuple[str, ...]] = ()  # names of fields that share a line
    advice: Sequence[str] = ()
    folded: Sequence[str] = field(default=())  # names of fields shown once they are needed
    takes_file: bool = False

    @property
    def back(self) -> str:
        """Where "cancel" leads: one step up."""
        return self.trail[-1][1]


def make_form(form: type[AnyForm], *args: Any, obj: object = None, **usual: Any) -> AnyForm:
    """The form as it was sent; before it was, filled from what is stored or usual."""
    if request.method in SAFE_METHODS:
        return form(*args, formdata=None, obj=obj, data=usual or None)
    return form(*args)


def answer_form(
    page: FormPage,
    form: Form,
    act: Callable[[dict[str, Any]], Result],
    on_success: str | Callable[[Result], tuple[str, str]],
    *,
    stored: object = None,
) -> Response:
    """Show the form, or act on what was sent.

    `done` is what is told one step up; or it says what is told, and on which page.
    """

    def again(status: int = 200) -> Response:
        return render(
            "platform/web/form_page.html", fragment="form", status=status, page=page, form=form
        )

    def go_on(result: Result) -> Response:
        message, path = (
            (on_success, page.back) if isinstance(on_success, str) else on_success(result)
        )
        flash(message)
        return redirect_to_path(path)

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, go_on, again, stored=stored)


def requested_page() -> int:
    """Which page of a list is asked for; nonsense asks for the first."""
    return max(1, min(request.args.get("page", 1, type=int), PAGE_NUMBER_MAX))
