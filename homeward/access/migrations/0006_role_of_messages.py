from django.db import migrations, models

ROLES = ['operator', 'partner_clerk', 'registrar', 'tracer', 'verifier', 'kin_verifier', 'case_worker', 'approver', 'return_officer', 'release_approver', 'checkpoint_officer', 'handover_officer', 'escort', 'messenger', 'auditor', 'administrator']


class Migration(migrations.Migration):
    dependencies = [('access', '0005_reading_budgets')]
    operations = [
        migrations.RemoveConstraint(model_name="rolegrant", name="role_is_in_the_table"),
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(choices=[(code, code) for code in ROLES], max_length=30),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(condition=models.Q(role__in=ROLES), name="role_is_in_the_table"),
        ),
    ]
