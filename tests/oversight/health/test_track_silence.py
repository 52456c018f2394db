"""How long nobody met a team on a track, in words."""

from datetime import date

import pytest

from portal.oversight.health.fact_rules import TrackFacts
from portal.oversight.health.team_labels import describe_silence

TODAY, BEFORE = date(2026, 3, 12), date(2026, 3, 10)


@pytest.mark.parametrize(
    ("track", "days", "words"),
    [
        (TrackFacts("Technique", "Technical", BEFORE, TODAY), 0, "Technique : vu aujourd’hui"),
        (TrackFacts("Technique", "Technical", BEFORE, BEFORE), 2, "Technique depuis 2 jours"),
        (TrackFacts("Technique", "Technical", TODAY), 0, "Technique, coach affecté aujourd’hui"),
        (
            TrackFacts("Technique", "Technical", BEFORE),
            2,
            "Technique depuis l’affectation du coach, il y a 2 jours",
        ),
    ],
)
def test_a_track_is_silent_for_days_and_never_for_none(app, track, days, words):
    with app.test_request_context():
        assert describe_silence(track, days).replace("\xa0", " ") == words
