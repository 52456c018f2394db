"""What the feature "home" brings to the application."""

from portal.app.home import priorities, views
from portal.platform.web.feature import Feature
from portal.project.projects.priority_labels import ProjectPriorities

FEATURE = Feature(blueprints=(views.bp,), sections=(ProjectPriorities(priorities.list_priorities),))
