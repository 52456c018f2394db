"""Files as other tools write them: columns, encodings, line ends."""

import csv
import io
from collections.abc import Sequence

GITLAB_NAMES = """Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,
Assignee Username,Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),
Milestone,Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title""".replace("\n", "").split(",")
JIRA_NAMES = """Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,
Resolution,Assignee,Reporter,Creator,Created,Updated,Labels,Labels,Labels,Description,
Custom field (Story Points),Sprint,Sprint""".replace("\n", "").split(",")
TRELLO_NAMES = """Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,
Attachment Count,Attachment Links,Checklist Item Total Count,Checklist Item Completed Count,
Vote Count,Comment Count,Last Activity Date,List ID,List Name,Board ID,Board Name,Archived,
Start Date,Due Complete""".replace("\n", "").split(",")


def write(names: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue()


def by_name(names: Sequence[str], **given: object) -> list[object]:
    """A row with these columns; `_` in a name stands for a space."""
    said = {name.replace("_", " "): value for name, value in given.items()}
    assert said.keys() <= set(names)
    return [said.get(name, "") for name in names]


def issue(number: int, title: str, **given: object) -> list[object]:
    """A line of GitLab's export."""
    usual = {
        "Title": title,
        "Issue_ID": number,
        "URL": f"https://gitlab.example/heron/cartes/-/issues/{number}",
        "State": "Open",
        "Description": f"Première ligne\n\n- seconde, de la {number}",
    }
    return by_name(GITLAB_NAMES, **usual | given)


def gitlab(*rows: Sequence[object]) -> bytes:
    return write(GITLAB_NAMES, rows).encode()


def jira() -> bytes:
    """As Jira Cloud writes it: with BOM and CRLF."""
    rows = [
        ["Lire les scans", "CART-1", 10001, "Story", "In Progress", "CART", "Cartes", "High", "",
         "", "", "", "", "", "ocr", "urgent", "", 'Dit "vite"\r\net bien', "3.0", "S1", "S2"],
        ["L’export plante", "CART-2", 10002, "Bug", "Done", "CART", "Cartes", "Low", "Done",
         "", "", "", "", "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    return ("\ufeff" + write(JIRA_NAMES, rows)).encode()


def trello() -> bytes:
    """As a French spreadsheet saves it: semicolons, Windows-1252."""
    cards = [
        {"Card_ID": "a1", "Card_Name": "Étiqueter l’échantillon", "Labels": "Données (blue)"},
        {"Card_ID": "a2", "Card_Name": "Vieille carte", "Archived": "true"},
        {"Card_ID": "a3", "Card_Name": "Obtenir l’accès", "List_Name": "Bloqué"},
    ]
    usual = {"List_Name": "À faire", "Archived": "false"}
    rows = [by_name(TRELLO_NAMES, **usual | card) for card in cards]
    return write(TRELLO_NAMES, rows, ";").encode("cp1252")


def github() -> bytes:
    """A Projects view: tabs, and « Unicode text » of a spreadsheet."""
    names = ["Title", "URL", "Assignees", "Status", "Labels", "Estimate"]
    rows = [
        ["Écran de relecture", "https://github.example/a/b/issues/4", "", "Todo", "enhancement", 5],
        ["Écran d’accueil", "https://github.example/a/b/issues/5", "", "In Progress", "bug", ""],
    ]
    return write(names, rows, "\t").encode("utf-16")
