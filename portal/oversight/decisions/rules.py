"""Due dates of decisions. Pure."""

from datetime import date

FIRST_LINE_MAX = 160


def count_days_late(due_on: date | None, today: date) -> int:
    """Return the whole days since the due date passed; 0 before it and without one."""
    return max(0, (today - due_on).days) if due_on else 0


def first_line(question: str) -> str:
    """Return the question on one line of at most `FIRST_LINE_MAX` characters."""
    line = question.strip().splitlines()[0].strip() if question.strip() else ""
    return line if len(line) <= FIRST_LINE_MAX else f"{line[: FIRST_LINE_MAX - 1].rstrip()}…"
