"""A reply as HTML: on the page, in a notebook, in an export."""
