"""Access table of one's own data (see `doors.py`)."""

from tests.house.door import EVERYBODY, MEMBER, read, write

_DATA = "/profile/data"

PRIVACY_DOORS = {
    "privacy.index GET": read(_DATA, EVERYBODY),
    "privacy.request_export POST": write(f"{_DATA}/exports", {}, EVERYBODY),
    "privacy.download POST": write(f"{_DATA}/exports/{{data_export}}", {}, {MEMBER}),
}
