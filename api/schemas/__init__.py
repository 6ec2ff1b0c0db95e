"""What the API answers; the OpenAPI document is made from these structs, and so are the answers."""
