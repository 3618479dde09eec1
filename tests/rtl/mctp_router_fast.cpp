// SPDX-License-Identifier: Apache-2.0
//
// mctp_router_fast decides as mctp_router and loses no cycle: the tests of mctp_router.cpp again.
#include <Vmctp_router_fast.h>
#define ROUTER     Vmctp_router_fast
#define ROUTER_GAP 0
#include "mctp_router.cpp"
