"""What maps and charts share: figures of the house style, and classes of values."""
