"""What the feature "public cards" brings to the application."""

from portal.oversight.public_cards import api, public_views, views
from portal.oversight.public_cards.models import PublicCard
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, public_views.bp),
    public=("public_cards.index", "public_cards.redirect_to_reader_language", "public_cards.page"),
    sensitive=("cards.publish",),
    navigation=dict.fromkeys(("cards",), ProjectMenuEntry.PROJECT),
    sections=(views.PROJECT_SECTION,),
    places={
        "cards.write": "cards.page",
        "cards.publish": "cards.page",
    },
    personal_data=(
        PersonalDataset("public_cards", _l("Cartes publiques"), build_personal_tables_to_keep(PublicCard)),
    ),
)
