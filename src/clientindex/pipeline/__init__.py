"""The road from an edition file to a bundle and its documents; knows every room."""
