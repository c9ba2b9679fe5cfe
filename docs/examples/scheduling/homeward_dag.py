"""The review of the month before, and an alarm if data is where it may not be.

For Airflow 3 (apache-airflow-providers-standard) and Airflow 2.8 or later. Homeward is a checkout on the
worker; the month comes from the run and not from the clock, so that a run that is cleared makes the same
review again.
"""

from __future__ import annotations

import pendulum

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator
from airflow.timetables.trigger import CronTriggerTimetable

HOMEWARD = "/opt/homeward/homeward"
REVIEWS = "/srv/reviews"
# A run is triggered on the second of a month and reviews the month before.
MONTH = "{{ logical_date.in_timezone('Europe/Berlin').subtract(months=1).strftime('%Y-%m') }}"
MONTH_BEFORE = "{{ logical_date.in_timezone('Europe/Berlin').subtract(months=2).strftime('%Y-%m') }}"

with DAG(
    dag_id="homeward_review",
    schedule=CronTriggerTimetable("0 6 2 * *", timezone="Europe/Berlin"),
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    tags=["finops"],
) as dag:
    review = BashOperator(
        task_id="review",
        bash_command=f"{HOMEWARD} review /srv/gateway-logs --month {MONTH}"
        f" --timezone Europe/Berlin --out {REVIEWS}/{MONTH}",
        # Exit code 1 says that nothing is feasible: a result, and nothing to compare.
        skip_on_exit_code=[1],
        retries=2,
        retry_delay=pendulum.duration(minutes=10),
    )
    violations = BashOperator(
        task_id="violations",
        bash_command=f"test ! -d {REVIEWS}/{MONTH_BEFORE} ||"
        f" {HOMEWARD} diff {REVIEWS}/{MONTH_BEFORE} {REVIEWS}/{MONTH} --fail-on violation",
    )
    review >> violations
