"""The pages that a server makes: words, numbers and pictures around the answers that the API gives too."""
