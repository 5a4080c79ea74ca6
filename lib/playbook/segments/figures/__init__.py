"""Drawings of the segmentation chapter, from frames."""
