"""``qingchuan doctor``: looks for what loses data in practice, and says what to do.

A subject a file; each lists its checks, and a check is a function that returns a `finding.Finding`. What a broker does
is tried, with clients and topics that are thrown away; stores are only read.
"""
