"""Sentences about an answer that was saved while another one was typed."""

from collections.abc import Mapping
from uuid import UUID

from portal.ethics.reviews.models import ReviewAnswer
from portal.platform.kernel.text import gettext as _


def describe_conflicts(
    rows: Mapping[str, ReviewAnswer], names: Mapping[UUID, str], reader_id: UUID
) -> Mapping[str, str]:
    """Who saved each of the stored answers, the reader themselves included, by item key."""
    return {key: _describe_conflict(row.answered_by_id, names, reader_id) for key, row in rows.items()}


def _describe_conflict(author_id: UUID | None, names: Mapping[UUID, str], reader_id: UUID) -> str:
    if author_id == reader_id:
        return _(
            "Vous avez enregistré une autre réponse entre-temps, dans un autre onglet."
            " Celle-ci n’est pas enregistrée : comparez, puis choisissez."
        )
    if author_id and author_id in names:
        return _(
            "Une autre réponse a été enregistrée entre-temps, par %(who)s."
            " La vôtre n’est pas enregistrée : comparez, puis choisissez.",
            who=names[author_id],
        )
    return _(
        "Une autre réponse a été enregistrée entre-temps."
        " La vôtre n’est pas enregistrée : comparez, puis choisissez."
    )
