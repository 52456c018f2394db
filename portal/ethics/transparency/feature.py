"""What the feature "transparency" brings to the application."""

from portal.ethics.transparency import api, notifications, project_section_labels, public_views, views
from portal.ethics.transparency.models import Publication
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, network

FEATURE = Feature(
    blueprints=(views.bp, public_views.bp),
    api=(api.area,),
    public=(
        "published.index",
        "published.landing",
        "published.page",
        "published.download",
        "published.as_json",
    ),
    sensitive=("transparency.publish",),
    limits={"published.download": (at_most("120 per 15 minutes", network),)},
    notifications=(*notifications.KINDS, *notifications.RULES),
    sections=(project_section_labels.SECTION,),
    navigation=dict.fromkeys(("transparency",), ProjectMenuEntry.ETHICS),
    personal_data=(
        PersonalDataset(
            "transparency",
            _l("Fiches de transparence"),
            (
                PersonalTable(
                    model=Publication,
                    authors=("published_by_id",),
                    typed={"withdrawn_because": "ended_by_id"},
                ),
            ),
        ),
    ),
)
