"""Makes the music: prompt → plan → score → audio → file. Knows no server, no queue and no screen."""
