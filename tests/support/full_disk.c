/* A disk that can be filled: loaded into PostgreSQL before the C library. While the file named by
 * FULL_DISK exists, nothing can be written beyond the end of a file, as on a disk without a free
 * block; what a file has already may be written again. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

typedef ssize_t pwrite_function(int fd, const void *bytes, size_t count, off64_t offset);

static int is_full(int fd, off64_t end)
{
    const char *flag = getenv("FULL_DISK");
    struct stat64 file;

    return flag != NULL && access(flag, F_OK) == 0 && fstat64(fd, &file) == 0 &&
           S_ISREG(file.st_mode) && end > file.st_size;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    static pwrite_function *real;

    if (is_full(fd, offset + (off64_t)count)) {
        errno = ENOSPC;
        return -1;
    }
    if (real == NULL)
        real = (pwrite_function *)dlsym(RTLD_NEXT, "pwrite64");
    return real(fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}
