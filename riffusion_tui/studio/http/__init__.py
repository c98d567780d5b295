"""The HTTP side of the studio: access control, routes, fields, operations, handlers."""
