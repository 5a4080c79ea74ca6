"""What a run leaves beside its pages: numbers, manifest, workbook, archive."""
