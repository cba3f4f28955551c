/* What the service is open for: everything, reading, nothing. Pure. Contract platform.md 7.3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum service_openness { SERVICE_OPEN, SERVICE_READ_ONLY, SERVICE_CLOSED };

struct service_mode {
    enum service_openness openness;
    int64_t ends_at; /* INSTANT_NONE: until somebody says otherwise */
};

/* As the database and the log name it: open, read_only, maintenance. */
const char *service_mode_name(const struct service_mode *mode);

/* The mode of that name; false if there is none. */
bool service_mode_parse(const char *name, enum service_openness *out);

/* What is in force: a mode whose end has come is over. */
struct service_mode service_mode_at(const struct service_mode *mode, int64_t now);

/* May this request be answered? Reading only turns away what would change something under /api. */
bool service_mode_admits(const struct service_mode *mode, const char *method, bool is_api);

/* Seconds after which asking again makes sense: until the end, at least 1; 300 if none is known. */
int64_t service_mode_retry_after(const struct service_mode *mode, int64_t now);
