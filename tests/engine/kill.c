/* Loaded into the program under test (LD_PRELOAD): kills it at one of its database's commits.
 *
 * A commit is what SQLite makes of a transaction in its write-ahead log: the frames are written,
 * then the log is synced. KILL_AT="before 3" kills before the third commit's first byte is written,
 * "after 3" once its sync has returned. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int commits;
static int unsynced;

static int is_log(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static void reach(const char *instant)
{
    char here[64];
    const char *wanted = getenv("KILL_AT");
    snprintf(here, sizeof here, "%s %d", instant, commits);
    if (wanted && strcmp(wanted, here) == 0)
        kill(getpid(), SIGKILL);
}

static void writing(int fd)
{
    if (!unsynced && is_log(fd)) {
        unsynced = 1;
        commits++;
        reach("before");
    }
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
    writing(fd);
    return NEXT(write)(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    writing(fd);
    return NEXT(pwrite)(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    writing(fd);
    return NEXT(pwrite64)(fd, bytes, count, at);
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
