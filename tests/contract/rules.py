"""What schemathesis cannot know of the edge by itself: where its judgement does not hold, and what else must hold."""

import json
import os
import re
from pathlib import Path

import schemathesis
from schemathesis.core.failures import ServerError
from schemathesis.openapi.checks import RejectedPositiveData

# A schema cannot say which keys were used before, nor what the CA says of an order (here: a simulated one, which refuses
# some on purpose).
NOT_OF_THE_REQUEST = {(422, "idempotency-mismatch"), (422, "ca-refused")}

# For JSON Schema 1.0 is an integer. For the edge it is none: 4503599627370497.5 reads as 4503599627370498.0, which is
# another order.
NOT_AN_INTEGER = (422, "invalid-order")

# Nor can it say that a text is CSV with the right columns, that the rows of a plan agree on what is a test call and have a reason,
# or what is a certificate.
INVALID_PLAN = (422, "invalid-order")
# Nor that the terms of a plan are in the query for lists only, and that `columns` is a line of CSV which mentions each column once.
QUERY_OF_LISTS = (400, "malformed-request")
UNSAID = re.compile(r"(row [0-9]+: )?(test|certificate)|row [0-9]+: codeReason")

# Of the transport, and of every answer whatever it is about.
OF_EVERY_ANSWER = {
    "content-length",
    "content-security-policy",
    "content-type",
    "referrer-policy",
    "transfer-encoding",
    "vary",
}

# The simulated CA fails now and then on purpose. These are the answers for it; that each is documented is checked beside.
OF_THE_CA = {(502, "unknown-outcome"), (503, "ca-busy")}


# Where `npm test` keeps what the tests saw of the edge, to search all of it at its end.
EVIDENCE = os.environ.get("AUTOREVOKE_EVIDENCE")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure counts."""
    if isinstance(failure, RejectedPositiveData):
        found = problem(response)
        if found == QUERY_OF_LISTS and not_of_the_body(response.request):
            return False
        if found in NOT_OF_THE_REQUEST or no_plan(response, found):
            return False
        return not (found == NOT_AN_INTEGER and fractions(response.request.body))
    if isinstance(failure, ServerError):
        return problem(response) not in OF_THE_CA
    return True


def problem(response):
    """The status, and the kind that the problem document names."""
    try:
        kind = json.loads(response.content)["type"]
    except (ValueError, TypeError, KeyError):
        return None
    return response.status_code, kind.removeprefix("urn:autorevoke:problem:")


def no_plan(response, found):
    """Whether a plan was refused for what no schema can say."""
    if found != INVALID_PLAN:
        return False
    if is_list(response.request):
        return True
    return all(UNSAID.fullmatch(name) for name in json.loads(response.content)["fields"])


def not_of_the_body(request):
    """Whether a plan may have been refused for its query."""
    query = request.url.partition("?")[2]
    return "columns=" in query if is_list(request) else query != ""


def is_list(request):
    """Whether a request's body is sent as a list, not as JSON."""
    return request.headers.get("Content-Type") in {"text/csv", "application/x-pem-file"}


def fractions(body):
    """The numbers in a body that are written with a fraction or an exponent."""
    found = []
    json.loads(body, parse_float=found.append)
    return found


@schemathesis.serializer("text/csv")
def csv_text(ctx, value):
    """A text as it is; anything else as a text all the same."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")


@schemathesis.check
def reveals_nothing(ctx, response, case):
    """Neither the CA's login nor the caller's key is in any answer."""
    answer = response.content.decode(errors="replace") + str(response.headers)
    if EVIDENCE:
        with (Path(EVIDENCE) / f"answers-schemathesis-{os.getpid()}").open("ab") as kept:
            kept.write(str(response.headers).encode() + response.content)
    for name in ("CA_LOGIN_NAME", "CA_LOGIN_PASSWORD", "AUTOREVOKE_KEY"):
        assert os.environ[name] not in answer, name


@schemathesis.check
def no_undocumented_header(ctx, response, case):
    """Every header is in the document."""
    documented = case.operation.responses.find_by_status_code(response.status_code)
    if documented is None:
        # Another check tells.
        return
    known = {name.lower() for name, _ in documented.headers.items()} | OF_EVERY_ANSWER
    unknown = {name.lower() for name in response.headers} - known
    assert not unknown, ", ".join(sorted(unknown))
