"""A question as it was typed, behind others → the question that is asked of the documents."""
