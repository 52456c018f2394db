"""What the feature "home" brings to the application."""

from portal.app.home import page, views
from portal.platform.web.feature import Feature
from portal.project.projects.page_views import ProjectPage

FEATURE = Feature(blueprints=(views.bp,), sections=(ProjectPage(page.show_project_page),))
