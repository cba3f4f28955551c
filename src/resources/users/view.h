/* Accounts as they are read and shown. Contract v1-v2.md 5 and 6. */
#pragma once

#include "api/render.h"

struct user_row {
    struct uuid id;
    const char *email;
    const char *full_name;
};

struct ecf_user_row {
    struct uuid id;
    const char *email;
    const char *full_name;
    const char *kind;
    int8_t is_gone; /* the school and the provider have let them go: little is shown */
    const char *materials;
    const char *programme_choice;
    int8_t is_registered;
    int16_t cohort;
};

extern const struct view users_view;
extern const struct view ecf_users_view;
