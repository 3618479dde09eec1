// SPDX-License-Identifier: Apache-2.0
//
// The tests of mctp_smbus_bus.cpp again on a bus of 100 kHz.
#include "mctp_smbus_bus.cpp"
