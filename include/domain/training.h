/* May a participant be withdrawn, deferred, resumed or put on another schedule? Pure. Contract
 * rules.md 4. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/uuid.h"

/* What a provider asks for; texts are NULL where missing. */
struct training_request {
    const char *participant_id;
    const char *course_identifier;
    const char *reason;              /* withdraw, defer */
    const char *schedule_identifier; /* change-schedule */
    const char *cohort;              /* change-schedule */
};

/* The participant, their training record, and the provider's latest induction record of it. */
struct training_facts {
    struct uuid participant_id;      /* UUID_NONE: nobody is meant */
    struct uuid training_record_id;  /* UUID_NONE: no active record of the course's kind */
    struct uuid induction_record_id; /* UUID_NONE: the provider has none */
    const char *training_status;     /* of the induction record */
    bool is_reason_allowed;          /* the reason is in the programme's list for the action */
};

void withdraw_check(const struct training_request *request, const struct training_facts *facts,
                    struct problems *problems);
void defer_check(const struct training_request *request, const struct training_facts *facts,
                 struct problems *problems);
void resume_check(const struct training_request *request, const struct training_facts *facts,
                  struct problems *problems);

/* What a change of schedule hangs on beside: rules.md 4.5. */
struct schedule_facts {
    struct training_facts training;
    const char *kind;
    bool has_schedule;          /* the target cohort has a schedule of that identifier */
    int16_t target_cohort;      /* 0: there is none */
    int16_t current_cohort;     /* of the induction record's schedule; 0 without one */
    bool is_on_schedule;        /* the training record is on the new schedule */
    bool is_record_on_schedule; /* so is the induction record */
    bool has_live_declarations;
    bool invalidates_declarations; /* a live one would not fit the new schedule */
    bool is_frozen_move;
    bool has_partnership;   /* active, not a relationship, with the school in the target cohort */
    bool has_relationship;  /* active relationship there */
    bool has_school_cohort; /* of the school in the target cohort */
    struct uuid default_programme_id; /* of that school cohort; UUID_NONE: none */
    bool is_flagged;                  /* cohort_changed_after_payments_frozen */
};

struct schedule_decision {
    struct uuid programme_id; /* UUID_NONE: the record keeps its own */
    bool is_flagged;
};

void change_schedule_check(const struct training_request *request,
                           const struct schedule_facts *facts, struct problems *problems);

/* For a change that passed the check; refuses what would fail while writing. */
struct schedule_decision change_schedule_decide(const struct schedule_facts *facts,
                                                struct problems *problems);
