/* Faults of the machine under one process, switched by another: see shim.py.
 *
 * The page that FAULTS_SHIM names is shared with whoever switches; files are only touched below FAULTS_FOLDER. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct switches { volatile int64_t write_error, no_threads, clock_offset; };
static struct switches off, *on = &off;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
    const char *page = getenv("FAULTS_SHIM");
    folder = getenv("FAULTS_FOLDER");
    int file = page ? open(page, O_RDONLY) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof *on, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (found != MAP_FAILED) on = found;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int below(const char *path) { return folder && !strncmp(path, folder, strlen(folder)); }

static int refused(int file) {
    char link[64], path[4096];
    if (!on->write_error) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!below(path)) return 0;
    errno = (int)on->write_error;
    return 1;
}

#define WRITING(name, arguments, ...) \
    ssize_t name arguments { REAL(ssize_t, #name, int, __VA_ARGS__); if (refused(file)) return -1;

WRITING(write, (int file, const void *data, size_t size), const void *, size_t) return real(file, data, size); }
WRITING(pwrite, (int file, const void *data, size_t size, off_t at), const void *, size_t, off_t)
    return real(file, data, size, at); }
WRITING(pwrite64, (int file, const void *data, size_t size, off64_t at), const void *, size_t, off64_t)
    return real(file, data, size, at); }

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    REAL(int, "pthread_create", pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    return on->no_threads ? EAGAIN : real(thread, attributes, run, argument);
}

int clock_gettime(clockid_t which, struct timespec *found) {
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int result = real(which, found);
    if (!result && which == CLOCK_REALTIME) found->tv_sec += on->clock_offset;
    return result;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    REAL(int, "gettimeofday", struct timeval *, void *);
    int result = real(found, zone);
    if (!result) found->tv_sec += on->clock_offset;
    return result;
}

time_t time(time_t *found) {
    REAL(time_t, "time", time_t *);
    time_t result = real(NULL) + on->clock_offset;
    if (found) *found = result;
    return result;
}
