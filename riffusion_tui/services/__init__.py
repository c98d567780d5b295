"""What can make songs: one protocol (`base`), an adapter for each service. httpx is imported in this room only.

The adapters are imported by whoever wires the program together, never from here: `import riffusion_tui.services`
costs nothing and loads no HTTP client.
"""
