"""What was seen: certificates, settings, and tries to connect in logs, captures, pages."""
