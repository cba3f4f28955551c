/* Refusals: what is said to a client whose request cannot be served. One table holds every text,
 * status and shape, in the contract's words (platform.md 4, rules.md 0.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum problem {
    /* shape {"error": ...} */
    PROBLEM_UNAUTHORISED,
    PROBLEM_NOT_FOUND,
    PROBLEM_BODY_TOO_LARGE,
    PROBLEM_URI_TOO_LONG,
    PROBLEM_HEADERS_TOO_LARGE,
    PROBLEM_INTERNAL,
    PROBLEM_UNAVAILABLE,
    PROBLEM_MALFORMED,
    PROBLEM_UNAUTHORISED_CALLBACK, /* plain text */
    PROBLEM_RATE_LIMITED,          /* plain text */
    /* no body */
    PROBLEM_FORBIDDEN,
    PROBLEM_READ_ONLY_TOKEN,
    PROBLEM_UNKNOWN_METHOD,
    PROBLEM_EXTENSION,
    /* shape {"errors": [{"status": ..., "title": ...}]} */
    PROBLEM_EMAIL_KNOWN,
    /* shape {"errors": [{"title": ..., "detail": ...}]} */
    PROBLEM_QUERY,
    PROBLEM_NULL_BYTE,
    PROBLEM_SERVER_DATE,
    PROBLEM_DATA, /* M17 */
    PROBLEM_FILTER_SHAPE,
    PROBLEM_FILTER_REQUIRED, /* detail names the filter */
    PROBLEM_FILTER_TOO_LONG,
    PROBLEM_UPDATED_SINCE,
    PROBLEM_TRAINING_STATUS,
    PROBLEM_PAGE,
    /* refusals of writes, titled by the attribute at fault; the code of rules.md 0.4 beside them */
    PROBLEM_UNKNOWN_PARTICIPANT,        /* M01 */
    PROBLEM_WITHDRAWN_BEFORE,           /* M02 */
    PROBLEM_NO_DATE,                    /* M03 */
    PROBLEM_NO_TYPE,                    /* M04 */
    PROBLEM_FUTURE_DATE,                /* M05 */
    PROBLEM_DATE_FORMAT,                /* M06 */
    PROBLEM_BEFORE_MILESTONE,           /* M07 */
    PROBLEM_AFTER_MILESTONE,            /* M08 */
    PROBLEM_COHORT_CLOSED,              /* M09 */
    PROBLEM_NO_MILESTONE,               /* M10 */
    PROBLEM_SLOT_TAKEN,                 /* M11 */
    PROBLEM_MENTOR_TYPE,                /* M12 */
    PROBLEM_UNKNOWN_COURSE,             /* M13 */
    PROBLEM_NO_EVIDENCE,                /* M14 */
    PROBLEM_WRONG_EVIDENCE,             /* M15 */
    PROBLEM_NPQ_COURSE,                 /* M16 */
    PROBLEM_NO_COURSE,                  /* M18 */
    PROBLEM_NO_REASON,                  /* M19 */
    PROBLEM_WRONG_REASON,               /* M20 */
    PROBLEM_ALREADY_WITHDRAWN,          /* M21 */
    PROBLEM_ALREADY_DEFERRED,           /* M22 */
    PROBLEM_ALREADY_ACTIVE,             /* M23 */
    PROBLEM_NO_SCHEDULE,                /* M24 */
    PROBLEM_WITHDRAWN_PARTICIPANT,      /* M25 */
    PROBLEM_DECLARATIONS_INVALIDATED,   /* M26 */
    PROBLEM_SAME_SCHEDULE,              /* M27 */
    PROBLEM_SCHEDULE_COURSE,            /* M28 */
    PROBLEM_COHORT_CHANGE,              /* M29 */
    PROBLEM_NO_PARTNERSHIP,             /* M30 */
    PROBLEM_ALREADY_VOIDED,             /* M31 */
    PROBLEM_CLAWED_BACK,                /* M32 */
    PROBLEM_SCHEDULE_MISSING,           /* M33 */
    PROBLEM_NO_COHORT,                  /* P01 */
    PROBLEM_UNKNOWN_COHORT,             /* P02 */
    PROBLEM_NO_SCHOOL,                  /* P03 */
    PROBLEM_UNKNOWN_SCHOOL,             /* P04 */
    PROBLEM_SCHOOL_LED_ONLY,            /* P05 */
    PROBLEM_SCHOOL_INELIGIBLE,          /* P06 */
    PROBLEM_ALREADY_PARTNERED,          /* P07 */
    PROBLEM_PARTNERED_ELSEWHERE,        /* P08 */
    PROBLEM_SCHOOL_UNCONFIRMED,         /* P09 */
    PROBLEM_NO_DELIVERY_PARTNER,        /* P10 */
    PROBLEM_UNKNOWN_DELIVERY_PARTNER,   /* P11 */
    PROBLEM_UNRELATED_DELIVERY_PARTNER, /* P12 */
    PROBLEM_PARTNERSHIP_CHALLENGED,     /* P13 */
    PROBLEM_RELATIONSHIP_EXISTS,        /* P14 */
    PROBLEM_SCHOOL_COHORT_MISSING,
    PROBLEM_PROGRAMME_MISSING,
    PROBLEM_CLAWBACK_REFUNDED,
    PROBLEM_CLAWBACK_COHORT_CLOSED,
    PROBLEM_NO_NAME,
    PROBLEM_WRONG_EMAIL,
    PROBLEM_NO_NAME_NOR_EMAIL,
    PROBLEM_COUNT_,
};

enum { PROBLEMS_MAX = 16, PROBLEM_DETAIL_SIZE = 256 };

/* The refusals of one request, in the order in which they were found. A zeroed struct is empty. */
struct problems {
    size_t count;
    struct {
        enum problem problem;
        const char *title;                /* attribute; NULL where the table has the title */
        char detail[PROBLEM_DETAIL_SIZE]; /* empty where the table's text has nothing filled in */
    } items[PROBLEMS_MAX];
};

/* Adds a refusal. The title is the attribute at fault, or NULL. */
void refuse(struct problems *problems, const char *title, enum problem problem);
void refuse_if(struct problems *problems, bool is_wrong, const char *title, enum problem problem);

/* Adds a refusal whose text names something: the one %s of the table's text. The name is copied. */
void refuse_naming(struct problems *problems, const char *title, enum problem problem,
                   const char *name);

/* The status of the answer: that of the first refusal. */
int problems_status(const struct problems *problems);

/* Of the refusal at i: its title (NULL where neither the refusal nor the table has one) and its
 * text, filled in. */
const char *problems_title(const struct problems *problems, size_t i);
const char *problems_detail(const struct problems *problems, size_t i);

/* What the table says: the stable name of a refusal, its status, its text as it is before anything
 * is filled in. */
const char *problem_code(enum problem problem);
int problem_status(enum problem problem);
const char *problem_text(enum problem problem);

/* The body of the answer; nothing for refusals that have none. One element per title, in the order
 * of each title's first refusal; texts of one title are joined, the same text once (rules.md 0.2).
 */
void problems_write(struct buf *out, const struct problems *problems);

/* Is that body JSON? Otherwise whoever refuses says what type it has. */
bool problems_are_json(const struct problems *problems);
