"""The JSON API: its document and page, tokens, webhooks. Operations stand with their features."""
