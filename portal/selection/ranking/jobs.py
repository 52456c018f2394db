"""What the worker does: rank large calls whose scores changed."""

from portal.selection.ranking.commands import refresh_due_rankings

__all__ = ["refresh_due_rankings"]
