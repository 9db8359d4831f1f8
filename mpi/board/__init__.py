"""The board: one page of cards for those who steer, with each figure's state, change, target and course."""

from mpi.board.rendering import board_html

__all__ = ["board_html"]
