#define SD_JOURNAL_SUPPRESS_LOCATION

#include <stdint.h>
#include <sys/uio.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
