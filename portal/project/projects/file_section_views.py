"""The section on attached files on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.collaboration.files.queries import COUNT, USED, StorageQuota, read_project_storage_quota
from portal.collaboration.files.views import get_upload_intake
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.storage.labels import size_in_words
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def read_storage_quota(project: Project) -> StorageQuota:
    """Return the storage used by a project that the caller was allowed to see."""
    return read_project_storage_quota(project.id, get_upload_intake().allowed)


def list_section_lines(_actor: Actor, project: Project, figures: Sequence[Any]) -> Sequence[SectionLine]:
    count, used_bytes = figures
    url = url_for("project_files.index", slug=project.slug)
    if not count:
        return [SectionLine(_("Fichiers"), _("Aucun fichier n’est joint."), url, True)]
    text = ngettext("%(num)s fichier", "%(num)s fichiers", count)
    return [SectionLine(_("Fichiers"), f"{text}, {size_in_words(int(used_bytes))}", url, brief=text)]


SECTION = ProjectSection(list_section_lines, (COUNT, USED))
