"""The weekly digest: when it is due (``schedule``), and what it says (``report``)."""
