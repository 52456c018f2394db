"""What the feature "account_joins" brings to the application."""

from portal.communication.account_joins import notifications, views
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(notifications.KIND, *notifications.RULES),
    sensitive=(
        "account_joins.choose_page",
        "account_joins.choose_other_account",
        "account_joins.page",
        "account_joins.join",
    ),
)
