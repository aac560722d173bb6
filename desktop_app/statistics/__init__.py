"""The month in numbers: counted in one snapshot, exported as CSV, XLSX and PDF with the same figures."""
