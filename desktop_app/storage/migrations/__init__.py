"""Schema migrations, applied in numeric order. Each file is frozen once released."""
