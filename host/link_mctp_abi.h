// SPDX-License-Identifier: Apache-2.0
//
// <linux/mctp.h> as of Linux 6.12: what older headers lack is added. It must stand behind <net/if.h>.
#pragma once
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/mctp.h>

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

#ifndef SIOCPROTOPRIVATE
#include <linux/sockios.h>
#endif

#ifndef SIOCMCTPALLOCTAG2
#define SIOCMCTPALLOCTAG2 (SIOCPROTOPRIVATE + 2)
#define SIOCMCTPDROPTAG2  (SIOCPROTOPRIVATE + 3)
struct mctp_ioc_tag_ctl2 {
    unsigned int net;
    mctp_eid_t peer_addr;
    mctp_eid_t local_addr; /* MCTP_ADDR_NULL or MCTP_ADDR_ANY */
    __u16 flags;           /* 0 */
    __u8 tag;              /* 0 for ALLOCTAG2 */
};
#endif
