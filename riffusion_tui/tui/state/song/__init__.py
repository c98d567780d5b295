"""A song: its lines, chart, lead sheet, notes and origin."""
