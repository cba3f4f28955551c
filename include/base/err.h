/* Faults: the world failing. A refusal is data (base/problem.h), a bug is an assert. */
#pragma once

enum err {
    ERR_OK = 0,
    ERR_DB_AWAY, /* no connection, or it broke: 503 */
    ERR_DB_BUSY, /* no pooled connection within the deadline, or a statement took too long: 503 */
    ERR_DB_CONFLICT, /* serialisation failure or deadlock: the transaction may be run again */
    ERR_DB,          /* anything else that PostgreSQL refused: ours to look into, 500 */
    ERR_IO,          /* a file, a socket */
    ERR_INPUT,       /* a command's input was refused; it has been said on standard error */
    ERR_LOCKED,      /* another run holds the lock */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Passes a fault up. */
#define TRY(expression)                                                                            \
    do {                                                                                           \
        enum err try_err_ = (expression);                                                          \
        if (try_err_ != ERR_OK)                                                                    \
            return try_err_;                                                                       \
    } while (0)

/* Calls finish(&variable) when the variable leaves its scope. */
#define AUTO(finish) __attribute__((cleanup(finish)))

/* A name for logs; never NULL. */
const char *err_name(enum err err);
