"""Check-ins are never changed, nor removed while their journey runs; an ended journey stays ended; nobody is sent uninvited."""

from django.db import migrations

from homeward.lib.triggers import refuse

RUNS = "NOT EXISTS (SELECT 1 FROM journeys_journey j WHERE j.id = OLD.journey_id AND j.ended_at IS NOT NULL)"
# Only whose family has said that it comes; the way back is for those who came.
UNINVITED = (
    "OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL AND NEW.returning_id IS NOT NULL AND EXISTS (SELECT 1 FROM "
    "returns_return r WHERE r.id = NEW.returning_id AND r.state NOT IN ('accepted', 'travelling', 'received', 'escorted', "
    "'handed_over'))"
)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial"), ("returns", "0001_initial")]
    operations = [
        refuse(
            "journeys_checkin", "journeys_checkin_stands", before="UPDATE", condition="OLD.id = NEW.id",
            message="a check-in is not changed",
        ),
        refuse(
            "journeys_checkin", "journeys_checkin_stays", before="DELETE", condition=RUNS,
            message="a check-in stays while its journey runs",
        ),
        refuse(
            "journeys_journey", "journeys_journey_ended", before="UPDATE",
            condition="OLD.state IN ('received', 'aborted') AND NEW.state <> OLD.state",
            message="an ended journey stays ended",
        ),
        refuse(
            "journeys_journey", "journeys_journey_invited", before="UPDATE", condition=UNINVITED,
            message="nobody is sent who has not said that she comes",
        ),
        refuse(
            "journeys_networkversion", "journeys_network_stands", before="UPDATE", condition="OLD.id = NEW.id",
            message="a version of the network is not changed",
        ),
    ]
