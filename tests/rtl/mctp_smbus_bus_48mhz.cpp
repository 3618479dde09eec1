// SPDX-License-Identifier: Apache-2.0
//
// The tests of mctp_smbus_bus.cpp again with a clock of 48 MHz, at which a spike hits three samples.
#include "mctp_smbus_bus.cpp"
