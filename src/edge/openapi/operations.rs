//! What each operation is for, in words, and which document it takes.

use crate::edge::front::Operation;

/// The groups that operations are in.
pub(super) const TAGS: [(&str, &str); 5] = [
    ("orders", "Revoking, and what is known of an order"),
    (
        "jobs",
        "Revoking many orders before a deadline: plan, start, watch, report",
    ),
    (
        "audit",
        "The log of all that was done, each entry tied to the one before",
    ),
    ("operation", "For those who run the edge"),
    ("about", "About the caller, and about the edge itself"),
];

/// An operation in words.
pub(super) struct Words {
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    /// The schema of its body.
    pub(super) body: Option<&'static str>,
}

macro_rules! words {
    ($($operation:ident: $id:literal in $tag:literal $(takes $body:literal)?, $summary:literal, $description:expr;)+) => {
        /// What there is to say of an operation.
        pub(super) const fn words(operation: Operation) -> Words {
            match operation {
                $(Operation::$operation => Words {
                    id: $id,
                    tag: $tag,
                    summary: $summary,
                    description: $description,
                    body: words!(@ $($body)?),
                },)+
            }
        }
    };
    (@ $body:literal) => { Some($body) };
    (@) => { None };
}

macro_rules! reads_job {
    ($($what:literal)+) => {
        concat!($($what,)+ "\n\nNeeds the permission `plan`, `revoke` or `approve` for all orders of the job, or `audit` over all \
                            orders. A job that is not the caller's looks as if it did not exist.")
    };
}

words! {
    Revoke: "revoke" in "orders" takes "Order",
        "Revoke the certificate of an order",
        "Asks the CA to revoke the order's certificate, or to cancel the order if none was issued yet. That cannot be undone. With \
         `test` true, the CA checks everything and changes nothing.\n\n\
         Needs the permission `revoke` for the order; for a test call, `test` is enough. 200 is answered only if the CA itself said \
         so.";
    Orders: "listOrders" in "orders",
        "The orders that the caller may see",
        "Those first whose last real call is the oldest, with what happens next to those whose outcome is unknown. Where `next` is \
         there, others may follow: ask again with it as `after`. A page can be shorter than `limit` all the same, or empty, if the \
         orders that were looked at are not the caller's.\n\n\
         Needs the permission `revoke` or `test`, and lists the orders that a grant with it covers.";
    Order: "getOrder" in "orders",
        "All that the edge knows of an order",
        "Where the order stands, and every call that was made for it. What was done past the edge is not known here.\n\n\
         Needs the permission `revoke` or `test` for the order. An order that is not the caller's looks as if it did not exist.";
    Settle: "settleOrder" in "orders" takes "Settling",
        "Find out now what became of an unknown outcome",
        "The edge settles unknown outcomes by itself; this does it now. It asks the CA by a test call, which changes nothing: an \
         order that is revoked or rejected answers so. With `resend` true the order itself is sent again instead: say so only if it \
         is still the right one to revoke. An order whose outcome is not unknown is left alone. The answer's `state` says what came \
         of it.\n\n\
         Needs the permission `revoke` for the order.";
    CreateJob: "planJob" in "jobs" takes "Plan",
        "Plan a job",
        "Takes the orders of a job as JSON, or as a list: a CSV, serial numbers, certificates. Nothing is sent. The answer says what was found: how many orders there are, \
         which were named more than once, which the edge knows already, whether another person must approve it, and the hash of the plan, by which it is started. A plan \
         that is not started within 24 hours is deleted. A person may have 200 plans that nobody has started, with 1,000,000 orders \
         in all; a single one may always have as many orders as a job may.\n\n\
         Rows are numbered from 1, a CSV's header not counted. Each has a reason, its own or the one for all. If any is wrong, `rows` \
         numbers every wrong one, `fields` names the first thousand faults, and nothing is kept. Orders with the same name, \
         `productCode` and `product` are one order: it is sent once, with the most serious reason. Two names that mean one \
         certificate are two orders here: the CA answers the second with -21, and its row is `already-revoked`. At most \
         `MAX_JOB_ORDERS` rows, of the edge's configuration.\n\n\
         A job of which every order has `test` true is a drill: everything is done as for any other, and nothing is changed at the \
         CA. A plan in which some rows have it and some have not is refused: `fields.test` says how many, and `rows` numbers the \
         fewer.\n\n\
         Needs the permission `plan` for all of the orders.";
    Jobs: "listJobs" in "jobs",
        "All jobs that the caller may see",
        "Newest first. Where `next` is there, others may follow: ask again with it as `after`. A page can be shorter than `limit` \
         all the same, or empty, if the jobs that were looked at are not the caller's.\n\n\
         Needs the permission `plan`, `revoke` or `approve`, and lists the jobs of which one grant with such a permission covers \
         every order; or `audit` over all orders, which lists them all.";
    PauseAllJobs: "pauseAllJobs" in "jobs" takes "Nothing",
        "Stop all jobs",
        "The kill switch. Running jobs become `paused`, and halted ones do not go on by themselves any more: no job sends anything \
         until it is resumed. Calls that are in flight at this moment are carried through.\n\n\
         Needs the permission `operate` over all orders.";
    Job: "getJob" in "jobs",
        "A job",
        reads_job!("Where it stands, and what its plan found.");
    StartJob: "startJob" in "jobs" takes "Start",
        "Start a planned job",
        "`planHash` and `total` must be those of the plan: who starts it has seen what it is. If the person who created or starts it \
         would have more than `APPROVAL_ABOVE` orders in unapproved jobs of the last 24 hours or still unfinished, another person \
         must approve it first: its state is `awaiting-approval` then. A drill is never held up.\n\n\
         Needs the permission `revoke` for all orders of the job; for a drill, `test` is enough.";
    ApproveJob: "approveJob" in "jobs" takes "Approval",
        "Approve a job that waits for it",
        "`planHash` must be that of the plan. It runs then. A job that nobody approves within 24 hours is cancelled.\n\n\
         Needs the permission `approve` for all orders of the job, and a person: another one than who created or started it. A key \
         without `person` and a service cannot approve.";
    DeclineJob: "declineJob" in "jobs" takes "Decline",
        "Decline a job that waits for approval",
        "`planHash` must be that of the plan, and `comment` says why. It is `cancelled` then, with who has declined it, and nothing \
         of it is sent.\n\n\
         Needs the permission `approve` for all orders of the job, and a person: another one than who created or started it. They \
         may cancel it instead.";
    PauseJob: "pauseJob" in "jobs" takes "Nothing",
        "Pause a running job",
        "It sends nothing more until it is resumed. Calls that are in flight are carried through, and unknown outcomes go on being \
         probed; none is sent again by itself.\n\n\
         Needs the permission `revoke` for all orders of the job.";
    ResumeJob: "resumeJob" in "jobs" takes "Nothing",
        "Let a paused or halted job go on",
        "An approval stays valid. A halted job can be resumed once the breaker is no longer open.\n\n\
         Needs the permission `revoke` for all orders of the job.";
    CancelJob: "cancelJob" in "jobs" takes "Nothing",
        "Cancel a job",
        "What was sent stays as it is; orders that were not sent yet are `cancelled`. It cannot be taken back.\n\n\
         Needs the permission `revoke` for all orders of the job.";
    JobOrders: "getJobOrders" in "jobs",
        "The orders of a job, and what became of each",
        reads_job!("In the order of their rows. As CSV all of them at once; text that a spreadsheet would read as a formula begins \
                    with an apostrophe there.");
    JobEvents: "watchJob" in "jobs",
        "Watch a job",
        reads_job!("Server-sent events (the HTML standard, section 9.2): one at once, and one whenever the job has changed, about one \
                    a second at most. The stream ends after the event in which the job is `done` or `cancelled`, and after five \
                    minutes in any case; who asks again with `Last-Event-ID` misses nothing.");
    JobReport: "getJobReport" in "jobs",
        "The incident report of a job",
        reads_job!("What was accepted by the CA, what was not and why, what is not known, planned and actual times, and the signed \
                    end of the audit log. It can be asked for at any time, and says how things stand then. When the CA publishes a \
                    revocation is not known here.");
    Audit: "getAudit" in "audit",
        "Entries of the audit log",
        "In the order of `seq`, from the one after `after`. Each holds the hash of the one before, so that nothing can be taken out \
         or changed unseen. With `order`, `actor`, `action` or `job` only those entries that fit all of them: a page looks at 10,000 \
         entries and can be empty although others follow, as long as there is a `next`.\n\n\
         Needs the permission `audit` over all orders.";
    AuditHead: "getAuditHead" in "audit",
        "The signed end of the audit log",
        "Keep it elsewhere: a log that does not lead to a head that was kept has been cut, changed or replaced.\n\n\
         Needs the permission `audit` over all orders.";
    AuditKey: "getAuditKey" in "audit",
        "The public key that the heads are signed with",
        "Public: it verifies, and can do nothing else.";
    Breaker: "getBreaker" in "operation",
        "Whether the edge calls the CA at all",
        "After the CA has refused the login, the breaker is open and nothing is sent, since every further attempt may lock the \
         account.\n\n\
         Needs the permission `revoke`, `approve` or `operate`, for whatever orders.";
    ResumeBreaker: "resumeBreaker" in "operation" takes "Nothing",
        "Let one call try the login again",
        "Half-opens the breaker: one call goes out, and the rest wait for what it brings. Changed credentials do the same by \
         themselves.\n\n\
         Needs the permission `operate` over all orders.";
    Me: "getMe" in "about",
        "Who the caller is, and what they may do",
        "For any caller who proves who they are.";
    Health: "getHealth" in "about",
        "Whether the edge is alive and configured",
        "Public. 503 `not-configured` when something is missing or wrong in the configuration: the edge's log names it, and nothing \
         is sent.\n\n\
         HEAD is answered likewise, without a body.";
    OpenApi: "getOpenapi" in "about",
        "This document",
        "Public.";
    Metrics: "getMetrics" in "operation",
        "Figures for Prometheus",
        "In the text format of Prometheus, version 0.0.4.\n\n\
         Needs the permission `audit` over all orders.";
}
