"""What the feature "projects" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    SharedTextTable,
    build_personal_tables_to_delete,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects import (
    api,
    commands,
    file_api,
    file_section_views,
    file_views,
    programme_labels,
    projections,
    schedule_queries,
    team_views,
    thread_api,
    thread_views,
    views,
)
from portal.project.projects.attachment_queries import PROJECT_FILES
from portal.project.projects.models import LastPortalVisit, Project
from portal.project.projects.search import SEARCH

FEATURE = Feature(
    sensitive=("team.invite", "team.assign_coach", "team.assign_reviewer", "team.end_role"),
    api=(api.area, thread_api.area, file_api.area),
    search=SEARCH,
    attachments=(PROJECT_FILES,),
    blueprints=(thread_views.bp, views.bp, team_views.bp, file_views.bp),
    navigation={
        "threads": ProjectMenuEntry.DISCUSSIONS,
        "projects": ProjectMenuEntry.PROJECT,
        "team": ProjectMenuEntry.PROJECT,
        "project_files": ProjectMenuEntry.PROJECT,
    },
    sections=(file_section_views.SECTION, programme_labels.STEPS, schedule_queries.SCHEDULED),
    projections=(projections.PROJECTION,),
    places={
        "projects.edit_page": "projects.page",
        "projects.state_page": "projects.page",
        "team.end_role_page": "team.index",
        "team.tracks_page": "team.index",
    },
    personal_data=(
        PersonalDataset(
            "visits", _l("Passages sur les projets"), build_personal_tables_to_delete(LastPortalVisit)
        ),
        SharedTextTable(Project, (commands.CREATED,)),
    ),
)
