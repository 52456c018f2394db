"""The pages of guides: all of them, and a section each."""

from flask import Blueprint, Response, abort

from portal.app.guides.library import GUIDES, list_guides
from portal.app.home.policy import list_workplaces
from portal.platform.web.actor import find_actor
from portal.platform.web.rendering import render

bp = Blueprint("guides", __name__)


@bp.get("/guides")
def index() -> Response:
    """All guides with their sections, those of where the reader works first and open."""
    actor = find_actor()
    workplaces = list_workplaces(actor) if actor else []
    guides = sorted(list_guides(), key=lambda guide: GUIDES[guide.key] not in workplaces)
    open_keys = {guide.key for guide in guides if GUIDES[guide.key] in workplaces}
    return render("app/guides/index.html", guides=guides, open_keys=open_keys)


@bp.get("/guides/<guide>", defaults={"anchor": ""})
@bp.get("/guides/<guide>/<anchor>")
def page(guide: str, anchor: str) -> Response:
    sections = next((each.sections for each in list_guides() if each.key == guide), {})
    if anchor not in sections:
        abort(404)
    listed = list(sections.values())
    at = listed.index(sections[anchor])
    links = [(each.title, each.path, each is listed[at]) for each in listed]
    return render(
        "app/guides/page.html",
        guide_title=listed[0].title,
        section=listed[at],
        links=links,
        before=listed[at - 1] if at else None,
        after=listed[at + 1] if at + 1 < len(listed) else None,
    )
