"""Who is behind a session: the member of staff with her roles, asked in one question at every request."""

from django.contrib.auth.backends import ModelBackend

from homeward.access.models import RoleGrant, Staff


class StaffBackend(ModelBackend):
    """Django's own, with the roles read along."""

    def get_user(self, user_id: int) -> Staff | None:
        """The member of staff of this key where she may still sign in."""
        grants = list(RoleGrant.objects.filter(staff=user_id).select_related("staff"))
        staff = grants[0].staff if grants else Staff.objects.filter(pk=user_id).first()
        if staff is None or not self.user_can_authenticate(staff):
            return None
        staff.remember_roles(grant.role for grant in grants)
        return staff
