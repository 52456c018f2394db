"""What the feature "operator desk" brings to the application."""

from portal.funding.operator_desk import notifications, staffing_labels, views
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(notifications.KIND, *notifications.RULES),
    sections=staffing_labels.SECTIONS,
    personal_data=(staffing_labels.JOIN_EFFECT,),
)
