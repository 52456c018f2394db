"""The programme in which a person last worked, as their browser remembers it."""

import re

from flask import Response, request

from portal.people.programmes.models import SLUG_MAX
from portal.platform.kernel.access import Actor
from portal.platform.web.actor import find_actor
from portal.platform.web.api_problems import is_api_request
from portal.platform.web.cookies import read_cookie, set_cookie

# Not in the session: a slow reading that ended after an act would put the session before the act back.
_COOKIE = "programme"
_RULES = ("/programmes/<slug>", "/programmes/<programme>")  # what is below is of that programme
_SLUG = re.compile(rf"[a-z0-9-]{{1,{SLUG_MAX}}}")


def find_named_programme_slug() -> str:
    """The programme that the page's address names, in its path or as `programme`; "" where none."""
    view_args = request.view_args or {}
    if request.url_rule is not None and request.url_rule.rule.startswith(_RULES):
        return str(view_args.get("slug") or view_args["programme"])
    return request.args.get("programme", "")


def find_last_programme_slug(actor: Actor) -> str:
    """The programme that the actor last worked in; "" before any. They may not see it any longer."""
    person, _dot, slug = read_cookie(_COOKIE).partition(".")
    return slug if person == actor.person_id.hex else ""


def remember_programme(response: Response) -> Response:
    """Keep the programme that the shown page's address names as the one that its reader works in."""
    slug, actor = find_named_programme_slug(), find_actor()
    is_shown = response.status_code == 200 and not is_api_request()
    if is_shown and actor is not None and _SLUG.fullmatch(slug) and find_last_programme_slug(actor) != slug:
        set_cookie(response, _COOKIE, f"{actor.person_id.hex}.{slug}")
    return response
