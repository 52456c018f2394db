"""What the feature "public cards" brings to the application."""

from portal.oversight.public_cards import api, public_views, views
from portal.oversight.public_cards.models import PublicCard
from portal.platform.kernel.personal_data import PersonalDataset, make_signed_tables
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, public_views.bp),
    public=("public_cards.index", "public_cards.landing", "public_cards.page"),
    sensitive=("cards.show",),
    navigation=dict.fromkeys(("cards",), ProjectMenuEntry.PROJECT),
    sections=(views.PROJECT_SECTION,),
    places={
        "cards.write": "cards.page",
        "cards.show": "cards.page",
    },
    personal_data=(PersonalDataset("public_cards", _l("Fiches publiques"), make_signed_tables(PublicCard)),),
)
