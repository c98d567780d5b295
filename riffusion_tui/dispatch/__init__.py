"""Sends jobs to a service and follows them: capacity, cool-downs, reconciliation. Knows no screen and no HTTP."""
