"""Operations on the public card of a project; its publication asks for a proof that tokens lack."""

from portal.oversight.public_cards import commands, queries, schemas
from portal.oversight.public_cards.models import PublicCard
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.queries import get_project

area = ApiArea("oversight")
CARD = "/projects/<slug>/public-card"


@area.get(CARD, schemas.PublicCardSchema)
def get_public_card(call: ApiCall, slug: str) -> PublicCard:
    """Read the public card of a project, published or not."""
    return queries.get_card(get_project(call.actor, slug))


@area.change(CARD, schemas.PublicCardSchema, body=schemas.CardTextsSchema)
def write_public_card(call: ApiCall, slug: str) -> PublicCard:
    """Write the card, for the programme's leads; `If-Match: "0"` for the first time."""
    return commands.write_card(call.actor, get_project(call.actor, slug), call.body, call.version)


@area.act(f"{CARD}/show", schemas.PublicCardSchema, asks_again=True)
def show_public_card(call: ApiCall, slug: str) -> PublicCard:
    """Publish the card: everybody may read it then."""
    return commands.publish_card(call.actor, get_project(call.actor, slug))


@area.act(f"{CARD}/hide", schemas.PublicCardSchema)
def hide_public_card(call: ApiCall, slug: str) -> PublicCard:
    """Publish the card no more; its texts are kept."""
    return commands.hide_card(call.actor, get_project(call.actor, slug))
