"""The forms in which a quotation is cited, by the names that programs use."""

STYLES = {"apa": "APA", "mla": "MLA", "chicago": "Chicago"}
FORMATS = (*STYLES, "bibtex", "ris", "csl-json")
