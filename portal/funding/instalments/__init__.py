"""Instalments: asked by the team, checked and paid by two people of the operator."""
