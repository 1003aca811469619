"""What a person sees: tables, pictures, panels, reports."""
