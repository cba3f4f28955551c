/* The page that Prometheus reads. */
#include "metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/metrics.h"
#include "base/str.h"
#include "db/db.h"
#include "resources/requests.h"

static int64_t cpu_time(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

static int64_t resident_memory(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[128] = "";
    const char *second; /* pages: all, resident, ... */

    if (file == NULL)
        return 0;
    if (fgets(line, sizeof(line), file) == NULL)
        line[0] = '\0';
    fclose(file);
    second = strchr(line, ' ');
    return second == NULL ? 0 : str_leading_int(second + 1) * sysconf(_SC_PAGESIZE);
}

static int64_t open_files(void)
{
    enum { NOT_OURS = 3 }; /* . and .. and the folder that is being read */
    DIR *folder = opendir("/proc/self/fd");
    int64_t count = 0;

    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - NOT_OURS;
}

static void set_gauges(const struct service *service)
{
    struct metrics *metrics = service->metrics;
    struct db_pool_use use = db_pool_look(service->pool);
    struct feed_counts recorded = recorder_count(service->recorder);

    metrics_set(metrics, METRIC_REQUESTS_RECORDED, NULL, recorded.written);
    metrics_set(metrics, METRIC_REQUESTS_DROPPED, NULL, recorded.dropped);
    metrics_set(metrics, METRIC_DB_POOL_SIZE, NULL, use.size);
    metrics_set(metrics, METRIC_DB_POOL_IN_USE, NULL, use.in_use);
    metrics_set(metrics, METRIC_PROCESS_CPU, NULL, cpu_time());
    metrics_set(metrics, METRIC_PROCESS_MEMORY, NULL, resident_memory());
    metrics_set(metrics, METRIC_PROCESS_FDS, NULL, open_files());
}

void metrics_show(const struct service *service, struct response *response)
{
    metrics_refresh(service->metrics);
    set_gauges(service);
    response->status = 200;
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    response->cache_control = "no-store";
    metrics_write(service->metrics, &response->body);
}
