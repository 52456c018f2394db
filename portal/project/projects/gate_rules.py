"""Numbers of gates, which rows below the gates themselves refer to. Pure."""

GATE_NUMBER_MAX = 23  # programmes add gates from 12 on
