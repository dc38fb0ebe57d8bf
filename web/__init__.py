"""The pages, in Swedish: server-rendered, readable without JavaScript, good on a phone."""
