import pytest

from portal.user_tests.rounds.duration_rules import parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("83", 83),
        ("1:23", 83),
        ("1:02:03", 3723),
        ("1 min 23 s", 83),
        ("1 min 23", 83),
        ("2 min", 120),
        ("2mn", 120),
        ("1 h 02 min", 3720),
        ("45 s", 45),
        ("1'30", 90),
        ("vite", None),
        ("1:75", None),
        ("-3", None),
        ("1,5", None),
        ("٣", None),
        ("", None),
        (" ", None),
    ],
)
def test_durations_are_read_as_people_write_them(text, seconds):
    assert parse_seconds(text) == seconds
