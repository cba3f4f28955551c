/* A thread that does one thing again and again, until it is stopped. */
#pragma once

struct ticker;

/* Calls work(context) every so many milliseconds, the first time after one period; a call that
 * takes longer delays the next one. Never NULL: a process that cannot make a thread ends. */
struct ticker *ticker_start(int period_ms, void (*work)(void *context), void *context);

/* Has the next call made at once, or right after the one under way. */
void ticker_wake(struct ticker *ticker);

/* Waits for a call under way, then ends the thread. No call follows. NULL is accepted. */
void ticker_stop(struct ticker *ticker);
