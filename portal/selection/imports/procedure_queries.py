"""Reads a procedure of Démarches simplifiées through its GraphQL API.

Asked again, with growing pauses, where another attempt may help, with half as many applications
after a time-out; stopped at once, by name, where none will.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from portal.platform.outgoing.client import READ_SECONDS, Credentials, OutgoingClient, OutgoingFailed
from portal.platform.outgoing.graphql import (
    AnswerMissing,
    GraphqlAnswer,
    GraphqlError,
    GraphqlRequest,
    post_graphql,
)
from portal.selection.imports import procedure_documents as documents
from portal.selection.imports.dossier_rules import FieldMissing, application_number_in_cursor, require_value
from portal.selection.imports.form_rules import ImportedProcedure, read_procedure

ATTEMPTS = 4
PAUSES = (0.5, 1.5, 4.0)  # seconds, unless the server says how long
HASTY_SECONDS = 8.0  # for an answer while somebody waits
PAUSE_MAX = 5.0  # a longer one is for another round: `SourceUnreachable`
_NETWORK_MESSAGE = "Request issued from a forbidden network"


class SourceRefused(Exception):
    """The source refuses, and will until somebody acts.

    `code`: `token_expired`, `token_refused`, `network_forbidden`, `out_of_scope`, `not_found`,
    `unknown_field`, `missing_field`, `refused`, or one of `OutgoingFailed`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class SourceUnreachable(Exception):
    """The source does not answer now; `code` is that of `AnswerMissing`, `wait` in seconds."""

    def __init__(self, code: str, detail: str, wait: float) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.wait = code, detail, wait


@dataclass(frozen=True)
class SourcePage:
    """Nodes of a page as the API gave them, and what could not be given: (number, reason)."""

    nodes: Sequence[Mapping[str, Any]]
    unreadable: Sequence[tuple[str, str]]
    end_cursor: str
    has_next: bool


class ProcedureSource(Protocol):
    """Where applications are read from."""

    def read_procedure(self, number: int) -> ImportedProcedure: ...

    def read_applications(self, number: int, after: str, since: str) -> SourcePage: ...

    def read_application(self, number: str) -> Mapping[str, Any] | None: ...

    def read_tombstones(self, number: int, kind: str, after: str, since: str) -> SourcePage: ...


class ProcedureReader:
    """The API at `url`, asked with a token."""

    def __init__(
        self,
        client: OutgoingClient,
        url: str,
        token: str,
        page_size: int,
        pause: Callable[[float], None] | None = time.sleep,
    ) -> None:
        """`pause` sleeps between attempts; None: for somebody who waits, there is one, a short one."""
        self._client, self._url, self._pause = client, url, pause
        self._credentials = Credentials(urlsplit(url).hostname or "", f"Bearer {token}")
        self._page_size = page_size

    def read_procedure(self, number: int) -> ImportedProcedure:
        """A procedure and its forms. Raises `SourceRefused`, `SourceUnreachable`."""
        data = self._send_query(documents.PROCEDURE, "readProcedure", {"number": number})
        try:
            return read_procedure(require_value(data, "demarche"))
        except FieldMissing as missing:
            raise SourceRefused("missing_field", missing.name) from None

    def read_applications(self, number: int, after: str, since: str) -> SourcePage:
        """A page of applications after a cursor ("": the first).

        `since` "" reads in the order of deposit, else in that of the last change, from then on. A
        cursor of one order is never used in the other. Raises as above.
        """
        variables = {"number": number, "after": after or None, "since": since or None}
        return self._read_page(documents.APPLICATIONS, "readApplications", variables, "dossiers")

    def read_application(self, number: str) -> Mapping[str, Any] | None:
        """One application; None when it is not there any more, or cannot be given."""
        return self._read_application_node(documents.APPLICATION, "readApplication", {"number": int(number)})

    def read_state_and_annotation(self, number: str, annotation_id: str) -> Mapping[str, Any] | None:
        """The state of an application and the annotation of an id (all without one); None as above."""
        variables = {"number": int(number), "annotation": annotation_id or None}
        return self._read_application_node(documents.REPLY, "readReply", variables)

    def _read_application_node(
        self, query: str, operation: str, variables: dict[str, Any]
    ) -> Mapping[str, Any] | None:
        try:
            node: Mapping[str, Any] | None = self._send_query(query, operation, variables).get("dossier")
        except SourceRefused as stopped:
            if stopped.code in {"not_found", "unreadable"}:
                return None
            raise
        return node

    def read_tombstones(self, number: int, kind: str, after: str, since: str) -> SourcePage:
        """A page of `deletedDossiers` or `pendingDeletedDossiers`, all of them without `since`."""
        variables = {"number": number, "after": after or None, "since": since or None}
        query = documents.TOMBSTONES.replace("KIND", kind)
        return self._read_page(query, "readTombstones", variables, kind)

    def send_act(self, name: str, values: Mapping[str, Any]) -> None:
        """Send one mutation, once: whoever gets no answer reads the state before another attempt.

        Raises `SourceRefused`, `act_refused` with the source's words where it refuses; `SourceUnreachable`.
        """
        data = self._send_query(documents.build_mutation_document(name), "sendAct", {"input": dict(values)})
        errors = (data.get(name) or {}).get("errors") or ()
        if errors:
            raise SourceRefused("act_refused", " ".join(str(each.get("message", "")) for each in errors))

    def _read_page(self, query: str, operation: str, variables: dict[str, Any], name: str) -> SourcePage:
        unreadable: dict[int, str] = {}
        data = self._send_query(query, operation, variables, unreadable)
        try:
            connection = require_value(require_value(data, "demarche"), name)
            nodes, info = require_value(connection, "nodes") or [], require_value(connection, "pageInfo")
            cursors = [(edge or {}).get("cursor", "") for edge in connection.get("edges") or ()]
            missing = [
                (
                    application_number_in_cursor(cursors[n]) if n < len(cursors) else "",
                    unreadable.get(n, "invalid_null"),
                )
                for n, node in enumerate(nodes)
                if node is None
            ]
            end, has_next = require_value(info, "endCursor") or "", bool(require_value(info, "hasNextPage"))
        except FieldMissing as fault:
            raise SourceRefused("missing_field", fault.name) from None
        return SourcePage([node for node in nodes if node is not None], missing, end, has_next and bool(end))

    def _send_query(
        self,
        query: str,
        operation: str,
        variables: dict[str, Any],
        unreadable: dict[int, str] | None = None,
    ) -> Mapping[str, Any]:
        """The data of an answer, after as many attempts as help."""
        attempt = 0
        while True:
            paged = variables | ({"first": self._page_size} if "after" in variables else {})
            try:
                request = GraphqlRequest(query, operation, paged)
                seconds = READ_SECONDS if self._pause else HASTY_SECONDS
                answer = post_graphql(self._client, self._url, self._credentials, request, seconds)
                return _require_data(answer, unreadable)
            except OutgoingFailed as failed:
                raise SourceRefused(failed.code, failed.host) from None
            except AnswerMissing as missing:
                attempt += 1
                if missing.code == "timeout" and "after" in variables and self._page_size > 1:
                    self._page_size = max(1, self._page_size // 2)
                    attempt -= 1  # half of it is another question
                self._wait_to_retry(missing, attempt)

    def _wait_to_retry(self, missing: AnswerMissing, attempt: int) -> None:
        usual = PAUSES[max(0, min(attempt, len(PAUSES)) - 1)]
        wait = usual if missing.wait is None else missing.wait
        if self._pause is None or attempt >= ATTEMPTS or wait > PAUSE_MAX:
            raise SourceUnreachable(missing.code, missing.detail, wait)
        self._pause(wait)


def _require_data(answer: GraphqlAnswer, unreadable: dict[int, str] | None) -> Mapping[str, Any]:
    """The data of an answer. Raises `SourceRefused`, or `AnswerMissing` for a partial one.

    `unreadable` takes the places in `nodes` whose item could not be given, which stops nothing.
    """
    partial = next((error for error in answer.errors if error.code == "timeout"), None)
    if partial is not None:  # fields after it are null, with errors of their own
        raise AnswerMissing("timeout", partial.message)
    for error in answer.errors:
        if unreadable is not None and error.code == "invalid_null" and "nodes" in error.path:
            place = error.path.index("nodes") + 1
            if place < len(error.path):
                unreadable[int(error.path[place])] = error.message
                continue
        if unreadable is not None and error.code == "invalid_null" and "edges" in error.path:
            continue
        raise _build_failure(answer.status, error)
    if answer.data is None:
        raise SourceRefused("refused", str(answer.status))
    return answer.data


def _build_failure(status: int, error: GraphqlError) -> Exception:
    """What an error means: `SourceRefused`, or `AnswerMissing` where asking again helps."""
    if error.code == "internal_server_error":
        return AnswerMissing("server_error", str(error.facts.get("exception_id", "")))
    if status == HTTPStatus.UNAUTHORIZED:
        return SourceRefused("token_expired", error.message)
    if status == HTTPStatus.FORBIDDEN:
        is_network = error.message.startswith(_NETWORK_MESSAGE)
        return SourceRefused("network_forbidden" if is_network else "token_refused", error.message)
    codes = {"unauthorized": "out_of_scope", "not_found": "not_found", "invalid_null": "unreadable"}
    if error.code == "undefinedField":
        return SourceRefused("unknown_field", str(error.facts.get("fieldName", error.message)))
    return SourceRefused(codes.get(error.code, "refused"), error.message)
