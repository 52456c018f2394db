"""What the page of a thing is called, by its path: « Sprint 3 », « Constat 2 ».

A discussion knows the path of the page that shows it and not what stands there; the kinds of things
that take files say what each is called, so nothing is said twice.
"""

from collections.abc import Mapping

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from portal.collaboration.files.views import get_subject_kinds
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.project.projects.attachment_queries import ProjectAttachmentKind


def page_label(path: str) -> str:
    """In words; a thing that no kind knows is called by the project's discussion alone."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RoutingException):
        return _("Discussion")
    words = _get_names_by_endpoint().get(str(endpoint))
    number = values.get("number")
    if words is not None and number is not None:
        return str(words) % {"n": number}
    return _("Tout le projet") if endpoint == "projects.discussions" else _("Discussion")


def _get_names_by_endpoint() -> Mapping[str, LazyString]:
    names_by_endpoint: dict[str, LazyString] = current_app.extensions.setdefault("page names", {})
    if not names_by_endpoint:
        own = (
            kind for kind in get_subject_kinds().values() if isinstance(kind, ProjectAttachmentKind)
        )
        names_by_endpoint.update({kind.endpoint: kind.words for kind in own if not kind.listed})
    return names_by_endpoint
