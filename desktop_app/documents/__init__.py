"""The PDF and spreadsheet kit: everything about paper and tables that knows nothing about the subject.

Nothing is imported here: ReportLab costs about a quarter of a second and is loaded with the first sheet.
"""
