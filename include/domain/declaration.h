/* May this be declared, and what becomes of it? Pure. Contract rules.md 2 and 3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/uuid.h"

/* All types that there are, in the order of training; NULL after the last. */
extern const char *const declaration_types[];

/* The type as the list has it, or NULL. */
const char *declaration_type_known(const char *type);

/* What a provider declares; texts are NULL where missing. */
struct declaration_request {
    const char *participant_id;
    const char *declaration_type;
    const char *course_identifier;
    const char *evidence_held;
    bool is_date_blank;
    bool is_date_well_formed;
    int64_t declaration_date; /* INSTANT_NONE if the text cannot be read as a time */
};

/* Reads the text of a declaration_date: rules.md 2.4. NULL: missing; is_text: it was a JSON string.
 */
void declaration_read_date(struct declaration_request *request, const char *text, bool is_text);

/* ect, mentor, or NULL for a course that is neither. */
const char *course_kind(const char *course_identifier);

/* What is known of mentor completion: rules.md 2.13. */
struct mentor_facts {
    int32_t completion_date; /* DAY_NONE: not completed */
    const char *completion_reason;
    bool is_early_roll_out;
    int64_t latest_completed; /* date of the latest live completed declaration, INSTANT_NONE without
                                 one */
};

struct mentor_completion {
    int32_t date; /* DAY_NONE and NULL: not completed */
    const char *reason;
};

struct declaration_facts {
    struct uuid participant_id; /* UUID_NONE: nobody is meant */
    struct uuid
        training_record_id; /* UUID_NONE: the person has no active record of the course's kind */
    const char *kind;
    int16_t cohort; /* of the record's schedule */
    bool is_fundable;
    bool pupil_premium_uplift;
    bool sparsity_uplift;
    bool has_milestone;
    int32_t milestone_start; /* DAY_NONE: open */
    int32_t milestone_end;   /* DAY_NONE: open */
    bool has_mentor_funding;
    struct uuid statement_id; /* the one it would join; UUID_NONE: none is open */
    bool is_slot_taken;
    const char *identical_state; /* of this very declaration, made before; NULL: none */
    const char *last_state;      /* what this provider last said of the training; NULL: nothing */
    int64_t last_state_at;
    bool has_dated_record; /* the provider's record that had started by the declaration's date */
    const char *dated_training_status;
    struct uuid delivery_partner_id;
    struct uuid mentor_id;
    bool is_trained_on_schedule;
    struct uuid duplicate_of; /* live declaration of another person with this TRN */
    const char
        *evidence_rule; /* ignored, optional, required, not-reached; NULL without a milestone */
    const char *evidence_values; /* separated by blanks */
    struct mentor_facts mentor;
};

struct declaration_decision {
    const char *state;
    const char *state_reason;
    const char *evidence_held;
    struct uuid superseded_by;
    struct uuid statement_id; /* UUID_NONE: no line item */
    bool completes_mentor;
    struct mentor_completion completion;
};

/* A course that starts with npq- is refused before anything is looked up. */
bool declaration_is_npq(const struct declaration_request *request);

void declaration_check(const struct declaration_request *request,
                       const struct declaration_facts *facts, int64_t now,
                       struct problems *problems);

/* For a declaration that passed the check. */
struct declaration_decision declaration_decide(const struct declaration_request *request,
                                               const struct declaration_facts *facts, int64_t now);

struct void_facts {
    const char *state;
    int16_t cohort;
    struct uuid statement_id; /* that a clawback would join */
    struct uuid training_record_id;
    const char *declaration_type;
    const char *kind;
    bool has_refund;
    struct mentor_facts mentor; /* latest_completed without this declaration */
};

struct void_decision {
    const char *state;
    struct uuid statement_id; /* of the clawback; UUID_NONE for a plain void */
    bool completes_mentor;    /* completion is to be written */
    struct mentor_completion completion;
};

void void_check(const struct void_facts *facts, struct problems *problems);
struct void_decision void_decide(const struct void_facts *facts, int64_t now);
