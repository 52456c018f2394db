"""What the feature "directory" brings to the application."""

from portal.communication.directory import notifications, views
from portal.communication.directory.labels import place_labels_by_scope
from portal.platform.kernel.personal_data import ScopeNameSource
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    personal_data=(ScopeNameSource(place_labels_by_scope),),
    sensitive=(
        "directory.close_page",
        "directory.close",
        "directory.open_page",
        "directory.open_account",
        "directory.administrator_page",
        "directory.make_administrator",
        "directory.end_role_page",
        "directory.end_role",
    ),
)
