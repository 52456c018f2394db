"""Coaches' notes on a project: for its coaches and whoever leads its programme, nobody else."""
