"""Absolute addresses of items, written to exports and recognised in imports."""

from flask import url_for

from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.project.projects.models import Project


def backlog_url(project: Project) -> str:
    """The absolute URL of a project's backlog; that of an item adds a slash and its number."""
    settings = get_service(Settings)
    return settings.public_base_url + url_for("backlog.index", slug=project.slug)
