"""Answers cached in the process until the audit trail grows.

Every command appends to the trail, so an answer read from what commands write is right as long as
`actor.as_of`, the last seal at the start of the request, is the same: for one language and one day.
Only reads are cached, and never what depends on the reader unless the key names them.
"""

from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import TypeVar, cast

from flask import has_request_context, request

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import in_reader_language

Answer = TypeVar("Answer")

ANSWERS_MAX = 256  # of some 20 kB each

_answers: dict[tuple[str, date, str, Hashable], object] = {}  # of one seal, the last that was seen
_lock = Lock()


def cache_until_change(actor: Actor, key: Hashable, read: Callable[[], Answer]) -> Answer:
    """The answer of `read()` to a key, which names the question and everything it depends on
    besides the trail, the language and the day. The answer is shared: nobody may change it."""
    if not actor.as_of or not (has_request_context() and request.method in SAFE_METHODS):
        return read()
    question = actor.as_of, clock.today(), in_reader_language("fr", "en"), key
    try:
        return cast(Answer, _answers[question])
    except KeyError:
        answer = read()
    with _lock:
        if _answers and (len(_answers) >= ANSWERS_MAX or next(iter(_answers))[0] != actor.as_of):
            _answers.clear()
        _answers[question] = answer
    return answer


def clear_cached_answers() -> None:
    """For tests, where rows change without an audit event."""
    with _lock:
        _answers.clear()
