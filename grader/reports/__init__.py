"""Results as text, tables, files and pages: each module is a pure function of the records."""
