"""How far a project is, for the top of its own pages."""

from collections.abc import Sequence

from flask import url_for

from portal.gates import queries, words
from portal.gates.standing import State, numbers
from portal.projects.models import Project
from portal.projects.progress import Cell, Progress


def tell_progress(project: Project) -> Progress:
    return progress_of(project, queries.read_kept(project))


def progress_of(project: Project, states: Sequence[State]) -> Progress:
    """From states that were read already."""
    found = numbers(states)
    return Progress(
        cells=[
            Cell(
                number=one.definition.number,
                label=words.strip_label(one),
                look=one.standing.value,
                url=url_for("gates.page", slug=project.slug, gate=one.definition.number),
            )
            for one in states
        ],
        declared=found.percent(found.declared),
        proved=found.percent(found.proved),
        accepted=found.percent(found.accepted),
        said=words.progress(found),
    )
