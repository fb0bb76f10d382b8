"""Survey files in pieces: what the pass over respondents reads at a time."""

from clientindex.intake.pieces.piece import Piece, PieceSize
from clientindex.intake.pieces.read import plan_pieces, read_piece

__all__ = ["Piece", "PieceSize", "plan_pieces", "read_piece"]
