"""Access table of one's own data, and of the administration (see `doors.py`)."""

from tests.house.administration_doors import ADMINISTRATION_DOORS
from tests.house.door import ADMIN, EVERYBODY, MEMBER, read, write

_DATA = "/profile/data"
_TERM = {"days": "100", "previewed_days": "100", "version": "0"}
_ERASURE = f"{_DATA}/erasure"
_JOIN = "/people/{someone}/join"
_ONE = "/erasures/{erasure}"

PRIVACY_DOORS = {
    "privacy.index GET": read(_DATA, EVERYBODY),
    "privacy.request_export POST": write(f"{_DATA}/exports", {}, EVERYBODY),
    "account_joins.choose_page GET": read(_JOIN, {ADMIN}),
    "account_joins.choose_other_account POST": write(
        _JOIN, {"address": "x@y.example", "stays": "other"}, {ADMIN}
    ),
    "account_joins.page GET": read(f"{_JOIN}/{{direction}}", {ADMIN}),
    "account_joins.join POST": write(f"{_JOIN}/{{direction}}", {"reason": "x", "address": "x"}, {ADMIN}),
    "erasures.ask_page GET": read(_ERASURE, EVERYBODY),
    "erasures.ask POST": write(_ERASURE, {}, EVERYBODY),
    "erasures.renounce_page GET": read(f"{_ERASURE}/withdraw", {MEMBER}),
    "erasures.renounce POST": write(f"{_ERASURE}/withdraw", {}, {MEMBER}),
    "erasures.ask_for_page GET": read("/people/{someone}/erasure", {ADMIN}),
    "erasures.ask_on_behalf POST": write("/people/{someone}/erasure", {}, {ADMIN}),
    "erasures.index GET": read("/erasures", {ADMIN}),
    "erasures.page GET": read(_ONE, {ADMIN}),
    "erasures.decide_mentions POST": write(
        f"{_ONE}/texts", {"decision": "redact", "texts": "{mention}"}, {ADMIN}
    ),
    "erasures.approve_page GET": read(f"{_ONE}/approve", {ADMIN}),
    "erasures.approve POST": write(f"{_ONE}/approve", {}, {ADMIN}),
    "erasures.withdraw_page GET": read(f"{_ONE}/withdraw", {ADMIN}),
    "erasures.withdraw POST": write(f"{_ONE}/withdraw", {}, {ADMIN}),
    "retention.index GET": read("/retention", {ADMIN}),
    "retention.term_page GET": read("/retention/sessions", {ADMIN}),
    "retention.change POST": write("/retention/sessions", _TERM, {ADMIN}),
    "retention.programme_term_page GET": read("/retention/packs/programmes/ami", {ADMIN}),
    "retention.change_for_programme POST": write("/retention/packs/programmes/ami", _TERM, {ADMIN}),
    "privacy.download POST": write(f"{_DATA}/exports/{{data_export}}", {}, {MEMBER}),
} | ADMINISTRATION_DOORS
