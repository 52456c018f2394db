set -eu
api="$PORTAL_URL/api/v1"
auth="Authorization: Bearer $PORTAL_TOKEN"
json="Content-Type: application/json"
ask() { curl -sf --retry 3 -H "$auth" -H "$json" "$@"; } # again after 429 and 503, when Retry-After says
header() { grep -i "^$1:" headers.txt | cut -d' ' -f2- | tr -d '\r'; }

# The projects that I read, fifty a page
ask "$api/projects"

# Be told what happens there: the secret that signs is shown once
project=$(ask "$api/projects/$PROJECT" | sed 's/.*"id":"\([^"]*\)".*/\1/')
ask -d "{\"name\": \"script\", \"url\": \"$RECEIVER_URL\"}" \
  "$api/scopes/$project/webhooks" | sed 's/.*"secret":"\([^"]*\)".*/\1/' > webhook-secret.txt

# Plan a sprint. Sent twice with one key, it is planned once.
ask -H "Idempotency-Key: plan-$PROJECT" -D headers.txt \
  -d "{\"goal\": \"Trier cent courriers\", \"starts_on\": \"$FIRST_DAY\", \"ends_on\": \"$LAST_DAY\"}" \
  "$api/projects/$PROJECT/sprints"
sprint="$PORTAL_URL$(header location)"

# Start it
ask -d '{}' -D headers.txt "$sprint/start"

# Close it, at the version that was just read
ask -H "If-Match: $(header etag)" \
  -d '{"outcome": "met", "summary": "Cent courriers triés."}' "$sprint/close"

# Comment on it
discussion=$(ask "$sprint" | sed 's/.*"discussion_id":"\([^"]*\)".*/\1/')
ask -d '{"body": "Fait par un script."}' "$api/discussions/$discussion/comments"
