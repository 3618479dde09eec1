// SPDX-License-Identifier: Apache-2.0
//
// mctp_serial_rx built for the longest packets that a frame can hold: the tests of mctp_deframer.cpp again.
#define MAX_PACKET 255
#include "mctp_deframer.cpp"
