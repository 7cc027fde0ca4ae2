"""Django's libraries cannot be imported before Django has settings."""

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="for the tests of models alone",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
)
django.setup()
