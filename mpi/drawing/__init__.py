"""What maps and charts share: drawings, the house style, plots with axes, and classes of values."""
