"""A generic page for a form at one address: GET shows it, POST submits it.

For forms without a template of their own: fields one below the other, some side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from flask import request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.web.base_form import Form

Result = TypeVar("Result")
AnyForm = TypeVar("AnyForm", bound=Form)
PAGE_NUMBER_MAX = 9999


class FormPageLink(NamedTuple):
    """A thing that an entry names: its page ("" for none) and what is known of it."""

    label: str
    path: str
    note: str = ""


@dataclass(frozen=True)
class EntryAboveForm:
    """What a person reads before they fill the form: a sentence, a note, links one below the other,
    and what speaks against it."""

    text: str
    links: Sequence[FormPageLink] = ()
    note: str = ""
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """`trail` is the breadcrumb: (label, path) from the top; `step` is the page's own entry."""

    title: str
    lead: str = ""
    trail: Sequence[tuple[str, str]]
    step: str
    yes: str = ""  # label of the submit button, by default "save"
    beside: Sequence[tuple[str, ...]] = ()  # names of fields that share a row
    advice: Sequence[str] = ()
    folded: Sequence[str] = field(default=())  # names of fields that are folded at first
    later: Sequence[str] = ()  # names of fields at the end, under a fold: what can wait
    later_says: str = ""  # what they are about
    focus: str = ""  # the field in which one types first, by default the first of the form
    draft: str = ""  # names what is typed in this browser, by default the path of the page
    action: str = ""  # where it is sent, by default the path of the page
    takes_file: bool = False
    answers_with_file: bool = False
    is_closed: bool = False  # nothing can be sent any more: the text typed stays, to copy
    changes_title: str = ""
    changes: Sequence[EntryAboveForm] = ()  # above the entries: what made the form necessary
    entries_title: str = ""
    entries: Sequence[EntryAboveForm] = ()  # above the form
    sources_title: str = ""
    sources: Sequence[FormPageLink] = ()  # below the entries, each once

    @property
    def back(self) -> str:
        """The path of "cancel": one step up."""
        return self.trail[-1][1]


def make_form(form: type[AnyForm], *args: Any, obj: object = None, **defaults: Any) -> AnyForm:
    """The submitted form; on a GET filled from the row `obj` or the defaults."""
    if request.method in SAFE_METHODS:
        return form(*args, formdata=None, obj=obj, data=defaults or None)
    return form(*args)


def requested_page_number() -> int:
    """The number of the requested page of a list, from 1; 1 when it is invalid."""
    return max(1, min(request.args.get("page", 1, type=int), PAGE_NUMBER_MAX))
