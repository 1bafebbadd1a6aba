"""Lists of households on their way in: read, compared, approved by version; and families that are in them twice."""
