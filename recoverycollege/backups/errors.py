class BackupError(Exception):
    """Nothing was backed up, or restored. As text it says why, in a sentence."""
