"""What the feature "projects" brings to the application."""

from portal.platform.web.feature import Feature, ProjectEntry
from portal.project.projects import (
    file_section_views,
    file_views,
    projections,
    team_views,
    thread_views,
    views,
)
from portal.project.projects.search import SEARCH

FEATURE = Feature(
    search=SEARCH,
    blueprints=(thread_views.bp, views.bp, team_views.bp, file_views.bp),
    navigation={
        "threads": ProjectEntry.DISCUSSIONS,
        "projects": ProjectEntry.PROJECT,
        "team": ProjectEntry.PROJECT,
        "project_files": ProjectEntry.PROJECT,
    },
    sections=(file_section_views.SECTION,),
    projections=(projections.PROJECTION,),
)
