/*
 * Stands between a process and the C library: puts its wall clock forward or back, and makes fsync slow. Told what to do through a small file that is
 * mapped into the process, so that it can change while the process runs; counts there what it did. The monotonic clock is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
    volatile int64_t wall_offset_nanoseconds;
    volatile int64_t fsync_delay_microseconds;
    int64_t clock_reads; /* while the offset is not zero */
    int64_t slow_fsyncs;
};

static struct control idle;
static struct control *control = &idle;
static int (*next_clock_gettime)(clockid_t, struct timespec *);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);

__attribute__((constructor)) static void attach(void)
{
    next_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    next_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    next_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    const char *path = getenv("AKKASCALE_CHAOS_CONTROL");
    int handle = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (handle < 0)
        return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    if (mapped != MAP_FAILED)
        control = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (!next_clock_gettime)
        attach();
    int result = next_clock_gettime(clock, time);
    int64_t offset = control->wall_offset_nanoseconds;
    if (result == 0 && offset != 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanoseconds = time->tv_nsec + offset % 1000000000;
        int64_t carry = nanoseconds < 0 ? -1 : nanoseconds >= 1000000000 ? 1 : 0;
        time->tv_sec += offset / 1000000000 + carry;
        time->tv_nsec = nanoseconds - carry * 1000000000;
        __atomic_fetch_add(&control->clock_reads, 1, __ATOMIC_RELAXED);
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *stored)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (stored)
        *stored = now.tv_sec;
    return now.tv_sec;
}

static void delay(void)
{
    int64_t microseconds = control->fsync_delay_microseconds;
    if (microseconds <= 0)
        return;
    struct timespec left = { microseconds / 1000000, microseconds % 1000000 * 1000 };
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
    __atomic_fetch_add(&control->slow_fsyncs, 1, __ATOMIC_RELAXED);
}

int fsync(int handle)
{
    if (!next_fsync)
        attach();
    delay();
    return next_fsync(handle);
}

int fdatasync(int handle)
{
    if (!next_fdatasync)
        attach();
    delay();
    return next_fdatasync(handle);
}
