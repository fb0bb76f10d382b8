"""Published against rebuilt: what an edition published, and whether it comes out again."""
