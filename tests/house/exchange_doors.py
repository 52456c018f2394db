"""Access table of imports and exports (see `doors.py`)."""

from portal.sprints.backlog_import.tool_rules import ImportField
from tests.house.door import DIRECTION, IN_PROGRAMME, MEMBER, READERS, TEAM, read, write

K = "/projects/heron/backlog"
ONE_IMPORT = f"{K}/imports/{{import}}"
CHOSEN = {f"column_{field}": "0" if field == "title" else "" for field in ImportField}
TEAMS = {"lines": "Organisation;Titre\nONF;Lire les forêts"}
TEAM_IMPORT = "/programmes/ami/projects/import"
EXCHANGE = {
    "team_imports.index GET": read(TEAM_IMPORT, {DIRECTION}, IN_PROGRAMME),
    "team_imports.check POST": write(TEAM_IMPORT, TEAMS, {DIRECTION}, IN_PROGRAMME),
    "team_imports.confirm POST": write(f"{TEAM_IMPORT}/confirm", TEAMS, {DIRECTION}, IN_PROGRAMME),
    "team_imports.download_template GET": read(f"{TEAM_IMPORT}/model.csv", {DIRECTION}, IN_PROGRAMME),
    "exports.as_csv POST": write(f"{K}/export.csv", {}, READERS),
    "exports.as_xlsx POST": write(f"{K}/export.xlsx", {}, READERS),
    "imports.show_upload_page GET": read(f"{K}/import", TEAM, READERS),
    "imports.upload POST": write(f"{K}/import", {"csv": ""}, TEAM, READERS),
    # An import is visible only to the person who uploaded the file.
    "imports.page GET": read(ONE_IMPORT, {MEMBER}),
    "imports.choose_columns POST": write(f"{ONE_IMPORT}/choices", CHOSEN, {MEMBER}),
    "imports.decide_overwrites POST": write(f"{ONE_IMPORT}/decisions", {"seen": "1", "every": ""}, {MEMBER}),
    "imports.confirm POST": write(f"{ONE_IMPORT}/confirm", {"seen": "1"}, {MEMBER}),
    "imports.discard POST": write(f"{ONE_IMPORT}/forget", {"seen": "1"}, {MEMBER}),
}
