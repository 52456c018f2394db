"""The register of a project's risks, what reduces them, and what is left."""
