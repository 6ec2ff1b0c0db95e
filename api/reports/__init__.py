"""Reports: what is told of a period without being asked, a module each."""
