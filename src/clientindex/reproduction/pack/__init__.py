"""The replication pack: which files it holds, their checksums, their description, the archive."""
