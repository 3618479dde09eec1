// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board's identity for a card that is used at 12 Mbaud only: it asks for as much at once as agent and
// engine allow.
#define DEMO_LINK_BYTES_PER_SECOND 1200000
#include "fw/board/demo/identity.c"
