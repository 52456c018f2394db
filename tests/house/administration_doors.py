"""Access table of the administration (see `doors.py`): administrators, and leads for archives."""

from tests.house.door import ADMIN, DIRECTION, IN_PROGRAMME, read, write

_A, _P = "/administration", "/programmes/ami"
_LIST = "adresse;rôle;programme;projet\nx@demo.example;Coach;ami;"
_SETTINGS = {"idle_minutes": "600", "idle_minutes_demanded": "60", "version": "0"}

ADMINISTRATION_DOORS = {
    "installation.index GET": read(_A, {ADMIN}),
    "installation.jobs GET": read(f"{_A}/jobs", {ADMIN}),
    "settings.index GET": read(f"{_A}/settings", {ADMIN}),
    "settings.change_page GET": read(f"{_A}/settings/change", {ADMIN}),
    "settings.change POST": write(f"{_A}/settings/change", _SETTINGS, {ADMIN}),
    "settings.banner_page GET": read(f"{_A}/settings/banner", {ADMIN}),
    "settings.change_banner POST": write(
        f"{_A}/settings/banner", {"banner_fr": "Coupure à midi.", "version": "0"}, {ADMIN}
    ),
    "settings.begin_page GET": read(f"{_A}/settings/maintenance", {ADMIN}),
    "settings.begin_maintenance POST": write(f"{_A}/settings/maintenance", {}, {ADMIN}),
    "settings.end_page GET": read(f"{_A}/settings/maintenance/end", {ADMIN}),
    "settings.end_maintenance POST": write(f"{_A}/settings/maintenance/end", {}, {ADMIN}),
    "installation.send_test_mail POST": write(f"{_A}/mail-test", {}, {ADMIN}),
    "invitation_lists.index GET": read(f"{_A}/invitations", {ADMIN}),
    "invitation_lists.check POST": write(f"{_A}/invitations/check", {"text": _LIST}, {ADMIN}),
    "invitation_lists.invite POST": write(f"{_A}/invitations", {"text": _LIST}, {ADMIN}),
    "questionnaire_editions.index GET": read(f"{_A}/questionnaires", {ADMIN}),
    "questionnaire_editions.check POST": write(f"{_A}/questionnaires/check", {"text": "key: essai"}, {ADMIN}),
    "questionnaire_editions.load POST": write(f"{_A}/questionnaires", {"text": "key: essai"}, {ADMIN}),
    "archives.index GET": read(f"{_P}/archive", {DIRECTION}, IN_PROGRAMME),
    "archives.request_archive POST": write(f"{_P}/archive", {}, {DIRECTION}, IN_PROGRAMME),
    "archives.download POST": write(f"{_P}/archive/{{archive}}", {}, {DIRECTION}, IN_PROGRAMME),
    "departures.download POST": write("/programmes/loin/left/archive", {}, {DIRECTION}),
    "departures.download_payments POST": write("/programmes/loin/left/report.csv", {}, {DIRECTION}),
    "trail.index GET": read(f"{_A}/trail", {ADMIN}),
    "trail.verify POST": write(f"{_A}/trail/verifications", {}, {ADMIN}),
}
