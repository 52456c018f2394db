"""Progress of a project, for the strip at the top of its pages."""

from collections.abc import Sequence

from flask import url_for

from portal.oversight.gates import labels, queries
from portal.oversight.gates.state_rules import GateState, sum_progress
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProgressGate, ProjectProgress


def read_progress(project: Project) -> ProjectProgress:
    """Return the progress of a project from stored evaluations."""
    return build_progress(project, queries.read_stored_states(project))


def build_progress(project: Project, states: Sequence[GateState]) -> ProjectProgress:
    """Return the progress of a project from states that were read already."""
    figures = sum_progress(states)
    return ProjectProgress(
        cells=[
            ProgressGate(
                number=state.definition.number,
                label=labels.strip_label(state),
                look=state.standing.value,
                url=url_for("gates.page", slug=project.slug, gate=state.definition.number),
            )
            for state in states
        ],
        declared=figures.percent(figures.declared),
        proved=figures.percent(figures.proved),
        accepted=figures.percent(figures.accepted),
        summary=labels.progress(figures),
    )
