"""The owner's report: one self-contained HTML file per company, made from the published copy.

analytics.duckdb -> figures (queries) -> charts (SVG) -> page (HTML)
"""
