// SPDX-License-Identifier: Apache-2.0
//
// mctp_packet_fifo built for the longest packets that a frame can hold, with tags: the tests of mctp_fifo.cpp again.
#define SLOT_BYTES 255
#define SLOTS      2
#define TAG_MASK   3
#include "mctp_fifo.cpp"
