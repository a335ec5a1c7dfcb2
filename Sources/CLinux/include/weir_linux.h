// What Swift cannot import from the kernel's and the C library's headers.
//
// No system header but stdint.h is included here: under _GNU_SOURCE they differ from what Swift's Glibc module saw.
#ifndef WEIR_LINUX_H
#define WEIR_LINUX_H

#include <stdint.h>

typedef struct weir_credentials {
    int32_t process;
    uint32_t user;
    uint32_t group;
} weir_credentials;

// The credentials of the process at the other end of a connected Unix socket, as they were when it
// connected. 0, or -1 with errno. (Glibc shows struct ucred under _GNU_SOURCE only.)
int weir_peer_credentials(int descriptor, weir_credentials *_Nonnull credentials);

// Whether the kernel holds the time of day for synchronised: 1 or 0. (Swift imports no struct timex of Glibc.)
int weir_clock_is_synchronized(void);

// Datagrams that the kernel threw away because the socket's receive buffer was full, since it was opened; 0 where
// it does not tell.
uint32_t weir_socket_drops(int descriptor);

// A socket that the kernel tells of changes of links, addresses and routes (rtnetlink), not blocking. -1 with errno.
int weir_route_socket(void);

// The index of the interface that has an address, an IPv6 one of two halves, or an IPv4 one in the low 32 bits; 0
// where none has.
uint32_t weir_interface_with_address(int is_ipv6, uint64_t high, uint64_t low);

#endif
