"""What the feature "transparency" brings to the application."""

from portal.ethics.transparency import public_views, views
from portal.platform.web.feature import Feature, ProjectEntry
from portal.platform.web.rate_limits import at_most, network

FEATURE = Feature(
    blueprints=(views.bp, public_views.bp),
    public=(
        "published.index",
        "published.landing",
        "published.page",
        "published.download",
        "published.as_json",
    ),
    sensitive=("transparency.publish",),
    limits={"published.download": (at_most("120 per 15 minutes", network),)},
    navigation=dict.fromkeys(("transparency",), ProjectEntry.ETHICS),
)
