/* The database's own figures among the metrics, read every few seconds beside the requests. */
#pragma once

#include "api/request.h"

struct figures;

/* Reads once before it returns, then until it is stopped. Uses service->background_pool, and adds
 * a source to service->metrics: both outlive it, and nobody reads the metrics after figures_stop().
 */
struct figures *figures_start(const struct service *service);
void figures_stop(struct figures *figures); /* accepts NULL */
