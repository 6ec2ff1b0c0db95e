"""What people say of values: the audit, and months that are published."""
