"""Lists of units for targeting: what would lift each poor unit out, who comes first, who could be told apart."""
