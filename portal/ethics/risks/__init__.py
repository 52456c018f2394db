"""The register of a project's risks, their mitigations, and the residual risk."""
