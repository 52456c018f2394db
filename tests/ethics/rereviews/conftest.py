"""The same people as beside reviews: a team, its carrier, the programme's lead, a reviewer."""

from tests.ethics.reviews.conftest import (
    carrier,
    direction,
    director,
    judge,
    lead,
    member,
    person,
    project,
    reviewer,
)
