"""The wing of accounts, programmes, roles and invitations."""
