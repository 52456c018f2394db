import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        secret = Path("webhook-secret.txt").read_text().strip()
        try:
            event = Webhook(secret).verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_response(401)
        else:
            with Path("received.txt").open("a") as log:
                log.write(f"{event['number']} {event['type']}\n")
            self.send_response(204)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ["RECEIVER_PORT"])), Receiver).serve_forever()
