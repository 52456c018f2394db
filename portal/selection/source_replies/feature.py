"""What the feature "source replies" brings to the application."""

from portal.platform.web.feature import Feature
from portal.selection.source_replies import to_decide_labels, views

FEATURE = Feature(blueprints=(views.bp,), to_decide=(to_decide_labels.WAITING,))
