"""Renderers on other machines, through Dask; needs the extra `cluster`. The only room that imports `distributed`."""
