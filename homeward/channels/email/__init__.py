"""E-mail by SMTP. The settings are HOMEWARD_SMTP and its neighbours."""
