/* Loaded into the program under test (LD_PRELOAD): kills it at one of its database's commits, or lets
 * the disk be full from one on.
 *
 * A commit is what SQLite makes of a transaction in its write-ahead log: the frames are written,
 * then the log is synced. KILL_AT="before 3" kills before the third commit's first byte is written,
 * "after 3" once its sync has returned. FULL_AT="3" refuses every write to a file under the folder FULL
 * from the third commit's first byte on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int commits;
static int unsynced;

/* The length of the path that the descriptor is open on; below 1 where it is no file. */
static ssize_t path_of(int fd, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return readlink(link, path, size);
}

static int is_log(int fd)
{
    char path[4096];
    ssize_t length = path_of(fd, path, sizeof path);
    return length > 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static int is_full(int fd)
{
    char path[4096];
    const char *folder = getenv("FULL"), *from = getenv("FULL_AT");
    if (!folder || !from || commits < atoi(from))
        return 0;
    ssize_t length = path_of(fd, path, sizeof path);
    size_t prefix = strlen(folder);
    return length > (ssize_t)prefix && memcmp(path, folder, prefix) == 0;
}

static void reach(const char *instant)
{
    char here[64];
    const char *wanted = getenv("KILL_AT");
    snprintf(here, sizeof here, "%s %d", instant, commits);
    if (wanted && strcmp(wanted, here) == 0)
        kill(getpid(), SIGKILL);
}

/* Whether there is room for a write. */
static int writing(int fd)
{
    if (!unsynced && is_log(fd)) {
        unsynced = 1;
        commits++;
        reach("before");
    }
    if (!is_full(fd))
        return 1;
    errno = ENOSPC;
    return 0;
}

static void synced(int fd)
{
    if (unsynced && is_log(fd)) {
        unsynced = 0;
        reach("after");
    }
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count)
{
    return writing(fd) ? NEXT(write)(fd, bytes, count) : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return writing(fd) ? NEXT(pwrite)(fd, bytes, count, at) : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    return writing(fd) ? NEXT(pwrite64)(fd, bytes, count, at) : -1;
}

int fsync(int fd)
{
    int result = NEXT(fsync)(fd);
    synced(fd);
    return result;
}

int fdatasync(int fd)
{
    int result = NEXT(fdatasync)(fd);
    synced(fd);
    return result;
}
