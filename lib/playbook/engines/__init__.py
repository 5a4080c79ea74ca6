"""Engines past one machine: Spark for rows that live in a lake, Dask for packs side by side."""
