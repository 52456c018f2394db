set -eu
api="$PORTAL_URL/api/v1"
auth="Authorization: Bearer $PORTAL_TOKEN"
json="Content-Type: application/json"
ask() { # again after 429 and 503, when Retry-After says; a refusal is shown, and ends the script
  curl -sS --fail-with-body --retry 3 -H "$auth" -H "$json" -D headers.txt -o answer.json "$@" ||
    { cat answer.json >&2; exit 1; }
}
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" answer.json; }
header() { grep -i "^$1:" headers.txt | cut -d' ' -f2- | tr -d '\r'; }

# The projects that I read, fifty a page
ask "$api/projects"
cat answer.json

# Be told what happens there, unless an earlier run asked: the secret that signs is shown once
ask "$api/projects/$PROJECT"
webhooks="$api/scopes/$(field id)/webhooks"
ask "$webhooks"
if ! grep -qF "\"$RECEIVER_URL\"" answer.json; then
  ask -d "{\"name\": \"script\", \"url\": \"$RECEIVER_URL\"}" "$webhooks"
  field secret > webhook-secret.txt
fi

# Plan a sprint. Sent twice with one key, it is planned once; so is all that follows.
key="Idempotency-Key: $PROJECT-$FIRST_DAY"
ask -H "$key-plan" \
  -d "{\"goal\": \"Trier cent courriers\", \"starts_on\": \"$FIRST_DAY\", \"ends_on\": \"$LAST_DAY\"}" \
  "$api/projects/$PROJECT/sprints"
sprint="$PORTAL_URL$(header location)"

# Start it
ask -H "$key-start" -d '{}' "$sprint/start"

# Close it, at the version that was just read
ask -H "$key-close" -H "If-Match: $(header etag)" \
  -d '{"outcome": "met", "summary": "Cent courriers triés."}' "$sprint/close"

# Comment on it
ask "$sprint"
ask -H "$key-comment" -d '{"body": "Fait par un script."}' "$api/discussions/$(field discussion_id)/comments"
