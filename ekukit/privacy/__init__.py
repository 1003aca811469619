"""What may be passed on of a case: redaction, pseudonyms, and the last look for names."""
