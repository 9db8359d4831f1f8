"""Analyses of figures beyond estimates: the distribution of scores, the robustness of ranks."""
