"""The application for a WSGI server of your own: `wsgi:app`."""

from relief import create_app
from relief.ledger.sealer import start_sealer

app = create_app()
start_sealer(app)
