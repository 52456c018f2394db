"""The step of a new programme that its teams are: for the programme's page."""

from collections.abc import Sequence

from flask import url_for

from portal.people.programmes.models import Programme
from portal.people.programmes.start_labels import ProgrammeStep, ProgrammeSteps
from portal.platform.kernel.text import gettext as _
from portal.project.projects.queries import has_project


def list_team_setup_steps(programme: Programme) -> Sequence[ProgrammeStep]:
    """Create the teams, done with the first one."""
    return [
        ProgrammeStep(
            _("Créer les équipes"),
            _("Un nom, un titre, des dates : le porteur invité complète le reste."),
            has_project(programme.id),
            url_for("projects.new", programme=programme.slug),
            _("Créer un projet"),
            (_("Importer un fichier"), url_for("team_imports.index", programme=programme.slug)),
        )
    ]


STEPS = ProgrammeSteps(list_team_setup_steps)
