"""A server that answers as Démarches simplifiées does, with its traps (`facts` of its API).

It executes no GraphQL: it knows the operations of the portal by name, checks every name in their
text against the schema, and gives an application as null where the text does not ask for
`PersonneMoraleIncomplete`. `faults` spoil single requests, counted from 0.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.dossiers import (
    ANNOTATIONS,
    FIELDS,
    FIRST_DAY,
    PAGE_MAX,
    SCHEMA_NAMES,
    Dossier,
    File,
    Tombstone,
    cursor_of,
    describe_applicant,
    describe_field,
    describe_row,
    page_of,
)
from tests.support.http_server import Answer, Asked, serve
from tests.support.instruction import decide, tell_reply

PARIS = ZoneInfo("Europe/Paris")
TOKEN = "YTFiMmMzO3NlY3JldA=="


@dataclass
class Demarches:
    """One procedure, its applications, and what goes wrong."""

    number: int = 1234
    dossiers: list[Dossier] = field(default_factory=list)
    deleted: list[Tombstone] = field(default_factory=list)
    binned: list[Tombstone] = field(default_factory=list)
    revisions: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=lambda: {"ProcedureRevision-1": list(FIELDS)}
    )
    token: str = TOKEN
    is_expired: bool = False
    faults: dict[int, str] = field(default_factory=dict)
    always: str = ""  # a fault of every request
    removed_name: str = ""  # a name that the schema has no more
    slow_above: int = PAGE_MAX  # larger pages take too long
    requests: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)  # requests of files that carried a token
    url: str = ""
    good_addresses: set[str] = field(default_factory=set)
    before: Callable[[int], None] = lambda _n: None  # called with the place of each request
    expires_addresses: int = 0  # so many addresses are no longer good when they are asked

    def change(self, number: int, **values: Any) -> None:
        """An applicant changes an application, a minute after the latest change."""
        dossier = next(each for each in self.dossiers if each.number == number)
        for name, value in values.items():
            setattr(dossier, name, value)
        dossier.updated = max(each.updated for each in self.dossiers) + timedelta(minutes=1)

    def delete(self, number: int, *, to: str, days_ago: int = 0) -> None:
        """An application leaves the list: `to` is `deleted`, `binned` or nothing (`expired`)."""
        self.dossiers = [each for each in self.dossiers if each.number != number]
        latest = max([FIRST_DAY, *(each.updated for each in self.dossiers)])
        stone = Tombstone(number, latest - timedelta(days=days_ago))
        {"deleted": self.deleted, "binned": self.binned, "expired": []}[to].append(stone)

    @contextmanager
    def serve(self) -> Iterator["Demarches"]:
        """Serve until the end of the block; `url` is that of the API."""
        with serve(self._answer) as base:
            self.url = f"{base}/graphql"
            yield self

    def _answer(self, asked: Asked) -> Answer | None:
        n = len(self.requests)
        self.before(n)
        is_file, fault = asked.path.startswith("/files/"), self.always or self.faults.get(n, "")
        body = {"operationName": "file"} if is_file else json.loads(asked.body)
        self.requests.append(body["operationName"])
        if fault == "closed":
            return None
        if fault == "lost":  # done, and nobody is told
            decide(self.dossiers, body["query"], body["variables"].get("input", {}))
            return None
        if is_file:
            return self._spoil(fault) or self._file(asked)
        refusal = self._spoil(fault) or self._refuse(asked, body["query"])
        if body["operationName"] == "sendAct" and not refusal:
            return _data(decide(self.dossiers, body["query"], body["variables"]["input"]))
        return refusal or self._reply(body)

    def _file(self, asked: Asked) -> Answer:
        if "authorization" in asked.headers:
            self.leaks.append(asked.path)
        if self.expires_addresses:
            self.expires_addresses -= 1
            return Answer(403)
        if asked.path not in self.good_addresses:
            return Answer(404)
        _empty, _files, number, place, _nonce = asked.path.split("/")
        dossier = next(each for each in self.dossiers if each.number == int(number))
        file = dossier.files[int(place)]
        return Answer(body=file.content if file.served is None else file.served)

    def _spoil(self, fault: str) -> Answer | None:
        page = b"<!DOCTYPE html><title>502</title>"
        reset = str(int(datetime.now(UTC).timestamp()))
        error = {"message": "Internal Server Error"}
        crash = {"code": "internal_server_error", "exception_id": "6f1c"}
        answers = {
            "429": Answer(429, b"Too many", {"RateLimit-Remaining": "0", "RateLimit-Reset": reset}),
            "429 later": Answer(429, b"Too many", {"Retry-After": "120"}),
            "429 bare": Answer(429, b"Too many"),
            "500": Answer(500, json.dumps({"errors": [error | {"extensions": crash}]}).encode()),
            "502": Answer(502, page),
            "html": Answer(200, page),
            "cut": Answer(200, b'{"data": {"demarche": {}}}', is_cut=True),
            "elsewhere": Answer(302, headers={"Location": "https://elsewhere.example/"}),
            "timeout": _errors(200, "Timeout on Dossier.champs", "timeout"),
            "network": _errors(
                403,
                "Request issued from a forbidden network. Add 192.0.2.1/32 to your allowed adresses in your"
                " /profil",
                "forbidden",
            ),
            "scope": _errors(200, "An object of type Demarche was hidden due to permissions", "unauthorized"),
        }
        return answers.get(fault)

    def _refuse(self, asked: Asked, query: str) -> Answer | None:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _errors(403, "Without a token, only persisted queries are allowed", "forbidden")
        if self.is_expired:
            return _errors(401, "Token expired", "unauthorized")
        unknown = set(re.findall(r"(?<![$\w])[A-Za-z_]\w*", query)) - (SCHEMA_NAMES - {self.removed_name})
        if unknown:
            name = min(unknown)
            facts = {"code": "undefinedField", "typeName": "Dossier", "fieldName": name}
            error = {"message": f"Field '{name}' doesn't exist on type 'Dossier'", "extensions": facts}
            return Answer(200, json.dumps({"errors": [error]}).encode())
        return None

    def _reply(self, body: dict[str, Any]) -> Answer:
        operation, query, variables = body["operationName"], body["query"], body["variables"]
        if operation in {"readApplication", "readReply"}:
            dossier = next((each for each in self.dossiers if each.number == variables["number"]), None)
            if dossier is None:
                return _errors(200, "Dossier not found", "not_found")
            is_whole = operation == "readApplication"
            return _data({"dossier": self._dossier(dossier) if is_whole else tell_reply(dossier, variables)})
        if variables["number"] != self.number:
            return _errors(200, "Demarche not found", "not_found")
        if operation == "readProcedure":
            return _data({"demarche": self._procedure()})
        if operation == "readTombstones":
            return _data({"demarche": self._tombstones(query, variables)})
        return self._applications(query, variables)

    def _procedure(self) -> dict[str, Any]:
        revisions = [
            {
                "id": id_,
                "datePublication": "2018-08-01T10:00:00+02:00",
                "champDescriptors": [describe_field(*each) for each in fields],
                "annotationDescriptors": [describe_field(*each) for each in ANNOTATIONS],
            }
            for id_, fields in self.revisions.items()
        ]
        draft = revisions[-1] | {
            "id": "ProcedureRevision-99",
            "datePublication": None,
            "champDescriptors": [],
        }
        return {
            "number": self.number,
            "title": "AMI IA",
            "activeRevision": draft,
            "publishedRevision": revisions[-1],
            "revisions": revisions,
        }

    def _applications(self, query: str, variables: dict[str, Any]) -> Answer:
        if variables["first"] > self.slow_above:
            return _errors(200, "Timeout on Demarche.dossiers", "timeout", {"demarche": None})
        by_change = variables["since"] is not None
        key = (lambda d: (d.updated, d.number)) if by_change else (lambda d: (d.deposited, d.number))
        rows = sorted(self.dossiers, key=key)
        if by_change:
            since = datetime.fromisoformat(variables["since"])
            rows = [each for each in rows if each.updated >= since]
        chosen, info = page_of(rows, key, variables)
        errors, nodes = [], []
        for n, dossier in enumerate(chosen):
            asks = "PersonneMoraleIncomplete" in query or dossier.kind != "PersonneMoraleIncomplete"
            if dossier.is_broken or not asks:
                path = ["demarche", "dossiers", "nodes", n, "demandeur", "address"]
                message = "Cannot return null for non-nullable field PersonneMorale.address"
                errors.append({"message": message, "path": path, "extensions": {"code": "invalid_null"}})
                nodes.append(None)
            else:
                nodes.append(self._dossier(dossier))
        edges = [{"cursor": cursor_of(*key(each))} for each in chosen]
        content: dict[str, Any] = {
            "data": {"demarche": {"dossiers": {"nodes": nodes, "edges": edges, "pageInfo": info}}}
        }
        if errors:
            content["errors"] = errors
        return Answer(200, json.dumps(content).encode())

    def _tombstones(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        kind = "pendingDeletedDossiers" if "pendingDeletedDossiers" in query else "deletedDossiers"
        rows = self.binned if kind == "pendingDeletedDossiers" else self.deleted
        if variables["since"] is not None:
            since = datetime.fromisoformat(variables["since"])
            rows = [each for each in rows if each.at >= since]
        key = lambda stone: (stone.at, stone.number)  # noqa: E731
        chosen, info = page_of(sorted(rows, key=key), key, variables)
        nodes = [
            {"number": each.number, "reason": each.reason, "dateSupression": _moment(each.at)}
            for each in chosen
        ]
        return {kind: {"nodes": nodes, "pageInfo": info}}

    def _dossier(self, dossier: Dossier) -> dict[str, Any]:
        return {
            "id": base64.b64encode(f"Dossier-{dossier.number}".encode()).decode(),
            "number": dossier.number,
            "state": dossier.state,
            "dateDepot": _moment(dossier.deposited),
            "dateDerniereModification": _moment(dossier.updated),
            "connectionUsager": dossier.usager,
            "demarche": {"revision": {"id": dossier.revision}},
            "usager": {"email": dossier.email},
            "demandeur": describe_applicant(dossier),
            "champs": self._champs(dossier),
        }

    def _champs(self, dossier: Dossier) -> list[dict[str, Any]]:
        texts = {"Champ-1": dossier.title} | dossier.values
        champs = []
        for id_, _label, kind in self.revisions[dossier.revision]:
            champ: dict[str, Any] = {"id": id_, "champDescriptorId": id_, "__typename": "TextChamp"}
            if kind == "PieceJustificative":
                files = [
                    self._describe(dossier, n, file)
                    for n, file in enumerate(dossier.files)
                    if file.scan in {"safe", "pending"} and file.field == id_
                ]
                champ |= {"__typename": "PieceJustificativeChamp", "files": files, "stringValue": None}
            elif kind == "Repetition":
                rows = [{"champs": describe_row(member)} for member in dossier.team]
                champ |= {"__typename": "RepetitionChamp", "rows": rows, "stringValue": ""}
            elif kind == "MultipleDropDownList":
                chosen = texts.get(id_, [])
                champ |= {"__typename": "MultipleDropDownListChamp", "values": chosen}
                champ["stringValue"] = ", ".join(chosen)
            else:
                champ["stringValue"] = texts.get(id_, "")
            champs.append(champ)
        return champs

    def _describe(self, dossier: Dossier, place: int, file: File) -> dict[str, Any]:
        path = f"/files/{dossier.number}/{place}/{len(self.good_addresses)}"
        self.good_addresses.add(path)
        return {
            "filename": file.name,
            "checksum": file.checksum,
            "byteSizeBigInt": str(len(file.content)),
            "virusScanResult": file.scan,
            "url": self.url.removesuffix("/graphql") + path,
        }


def _moment(moment: datetime) -> str:
    return moment.astimezone(PARIS).isoformat(timespec="seconds")


def _data(data: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps({"data": data}).encode())


def _errors(status: int, message: str, code: str, data: dict[str, Any] | None = None) -> Answer:
    error = {"message": message, "extensions": {"code": code}}
    return Answer(status, json.dumps({"errors": [error], "data": data}).encode())
