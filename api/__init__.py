"""The web: REST routes, schemas, the live stream, pages and reports."""
