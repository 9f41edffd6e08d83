"""Text messages by SMPP 3.4. Try it with any SMSC simulator; the settings are HOMEWARD_SMPP and its neighbours."""
