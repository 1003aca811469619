"""Many archives as one table: sources, grouping, workers on Dask, what is kept, sample estates."""
