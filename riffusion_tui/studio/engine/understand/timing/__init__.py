"""Tempo, meter and swing."""
