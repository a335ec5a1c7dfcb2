#define _GNU_SOURCE
#include "weir_linux.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/timex.h>

int weir_peer_credentials(int descriptor, weir_credentials *credentials) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) {
        return -1;
    }
    credentials->process = peer.pid;
    credentials->user = peer.uid;
    credentials->group = peer.gid;
    return 0;
}

int weir_clock_is_synchronized(void) {
    struct timex state = {0};
    int result = adjtimex(&state);
    return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

uint32_t weir_socket_drops(int descriptor) {
    uint32_t values[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof values;
    if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, values, &length) != 0) {
        return 0;
    }
    return values[SK_MEMINFO_DROPS];
}
