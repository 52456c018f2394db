"""The data a project needs: who holds them, by what right, how far the access has come."""
