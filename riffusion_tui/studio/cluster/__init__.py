"""Renderers on other machines, through Dask; needs the extra `cluster`. The only package that imports `distributed`."""
