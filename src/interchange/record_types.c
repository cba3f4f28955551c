/* The table of record types: contract import.md, "Record types". */
#include "interchange/record.h"

#include <string.h>

#include "base/str.h"
#include "domain/declaration.h"

#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

#define KEY .is_key = true
#define TABLE(table) .parts = {{.target = (table)}}
#define NULLABLE .is_nullable = true

static const char *const training_statuses[] = {"active", "deferred", "withdrawn", NULL};

const struct record_member record_common_members[] = {
    {"created_at", .kind = RECORD_INSTANT},
    {"updated_at", .kind = RECORD_INSTANT},
    {0},
};

static const struct record_member lead_provider[] = {
    {"id", .kind = RECORD_UUID, KEY},  {"name", .kind = RECORD_NAME},
    {"cpd_name", .kind = RECORD_NAME}, {"ecf", .kind = RECORD_BOOL},
    {"npq", .kind = RECORD_BOOL},      {0},
};

static const struct record_member delivery_partner[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"name", .kind = RECORD_NAME},
    {"discarded_at", .kind = RECORD_INSTANT, NULLABLE},
    {0},
};

static const struct record_member cohort[] = {
    {"start_year", .kind = RECORD_COHORT, KEY},
    {"registration_start_date", .kind = RECORD_INSTANT},
    {"academic_year_start_date", .kind = RECORD_INSTANT},
    {"automatic_assignment_period_end_date", .kind = RECORD_DAY, NULLABLE},
    {"payments_frozen_at", .kind = RECORD_INSTANT, NULLABLE},
    {"mentor_funding", .kind = RECORD_BOOL},
    {"detailed_evidence_types", .kind = RECORD_BOOL},
    {0},
};

static const struct record_member provider_relationship[] = {
    {"lead_provider_id", .kind = RECORD_UUID, KEY},
    {"delivery_partner_id", .kind = RECORD_UUID, KEY},
    {"cohort", .kind = RECORD_COHORT, KEY},
    {"discarded_at", .kind = RECORD_INSTANT, NULLABLE},
    {0},
};

static const struct record_member schedule[] = {
    {"cohort", .kind = RECORD_COHORT, KEY},
    {"identifier", .kind = RECORD_NAME, KEY},
    {"name", .kind = RECORD_NAME},
    {0},
};

static const struct record_member milestone_schedule[] = {
    {"cohort", .kind = RECORD_COHORT},
    {"identifier", .kind = RECORD_NAME, .column = "schedule_identifier"},
    {0},
};

static const struct record_member milestone[] = {
    {"schedule", .kind = RECORD_OBJECT, KEY, .members = milestone_schedule},
    {"declaration_type", .kind = RECORD_ENUM, KEY, .allowed = declaration_types},
    {"name", .kind = RECORD_NAME},
    {"start_date", .kind = RECORD_DAY, NULLABLE},
    {"milestone_date", .kind = RECORD_DAY, NULLABLE},
    {"payment_date", .kind = RECORD_DAY, NULLABLE},
    {0},
};

static const struct record_member statement[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"lead_provider_id", .kind = RECORD_UUID},
    {"cohort", .kind = RECORD_COHORT},
    {"name", .kind = RECORD_MONTH},
    {"deadline_date", .kind = RECORD_DAY, NULLABLE},
    {"payment_date", .kind = RECORD_DAY, NULLABLE},
    {"output_fee", .kind = RECORD_BOOL},
    {"state", .kind = RECORD_ENUM, .allowed = VALUES("open", "payable", "paid")},
    {"marked_as_paid_at", .kind = RECORD_INSTANT, NULLABLE},
    {0},
};

static const struct record_member school[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"urn", .kind = RECORD_NAME},
    {"name", .kind = RECORD_NAME},
    {"status_code", .kind = RECORD_INT, NULLABLE},
    {"type_code", .kind = RECORD_INT, NULLABLE},
    {"district_code", .kind = RECORD_TEXT, NULLABLE},
    {"section_41_approved", .kind = RECORD_BOOL},
    {"primary_contact_email", .kind = RECORD_TEXT, NULLABLE},
    {"secondary_contact_email", .kind = RECORD_TEXT, NULLABLE},
    {0},
};

static const struct record_member user[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"full_name", .kind = RECORD_NAME},
    {"email", .kind = RECORD_NAME},
    {"signed_in_at", .kind = RECORD_INSTANT, NULLABLE},
    {0},
};

/* updated_at of a participant or tutor is that of its user: the one that clients poll. */
enum { OWN_PART = 1, USERS_PART = 2, LIST_PART = 4 };

static const struct record_member identity[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"email", .kind = RECORD_NAME},
    {"external_identifier", .kind = RECORD_UUID},
    {"created_at", .kind = RECORD_INSTANT},
    {"updated_at", .kind = RECORD_INSTANT},
    {0},
};

static const struct record_member participant[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"full_name", .kind = RECORD_NAME, .parts = USERS_PART},
    {"email", .kind = RECORD_NAME, .parts = USERS_PART},
    {"created_at", .kind = RECORD_INSTANT, .parts = USERS_PART},
    {"updated_at", .kind = RECORD_INSTANT, .parts = USERS_PART},
    {"trn", .kind = RECORD_TEXT, NULLABLE},
    {"date_of_birth", .kind = RECORD_DAY, NULLABLE},
    {"national_insurance_number", .kind = RECORD_TEXT, NULLABLE},
    {"identities", .kind = RECORD_ROWS, .parts = LIST_PART, .members = identity,
     .flag = "has_identities"},
    {0},
};

static const struct record_member induction_tutor[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"full_name", .kind = RECORD_NAME, .parts = USERS_PART},
    {"email", .kind = RECORD_NAME, .parts = USERS_PART},
    {"signed_in_at", .kind = RECORD_INSTANT, NULLABLE, .parts = USERS_PART},
    {"created_at", .kind = RECORD_INSTANT, .parts = OWN_PART | USERS_PART},
    {"updated_at", .kind = RECORD_INSTANT, .parts = USERS_PART},
    {"school_ids", .kind = RECORD_UUIDS, .parts = LIST_PART},
    {0},
};

static const struct record_member nomination_email[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"school_id", .kind = RECORD_UUID},
    {"notify_id", .kind = RECORD_TEXT, NULLABLE},
    {"notify_status", .kind = RECORD_TEXT, NULLABLE},
    {"sent_at", .kind = RECORD_INSTANT, NULLABLE},
    {"delivered_at", .kind = RECORD_INSTANT, NULLABLE},
    {"opened_at", .kind = RECORD_INSTANT, NULLABLE},
    {0},
};

static const struct record_member early_roll_out_mentor[] = {
    {"trn", .kind = RECORD_NAME, KEY},
    {0},
};

static const struct record_member partnership[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"school_id", .kind = RECORD_UUID},
    {"cohort", .kind = RECORD_COHORT},
    {"lead_provider_id", .kind = RECORD_UUID},
    {"delivery_partner_id", .kind = RECORD_UUID, NULLABLE},
    {"relationship", .kind = RECORD_BOOL},
    {"pending", .kind = RECORD_BOOL},
    {"challenge_reason", .kind = RECORD_ENUM, NULLABLE,
     .allowed =
         VALUES("another_provider", "not_confirmed", "do_not_recognise", "no_ects", "mistake")},
    {"challenged_at", .kind = RECORD_INSTANT, NULLABLE},
    {"challenge_deadline", .kind = RECORD_INSTANT, NULLABLE},
    {"report_id", .kind = RECORD_UUID, NULLABLE},
    {0},
};

static const struct record_member induction_programme[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"school_id", .kind = RECORD_UUID},
    {"cohort", .kind = RECORD_COHORT},
    {"training_programme", .kind = RECORD_ENUM,
     .allowed = VALUES("full_induction_programme", "core_induction_programme", "design_our_own",
                       "school_funded_fip")},
    {"partnership_id", .kind = RECORD_UUID, NULLABLE},
    {"core_induction_programme", .kind = RECORD_TEXT, NULLABLE},
    {0},
};

static const struct record_member school_cohort[] = {
    {"school_id", .kind = RECORD_UUID, KEY},
    {"cohort", .kind = RECORD_COHORT, KEY},
    {"induction_programme_choice", .kind = RECORD_ENUM,
     .allowed = VALUES("full_induction_programme", "core_induction_programme", "design_our_own",
                       "school_funded_fip", "no_early_career_teachers", "not_yet_known")},
    {"default_programme_id", .kind = RECORD_UUID, NULLABLE},
    {"opt_out_of_updates", .kind = RECORD_BOOL},
    {0},
};

static const struct record_member of_schedule[] = {
    {"cohort", .kind = RECORD_COHORT, .column = "schedule_cohort"},
    {"identifier", .kind = RECORD_NAME, .column = "schedule_identifier"},
    {0},
};

static const struct record_member eligibility[] = {
    {"status", .kind = RECORD_ENUM, .column = "eligibility_status",
     .allowed = VALUES("eligible", "matched", "manual_check", "ineligible")},
    {"reason", .kind = RECORD_ENUM, .column = "eligibility_reason", .absent = "\"none\"",
     .allowed = VALUES("active_flags", "previous_participation", "previous_induction", "no_qts",
                       "different_trn", "duplicate_profile", "none", "no_induction",
                       "exempt_from_induction")},
    {0},
};

static const struct record_member validation[] = {
    {"trn", .kind = RECORD_TEXT, NULLABLE, .column = "validation_trn", .absent = "null"},
    {"full_name", .kind = RECORD_TEXT, NULLABLE, .column = "validation_full_name",
     .absent = "null"},
    {"date_of_birth", .kind = RECORD_DAY, NULLABLE, .column = "validation_date_of_birth",
     .absent = "null"},
    {0},
};

static const struct record_member training_record[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"participant_id", .kind = RECORD_UUID},
    {"kind", .kind = RECORD_ENUM, .allowed = VALUES("ect", "mentor")},
    {"identity_id", .kind = RECORD_UUID},
    {"school_id", .kind = RECORD_UUID},
    {"cohort", .kind = RECORD_COHORT},
    {"schedule", .kind = RECORD_OBJECT, .members = of_schedule},
    {"status", .kind = RECORD_ENUM, .allowed = VALUES("active", "withdrawn")},
    {"training_status", .kind = RECORD_ENUM, .allowed = training_statuses},
    {"sparsity_uplift", .kind = RECORD_FLAG},
    {"pupil_premium_uplift", .kind = RECORD_FLAG},
    {"induction_start_date", .kind = RECORD_DAY, NULLABLE},
    {"induction_completion_date", .kind = RECORD_DAY, NULLABLE},
    {"mentor_completion_date", .kind = RECORD_DAY, NULLABLE},
    {"mentor_completion_reason", .kind = RECORD_ENUM, NULLABLE,
     .allowed = VALUES("completed_declaration_received", "completed_during_early_roll_out",
                       "started_not_completed")},
    {"cohort_changed_after_payments_frozen", .kind = RECORD_FLAG},
    {"eligibility", .kind = RECORD_OBJECT, NULLABLE, .members = eligibility},
    {"validation", .kind = RECORD_OBJECT, NULLABLE, .members = validation, .flag = "is_validated"},
    {0},
};

static const struct record_member induction_record[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"training_record_id", .kind = RECORD_UUID},
    {"programme_id", .kind = RECORD_UUID},
    {"schedule", .kind = RECORD_OBJECT, .members = of_schedule},
    {"start_date", .kind = RECORD_INSTANT},
    {"end_date", .kind = RECORD_INSTANT, NULLABLE},
    {"training_status", .kind = RECORD_ENUM, .allowed = training_statuses},
    {"induction_status", .kind = RECORD_ENUM,
     .allowed = VALUES("active", "withdrawn", "changed", "leaving", "completed")},
    {"school_transfer", .kind = RECORD_BOOL},
    {"mentor_training_record_id", .kind = RECORD_UUID, NULLABLE},
    {"preferred_identity_id", .kind = RECORD_UUID, NULLABLE},
    {0},
};

static const struct record_member training_state[] = {
    {"training_record_id", .kind = RECORD_UUID, KEY},
    {"lead_provider_id", .kind = RECORD_UUID, KEY, NULLABLE},
    {"created_at", .kind = RECORD_INSTANT, KEY},
    {"state", .kind = RECORD_ENUM, .allowed = training_statuses},
    {"reason", .kind = RECORD_TEXT, NULLABLE},
    {0},
};

static const struct record_member declaration[] = {
    {"id", .kind = RECORD_UUID, KEY},
    {"training_record_id", .kind = RECORD_UUID},
    {"lead_provider_id", .kind = RECORD_UUID},
    {"declaration_type", .kind = RECORD_ENUM, .allowed = declaration_types},
    {"declaration_date", .kind = RECORD_INSTANT},
    {"course_identifier", .kind = RECORD_ENUM, .allowed = VALUES("ecf-induction", "ecf-mentor")},
    {"cohort", .kind = RECORD_COHORT},
    {"state", .kind = RECORD_ENUM,
     .allowed = VALUES("submitted", "eligible", "payable", "paid", "voided", "ineligible",
                       "awaiting_clawback", "clawed_back")},
    {"state_reason", .kind = RECORD_TEXT, NULLABLE},
    {"evidence_held", .kind = RECORD_TEXT, NULLABLE},
    {"delivery_partner_id", .kind = RECORD_UUID, NULLABLE},
    {"mentor_id", .kind = RECORD_UUID, NULLABLE},
    {"superseded_by_id", .kind = RECORD_UUID, NULLABLE},
    {"pupil_premium_uplift", .kind = RECORD_FLAG},
    {"sparsity_uplift", .kind = RECORD_FLAG},
    {"statement_id", .kind = RECORD_UUID, NULLABLE, .parts = LIST_PART},
    {"clawback_statement_id", .kind = RECORD_UUID, NULLABLE, .parts = LIST_PART},
    {0},
};

static const struct record_member participant_id_change[] = {
    {"participant_id", .kind = RECORD_UUID, KEY},
    {"from_participant_id", .kind = RECORD_UUID, KEY},
    {"to_participant_id", .kind = RECORD_UUID, KEY},
    {0},
};

static const struct record_member api_token[] = {
    {"token", .kind = RECORD_TOKEN, KEY},
    {"kind", .kind = RECORD_ENUM,
     .allowed = VALUES("lead_provider", "engage_and_learn", "data_studio", "npq_registration")},
    {"lead_provider_id", .kind = RECORD_UUID, NULLABLE},
    {"private_api_access", .kind = RECORD_BOOL},
    {0},
};

const struct record_type record_types[] = {
    {.name = "lead_provider", TABLE("lead_providers"), .members = lead_provider},
    {.name = "delivery_partner", TABLE("delivery_partners"), .members = delivery_partner},
    {.name = "cohort", TABLE("cohorts"), .members = cohort},
    {.name = "provider_relationship",
     TABLE("provider_relationships"),
     .members = provider_relationship,
     .is_deletable = true},
    {.name = "schedule", TABLE("schedules"), .members = schedule},
    {.name = "milestone", TABLE("milestones"), .members = milestone},
    {.name = "statement", TABLE("statements"), .members = statement},
    {.name = "school", TABLE("schools"), .members = school},
    {.name = "user", TABLE("users"), .members = user},
    {.name = "participant",
     .parts = {{"participants", "user_id"}, {"users", "id"}, {"identities", "user_id"}},
     .members = participant,
     .is_deletable = true},
    {.name = "induction_tutor",
     .parts = {{"induction_tutors", "user_id"}, {"users", "id"}, {"tutor_school_lists", "user_id"}},
     .members = induction_tutor,
     .is_deletable = true},
    {.name = "nomination_email", TABLE("nomination_emails"), .members = nomination_email},
    {.name = "early_roll_out_mentor",
     TABLE("early_roll_out_mentors"),
     .members = early_roll_out_mentor,
     .has_private_key = true},
    {.name = "partnership", TABLE("partnerships"), .members = partnership, .is_deletable = true},
    {.name = "induction_programme",
     TABLE("induction_programmes"),
     .members = induction_programme,
     .is_deletable = true},
    {.name = "school_cohort",
     TABLE("school_cohorts"),
     .members = school_cohort,
     .is_deletable = true},
    {.name = "training_record",
     TABLE("training_records"),
     .members = training_record,
     .is_deletable = true},
    {.name = "induction_record",
     TABLE("induction_records"),
     .members = induction_record,
     .is_deletable = true},
    {.name = "training_state", TABLE("training_states"), .members = training_state},
    {.name = "declaration",
     .parts = {{"declarations", "id"}, {0}, {"declaration_statements", "declaration_id"}},
     .members = declaration},
    {.name = "participant_id_change",
     TABLE("participant_id_changes"),
     .members = participant_id_change,
     .is_deletable = true},
    {.name = "api_token", TABLE("api_tokens"), .members = api_token, .has_private_key = true},
    {0},
};

/* What a new row takes from another table must be there before it: a training record its
 * participant's identity, a declaration its training record's participant. */
const char *const record_tables[] = {
    "lead_providers",
    "delivery_partners",
    "cohorts",
    "provider_relationships",
    "schedules",
    "milestones",
    "statements",
    "schools",
    "users",
    "participants",
    "identities",
    "participant_id_changes",
    "induction_tutors",
    "induction_tutor_schools",
    "nomination_emails",
    "early_roll_out_mentors",
    "partnerships",
    "induction_programmes",
    "school_cohorts",
    "training_records",
    "induction_records",
    "training_states",
    "declarations",
    "statement_line_items",
    "api_tokens",
    NULL,
};

const struct record_type *record_type_find(const char *name)
{
    for (const struct record_type *type = record_types; type->name != NULL; type++)
        if (str_equal(type->name, name))
            return type;
    return NULL;
}

static const struct record_member *find_in(const struct record_member *members, const char *name)
{
    for (const struct record_member *member = members; member->name != NULL; member++)
        if (str_equal(member->name, name))
            return member;
    return NULL;
}

const struct record_member *record_member_find(const struct record_type *type, const char *name)
{
    const struct record_member *member = find_in(type->members, name);

    return member != NULL ? member : find_in(record_common_members, name);
}

static bool holds_column(const struct record_member *member, const char *column)
{
    if (str_equal(member->column != NULL ? member->column : member->name, column))
        return true;
    for (const struct record_member *inner = member->members; inner != NULL && inner->name != NULL;
         inner++)
        if (holds_column(inner, column))
            return true;
    return false;
}

const char *record_member_of(const struct record_type *type, const char *column)
{
    for (const struct record_member *member = type->members; member->name != NULL; member++)
        if (holds_column(member, column))
            return member->name;
    for (size_t i = 0; i < RECORD_PARTS_MAX; i++)
        if (type->parts[i].key_column != NULL && str_equal(type->parts[i].key_column, column))
            return "id";
    return column;
}
