"""Reading HSDS 3.x: tabular data packages and JSON documents, checked against the schema 3.1.1."""
