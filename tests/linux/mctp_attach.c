// SPDX-License-Identifier: Apache-2.0
//
// mctp_attach TTY OWN_EID EID [BAUD]: makes a terminal an MCTP interface of Linux (line discipline N_MCTP), gives it
// our EID and a route to the device's, says the interface's name and stays, because the interface goes with the
// terminal. What mctpd and the mctp tool do on a real host; Debian 12 has neither.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#ifndef N_MCTP
#define N_MCTP 28
#endif

static void die(const char *what) {
    fprintf(stderr, "mctp_attach: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* A request under way; every attribute of it fits. */
struct request {
    struct nlmsghdr head;
    union {
        struct ifaddrmsg address;
        struct rtmsg route;
        struct ifinfomsg link;
    } body;
    uint8_t attributes[64];
};

static void add(struct request *r, unsigned short type, const void *value, unsigned short len) {
    struct rtattr *a = (struct rtattr *)(void *)((uint8_t *)r + NLMSG_ALIGN(r->head.nlmsg_len));
    a->rta_type = type;
    a->rta_len = (unsigned short)RTA_LENGTH(len);
    memcpy(RTA_DATA(a), value, len);
    r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static struct request request(unsigned short type, size_t body) {
    struct request r;
    memset(&r, 0, sizeof r);
    r.head.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
    r.head.nlmsg_type = type;
    r.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
    return r;
}

static void ask(int fd, const struct request *r, const char *what) {
    union {
        struct nlmsghdr head;
        uint8_t bytes[4096];
    } answer;
    if (send(fd, r, r->head.nlmsg_len, 0) < 0 || recv(fd, &answer, sizeof answer, 0) < 0) die(what);
    const struct nlmsgerr *error = NLMSG_DATA(&answer.head);
    if (answer.head.nlmsg_type != NLMSG_ERROR || error->error == 0) return;
    errno = -error->error;
    die(what);
}

static void bring_up(int fd, unsigned index, uint8_t own, uint8_t device) {
    struct request link = request(RTM_NEWLINK, sizeof link.body.link);
    link.body.link.ifi_index = (int)index;
    link.body.link.ifi_flags = link.body.link.ifi_change = IFF_UP;
    ask(fd, &link, "link up");

    struct request address = request(RTM_NEWADDR, sizeof address.body.address);
    address.body.address.ifa_family = AF_MCTP;
    address.body.address.ifa_index = index;
    add(&address, IFA_LOCAL, &own, sizeof own);
    ask(fd, &address, "own EID");

    struct request route = request(RTM_NEWROUTE, sizeof route.body.route);
    route.body.route.rtm_family = AF_MCTP;
    route.body.route.rtm_type = RTN_UNICAST;
    add(&route, RTA_DST, &device, sizeof device);
    add(&route, RTA_OIF, &index, sizeof index);
    ask(fd, &route, "route");
}

static void open_tty(const char *path, speed_t baud) {
    struct termios raw;
    int discipline = N_MCTP;
    const int fd = open(path, O_RDWR | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &raw) != 0) die(path);
    cfmakeraw(&raw);
    raw.c_cflag |= CLOCAL | CREAD;
    if (cfsetspeed(&raw, baud) != 0 || tcsetattr(fd, TCSANOW, &raw) != 0 || ioctl(fd, TIOCSETD, &discipline) != 0)
        die(path);
}

static unsigned number(const char *text, unsigned long least, unsigned long most) {
    char *end;
    const unsigned long n = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && n >= least && n <= most) return (unsigned)n;
    fprintf(stderr, "mctp_attach: %s: not a number from %lu to %lu\n", text, least, most);
    exit(2);
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: mctp_attach TTY OWN_EID EID [BAUD]\n");
        return 2;
    }
    const uint8_t own = (uint8_t)number(argv[2], 8, 254), device = (uint8_t)number(argv[3], 8, 254);
    open_tty(argv[1], argc == 5 ? number(argv[4], 50, 4000000) : 115200);
    const int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    const unsigned index = if_nametoindex("mctpserial0");
    if (fd < 0 || index == 0) die("mctpserial0");
    bring_up(fd, index, own, device);
    puts("mctpserial0");
    fflush(stdout);
    for (;;) pause();
}
