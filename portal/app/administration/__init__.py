"""The administration of an installation on pages: settings, state, trail, notices to all."""
