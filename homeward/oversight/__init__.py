"""The pages of two lower rooms that know no guards: the audit log for auditors, the background work for administrators.

`audit` and `work` lie below `access`, so that staff accounts themselves can be recorded; their pages stand here.
"""
