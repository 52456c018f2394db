"""What the feature "coach desk" brings to the application."""

from portal.oversight.coach_desk import api, notifications, to_decide_labels, to_decide_views, views
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    places={"desk.request_hand_over": "coach_notes.index"},
    sensitive=("desk.hand_over",),
)
