// SPDX-License-Identifier: Apache-2.0
//
// The tests of mctp_smbus.cpp again with packets of up to 254 bytes, the longest that a block write holds, at 24 MHz.
#include "mctp_smbus.cpp"
