"""What the feature "directory" brings to the application."""

from portal.communication.directory import notifications, views
from portal.communication.directory.labels import role_scope_labels_by_id
from portal.platform.kernel.personal_data import ScopeNameSource
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    personal_data=(ScopeNameSource(role_scope_labels_by_id),),
    sensitive=(
        "directory.close_page",
        "directory.close_account",
        "directory.open_page",
        "directory.reopen_account",
        "directory.administrator_page",
        "directory.make_administrator",
        "directory.end_role_page",
        "directory.end_role",
    ),
)
