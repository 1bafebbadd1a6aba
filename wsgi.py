"""The application for a WSGI server of your own: `wsgi:app`."""

from relief import create_app

app = create_app()
