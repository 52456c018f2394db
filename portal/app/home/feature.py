"""What the feature "home" brings to the application."""

from portal.app.home import page, views
from portal.platform.web.feature import Feature
from portal.project.projects.page_views import ProjectPageRenderer

FEATURE = Feature(blueprints=(views.bp,), sections=(ProjectPageRenderer(page.show_project_page),))
