#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  static int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  const char *switched = getenv("NO_THREADS");
  int is_ours = strncmp(program_invocation_short_name, "w", 1) == 0;
  if (is_ours && switched && access(switched, F_OK) == 0) return EAGAIN;
  if (!create) create = dlsym(RTLD_NEXT, "pthread_create");
  return create(thread, attributes, start, argument);
}
