"""Diagnosis: from a customer's certificates and archives to a deployment, and what follows."""
