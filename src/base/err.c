/* Names of faults. */
#include "base/err.h"

const char *err_name(enum err err)
{
    switch (err) {
    case ERR_OK:
        return "ok";
    case ERR_DB_AWAY:
        return "database away";
    case ERR_DB_BUSY:
        return "database busy";
    case ERR_DB_CONFLICT:
        return "transaction conflict";
    case ERR_DB:
        return "database error";
    case ERR_IO:
        return "input or output failed";
    case ERR_INPUT:
        return "input refused";
    case ERR_LOCKED:
        return "locked by another run";
    }
    return "unknown";
}
