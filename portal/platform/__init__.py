"""The ground: database, audit trail, web layer, mail, PDF and storage; knows no feature."""
