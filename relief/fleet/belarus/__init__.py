"""Belarus 2013, MDRBY002 and MDRBY003: the published facts, and made-up families, days and mess that add up to them.

What is published stands in `belarus-2013.json` (the project's own collection of facts, with its sources). Everything else
here - sites, names, families, budget lines, targets, who got what where - is demonstration data, made from a fixed seed.
"""
