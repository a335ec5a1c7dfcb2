#define _GNU_SOURCE
#include "weir_linux.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

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

int weir_route_socket(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (descriptor < 0) {
        return -1;
    }
    struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
    };
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

uint32_t weir_interface_with_address(int is_ipv6, uint64_t high, uint64_t low) {
    uint32_t wanted[4] = {htonl((uint32_t)(high >> 32)), htonl((uint32_t)high), htonl((uint32_t)(low >> 32)),
                          htonl((uint32_t)low)};
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0) {
        return 0;
    }
    uint32_t index = 0;
    for (struct ifaddrs *entry = list; entry != NULL && index == 0; entry = entry->ifa_next) {
        if (entry->ifa_addr == NULL) {
            continue;
        }
        int family = entry->ifa_addr->sa_family;
        if ((!is_ipv6 && family == AF_INET
             && memcmp(&((struct sockaddr_in *)entry->ifa_addr)->sin_addr, &wanted[3], 4) == 0)
            || (is_ipv6 && family == AF_INET6
                && memcmp(&((struct sockaddr_in6 *)entry->ifa_addr)->sin6_addr, wanted, 16) == 0)) {
            index = if_nametoindex(entry->ifa_name);
        }
    }
    freeifaddrs(list);
    return index;
}
