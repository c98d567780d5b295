"""The HTTP side of the studio: gate, routes, fields, operations, handlers."""
