"""Paper about visitors: consents, release from secrecy, visit card, answer to an access request."""
